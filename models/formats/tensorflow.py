"""TensorFlow's formats: SavedModel folders, frozen graphs, Keras files, TensorFlow Lite. None is opened here."""

from __future__ import annotations

from pathlib import Path

from models.formats.format import Format, Members

__all__ = ["FORMATS"]

_CONVERT = "which has to be converted; for now, turn it into ONNX with tf2onnx and choose that file"


def _saved_model(path: Path, head: bytes, members: Members) -> bool:
    """A folder with ``saved_model.pb``, or that file: schema version 1 and a first graph (08 01 12)."""
    return (path / "saved_model.pb").is_file() or (path.suffix.lower() == ".pb" and head.startswith(b"\x08\x01\x12"))


def _graph(path: Path, head: bytes, members: Members) -> bool:
    """A GraphDef: a node (0A, its length) that begins with its name (0A)."""
    if head[:1] != b"\x0a" or path.suffix.lower() != ".pb":
        return False
    after = next((at for at in range(1, 6) if at < len(head) and head[at] < 0x80), None)
    return after is not None and head[after + 1 : after + 2] == b"\x0a"


def _hdf5(path: Path, head: bytes, members: Members) -> bool:
    return head.startswith(b"\x89HDF\r\n\x1a\n")


def _keras(path: Path, head: bytes, members: Members) -> bool:
    return {"config.json", "model.weights.h5"} <= members


def _lite(path: Path, head: bytes, members: Members) -> bool:
    return head[4:8] == b"TFL3"


FORMATS = (
    Format("saved_model", "a TensorFlow SavedModel", (), _saved_model, _CONVERT),
    Format("frozen_graph", "a TensorFlow graph", (".pb",), _graph, _CONVERT),
    Format("hdf5", "a Keras model (HDF5)", (".h5", ".hdf5"), _hdf5, _CONVERT),
    Format("keras", "a Keras model", (".keras",), _keras, _CONVERT),
    Format("tflite", "a TensorFlow Lite model", (".tflite",), _lite, _CONVERT),
)
