"""A grid of numbered tiles, and what is needed to point at them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint
from PySide6.QtGui import QDrag
from pytestqt.qtbot import QtBot

from desktop.widgets.grid_layout import Section
from desktop.widgets.tile_drag import run_drag
from desktop.widgets.tile_grid import TileGrid
from desktop.widgets.tile_painter import Chip, Tile


class Numbers:
    """Sections of numbered tiles that count how often the grid asks; "gone" ones are not shown."""

    def __init__(self, *counts: int) -> None:
        self.counts = list(counts)
        self.asked = 0
        self.fixed: set[int] = set()
        self.chips: tuple[Chip, ...] = ()

    def sections(self) -> Sequence[Section]:
        return [
            Section(str(i), f"Section {i}", count, droppable=i not in self.fixed) for i, count in enumerate(self.counts)
        ]

    def key(self, section: str, index: int) -> int:
        assert index < self.counts[int(section)]
        return sum(self.counts[: int(section)]) + index

    def place(self, key: int) -> tuple[str, int] | None:
        for section, count in enumerate(self.counts):
            if key < count:
                return str(section), key
            key -= count
        return None

    def tile(self, key: int) -> Tile:
        self.asked += 1
        return Tile(0.5, "unsure" if key % 7 == 0 else "", self.chips)


def shown(qtbot: QtBot, *counts: int, run: Callable[[QDrag], object] = run_drag) -> tuple[TileGrid, Numbers]:
    source = Numbers(*counts)
    grid = TileGrid(source, run=run)
    grid.resize(800, 600)
    qtbot.addWidget(grid)
    grid.show()
    qtbot.waitExposed(grid)
    grid.refresh()
    return grid, source


def tile(grid: TileGrid, key: int) -> QPoint:
    """The middle of a tile's picture, in the viewport."""
    cell = grid._cell_of(key)
    assert cell is not None
    return QPoint(cell.x + cell.width // 2, cell.y + cell.width // 2 - grid.verticalScrollBar().value())


def header(grid: TileGrid, position: int) -> QPoint:
    """On the title of a section, in the viewport."""
    layout = grid._layout
    return QPoint(30, layout.tops[position] + layout.header // 2 - grid.verticalScrollBar().value())
