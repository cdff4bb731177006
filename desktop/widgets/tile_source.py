"""What a tile grid asks for what it shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from desktop.widgets.grid_layout import Section
from desktop.widgets.tile_look import Tile

__all__ = ["TileSource"]


class TileSource(Protocol):
    """What the grid shows."""

    def sections(self) -> Sequence[Section]:
        """Headers and counts, top to bottom; cheap, asked at every refresh."""

    def key(self, section: str, index: int) -> int:
        """The tile at a place; ``section`` is a section's key."""

    def place(self, key: int) -> tuple[str, int] | None:
        """Where a tile is now: section key and index, or None when it isn't shown."""

    def tile(self, key: int) -> Tile:
        """How a tile looks."""
