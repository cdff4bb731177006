"""``.ps2model``: a zip that holds ``metadata.json`` and ``model.onnx``. Only recognised here."""

from __future__ import annotations

from pathlib import Path

from models.formats.format import Format, Members

__all__ = ["FORMATS"]


def _matches(path: Path, head: bytes, members: Members) -> bool:
    return {"metadata.json", "model.onnx"} <= {name.rpartition("/")[2] for name in members}


FORMATS = (Format("ps2model", "a model package", (".ps2model",), _matches),)
