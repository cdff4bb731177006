"""Which version of this program runs."""

from __future__ import annotations

import importlib.metadata

__all__ = ["installed", "own_version"]


def installed(name: str) -> str | None:
    """The version of an installed distribution, None when it is not installed."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def own_version() -> str:
    """This program's version; "from source" when it was never installed."""
    return installed("sortwerk") or "from source"
