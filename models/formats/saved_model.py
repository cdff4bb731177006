"""TensorFlow's SavedModel: a folder with ``saved_model.pb`` and its variables."""

from __future__ import annotations

from pathlib import Path

from models.formats.format import Format, Members

__all__ = ["FORMATS"]


def _matches(path: Path, head: bytes, members: Members) -> bool:
    """A folder with ``saved_model.pb``, or that file: schema version 1 and a first graph (08 01 12)."""
    return (path / "saved_model.pb").is_file() or (path.suffix.lower() == ".pb" and head.startswith(b"\x08\x01\x12"))


FORMATS = (Format("saved_model", "a TensorFlow SavedModel", (), _matches, converter="tensorflow"),)
