from __future__ import annotations

from collections.abc import Sequence

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.widgets.grid_layout import Section
from desktop.widgets.tile_grid import TileGrid
from desktop.widgets.tile_painter import Tile


class Numbers:
    """Sections of numbered tiles that count how often the grid asks."""

    def __init__(self, *counts: int) -> None:
        self.counts = list(counts)
        self.asked = 0

    def sections(self) -> Sequence[Section]:
        return [Section(str(i), f"Section {i}", count) for i, count in enumerate(self.counts)]

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
        return Tile(0.5, "unsure" if key % 7 == 0 else "")


def shown(qtbot: QtBot, *counts: int) -> tuple[TileGrid, Numbers]:
    source = Numbers(*counts)
    grid = TileGrid(source)
    grid.resize(800, 600)
    qtbot.addWidget(grid)
    grid.show()
    qtbot.waitExposed(grid)
    grid.refresh()
    return grid, source


def picture(colour: Qt.GlobalColor = Qt.GlobalColor.red) -> QImage:
    image = QImage(64, 64, QImage.Format.Format_RGB32)
    image.fill(colour)
    return image


def test_what_a_screen_costs_does_not_depend_on_how_many_tiles_there_are(qtbot: QtBot) -> None:
    asked = []
    for count in (1_000, 100_000):
        grid, source = shown(qtbot, count)
        source.asked = 0
        bar = grid.verticalScrollBar()
        for step in range(20):
            bar.setValue(bar.maximum() * step // 20)
            grid.viewport().repaint()
        asked.append(source.asked)
    assert asked[1] <= asked[0] * 1.1
    assert asked[1] < 20 * 80


def test_pictures_kept_are_bounded(qtbot: QtBot) -> None:
    grid, _ = shown(qtbot, 100_000)
    large = QImage(512, 512, QImage.Format.Format_RGB32)
    large.fill(Qt.GlobalColor.blue)
    for key in range(1_000):  # a gigabyte, if all were kept
        grid.set_picture(key, large)
    kept = grid.picture_bytes
    assert kept <= 96 << 20
    assert kept > 48 << 20


def test_asks_for_what_is_on_screen_and_a_screen_ahead_only(qtbot: QtBot) -> None:
    grid, _ = shown(qtbot, 100_000)
    wanted: list[int] = []
    grid.wanted.connect(wanted.extend)
    grid.refresh()
    qtbot.waitUntil(lambda: bool(wanted))
    assert wanted[0] == 0
    assert len(wanted) < 120
    first = wanted[0]
    grid.set_picture(first, picture())
    wanted.clear()
    grid.refresh()
    qtbot.waitUntil(lambda: bool(wanted))
    assert first not in wanted


def test_the_row_on_top_stays_when_more_come_in_above(qtbot: QtBot) -> None:
    grid, source = shown(qtbot, 30, 500)
    bar = grid.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    grid.viewport().repaint()
    before = key_at(grid, QPoint(60, 40))
    section, index = source.place(before) or ("", -1)
    source.counts[0] += 100
    grid.refresh()
    after = key_at(grid, QPoint(60, 40))
    assert source.place(after) == (section, index)


def key_at(grid: TileGrid, point: QPoint) -> int:
    for y in range(point.y(), point.y() + 200, 8):
        QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(point.x(), y))
        if grid.current >= 0:
            return grid.current
    raise AssertionError("no tile there")


def test_clicks_select(qtbot: QtBot) -> None:
    grid, _ = shown(qtbot, 50)
    first, left = key_at(grid, QPoint(60, 80)), Qt.MouseButton.LeftButton
    assert grid.selected == {first} == {0}
    side = grid.viewport().width() // 6
    QTest.mouseClick(grid.viewport(), left, Qt.KeyboardModifier.ShiftModifier, QPoint(60 + 3 * side, 100))
    assert grid.selected == {0, 1, 2, 3}
    QTest.mouseClick(grid.viewport(), left, Qt.KeyboardModifier.ControlModifier, QPoint(60 + side, 100))
    assert grid.selected == {0, 2, 3}
    QTest.mouseClick(grid.viewport(), left, Qt.KeyboardModifier.NoModifier, QPoint(2, 2))
    assert grid.selected == set()


def test_the_keyboard_scrolls_along(qtbot: QtBot) -> None:
    grid, _ = shown(qtbot, 40, 0, 2_000)
    QTest.keyClick(grid, Qt.Key.Key_Home)
    assert grid.current == 0
    QTest.keyClick(grid, Qt.Key.Key_End)
    assert grid.current == 2_039
    assert grid.verticalScrollBar().value() > grid.verticalScrollBar().maximum() * 0.9
    QTest.keyClick(grid, Qt.Key.Key_PageUp)
    assert grid.current < 2_039
    opened: list[int] = []
    grid.activated.connect(opened.append)
    QTest.keyClick(grid, Qt.Key.Key_Return)
    assert opened == [grid.current]


@pytest.fixture
def colours(qtbot: QtBot) -> set[str]:
    grid, _ = shown(qtbot, 12)
    for key in range(12):
        grid.set_picture(key, picture())
    grid.set_picture(3, None)
    seen: set[str] = set()
    for _ in range(20):
        image = grid.grab().toImage()
        seen = {image.pixelColor(x, y).name() for x in range(0, 800, 9) for y in range(0, 400, 9)}
    return seen


def test_pictures_are_painted(colours: set[str]) -> None:
    assert "#ff0000" in colours
