"""Which version of this program runs."""

from __future__ import annotations

import importlib.metadata
import tomllib
from pathlib import Path

__all__ = ["installed", "own_version"]


def installed(name: str) -> str | None:
    """The version of an installed distribution, None when it is not installed."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def own_version() -> str:
    """This program's version; run from a checkout, that of its pyproject.toml."""
    return installed("sortwerk") or _from_checkout() or "unknown"


def _from_checkout() -> str | None:
    path = Path(__file__).resolve().parents[1] / "pyproject.toml"
    try:
        return str(tomllib.loads(path.read_text(encoding="utf-8"))["project"]["version"])
    except (OSError, ValueError, KeyError):
        return None
