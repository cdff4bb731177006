"""Bringing the folder of the engines into order: nothing half-made stays, and nothing that another one replaces."""

from __future__ import annotations

import contextlib
from pathlib import Path

from models.errors import EngineError
from training.engine.environment import RECORD, Engine
from training.engine.finding import environments, own_record
from training.engine.places import remove_folder
from training.engine.variants import Variant

__all__ = ["ASIDE", "settle", "supersede", "sweep_cache"]

ASIDE = ".before-"
"""What the name of an environment begins with while its repair is going on."""


def supersede(variant: Variant, engine: Engine, engines: Path) -> None:
    """Drop what the new ``engine`` replaces: gigabytes that nothing would use again."""
    own_record(variant, engines).unlink(missing_ok=True)
    for folder in environments(variant, engines):
        if folder != engine.folder:
            remove_folder(folder)


def settle(engines: Path) -> None:
    """Bring back what a killed or failed repair has put aside, or drop it where the new one is whole."""
    for aside in engines.glob(ASIDE + "*"):
        folder = aside.with_name(aside.name.removeprefix(ASIDE))
        if (folder / RECORD).exists():
            remove_folder(aside)
        else:
            remove_folder(folder)
            aside.rename(folder)
    sweep_cache(engines)


def sweep_cache(engines: Path) -> None:
    """Drop what uv was unpacking when it was stopped."""
    for path in (engines / "cache").glob(".tmp*"):
        with contextlib.suppress(EngineError, OSError):
            remove_folder(path) if path.is_dir() else path.unlink(missing_ok=True)
