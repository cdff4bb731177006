"""What runs are called: by the folder, and by a person."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

__all__ = ["new_id", "slug"]


def slug(text: str) -> str:
    """``text`` in small Latin letters, digits and hyphens, 40 at most; "run" where nothing is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].rstrip("-") or "run"


def new_id(runs: Path, name: str, moment: datetime | None = None) -> str:
    """A name for a folder that is not in ``runs``: 20261125-043000-bricks, with -2, -3 and so on where it is taken."""
    moment = (moment or datetime.now(UTC)).astimezone(UTC)
    first = f"{moment:%Y%m%d-%H%M%S}-{slug(name)}"
    number, found = 1, first
    while (runs / found).exists() or (runs / ".trash" / found).exists():
        number += 1
        found = f"{first}-{number}"
    return found
