from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from desktop.widgets.grid_layout import Section
from desktop.widgets.tile_grid import TileGrid
from desktop.widgets.tile_look import Tile
from tests.desktop.widgets.stage import QUIET, stage

pytestmark = QUIET


class Slow:
    """Tiles whose looks take longer to find out than a paint may scale pictures."""

    def sections(self) -> Sequence[Section]:
        return [Section("all", "All", 4)]

    def key(self, section: str, index: int) -> int:
        return index

    def place(self, key: int) -> tuple[str, int] | None:
        return "all", key

    def tile(self, key: int) -> Tile:
        time.sleep(0.01)
        return Tile()


def test_pictures_are_shown_however_long_the_rest_of_a_paint_takes(qtbot: QtBot) -> None:
    grid = TileGrid(Slow())
    stage(qtbot, grid, 600, 300)
    picture = QImage(64, 64, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.red)
    for key in range(4):
        grid.set_picture(key, picture)

    def red() -> int:
        shot = grid.viewport().grab().toImage()
        return sum(shot.pixelColor(x, shot.height() // 2).name() == "#ff0000" for x in range(0, shot.width(), 20))

    qtbot.waitUntil(lambda: red() >= 15)
