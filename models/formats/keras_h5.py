"""Keras's older form of a model, an HDF5 file."""

from __future__ import annotations

from pathlib import Path

from models.formats.format import Format, Members

__all__ = ["FORMATS"]


def _matches(path: Path, head: bytes, members: Members) -> bool:
    return head.startswith(b"\x89HDF\r\n\x1a\n")


FORMATS = (Format("hdf5", "a Keras model (HDF5)", (".h5", ".hdf5"), _matches, converter="tensorflow"),)
