"""TensorFlow Lite, for phones. Not opened: what it was made from converts better."""

from __future__ import annotations

from pathlib import Path

from models.formats.format import Format, Members

__all__ = ["FORMATS"]


def _matches(path: Path, head: bytes, members: Members) -> bool:
    return head[4:8] == b"TFL3"


FORMATS = (
    Format(
        "tflite",
        "a TensorFlow Lite model",
        (".tflite",),
        _matches,
        "which is for phones; choose the Keras model or SavedModel it came from, or turn it into ONNX with tf2onnx",
    ),
)
