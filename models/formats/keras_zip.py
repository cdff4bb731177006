"""Keras's form of a model since version 3, ``.keras``: a zip with its layers as JSON and their weights."""

from __future__ import annotations

from pathlib import Path

from models.formats.format import Format, Members

__all__ = ["FORMATS"]


def _matches(path: Path, head: bytes, members: Members) -> bool:
    return {"config.json", "model.weights.h5"} <= members


FORMATS = (Format("keras", "a Keras model", (".keras",), _matches, converter="tensorflow"),)
