"""Using models: decode pictures, run networks, read what they say. Imports neither ``training`` nor ``desktop``.

The document's classes can be had from here (``from models import ModelManager``); each is loaded when it is asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__all__ = ["ModelExporter", "ModelImporter", "ModelManager"]

_PLACES = {"ModelExporter": "models.package", "ModelImporter": "models.package", "ModelManager": "models.manager"}


def __getattr__(name: str) -> Any:
    place = _PLACES.get(name)
    if place is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(place), name)
