from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent, QImage, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from desktop.theme import LIGHT
from desktop.widgets.tile_grid import TileGrid
from desktop.widgets.tile_painter import Chip
from tests.desktop.widgets.numbers import header, shown, tile
from tests.desktop.widgets.stage import QUIET, themed


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
    QTest.mouseClick(grid.viewport(), left, Qt.KeyboardModifier.NoModifier, QPoint(400, 2))
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


def test_enter_accepts_and_space_opens(qtbot: QtBot) -> None:
    grid, _ = shown(qtbot, 12)
    opened: list[int] = []
    accepted: list[int] = []
    grid.activated.connect(opened.append)
    grid.accepted.connect(lambda: accepted.append(grid.current))
    QTest.keyClick(grid, Qt.Key.Key_Return)  # there is no current tile yet
    grid.select((3,))
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
        QTest.keyClick(grid, key)
    QTest.mouseDClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=tile(grid, 5))
    assert (accepted, opened) == ([3, 3], [3, 5])


def test_keys_it_has_no_use_for_are_offered(qtbot: QtBot) -> None:
    grid, _ = shown(qtbot, 12)
    offered: list[str] = []

    def take(event: QKeyEvent) -> bool:
        offered.append(event.text())
        return bool(event.text())

    grid.key_filter = take
    grid.select((0,))
    QTest.keyClicks(grid, "1u/")
    QApplication.sendEvent(grid, QKeyEvent(QEvent.Type.KeyPress, ord("Ж"), Qt.KeyboardModifier.NoModifier, "ж"))
    QTest.keyClick(grid, Qt.Key.Key_Right)
    QTest.keyClick(grid, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert [text for text in offered if text] == ["1", "u", "/", "ж"]  # and the Ctrl key itself
    assert grid.selected == set(range(12))


def test_a_header_selects_its_section(qtbot: QtBot) -> None:
    grid, _ = shown(qtbot, 3, 5, 2)
    left = Qt.MouseButton.LeftButton
    QTest.mouseClick(grid.viewport(), left, pos=header(grid, 1))
    assert grid.selected == set(range(3, 8))
    assert grid.current == 3
    QTest.mouseClick(grid.viewport(), left, Qt.KeyboardModifier.ControlModifier, header(grid, 0))
    assert grid.selected == set(range(8))
    QTest.mouseClick(grid.viewport(), left, pos=header(grid, 1) + QPoint(500, 0))  # beside the title
    assert grid.selected == set()


def test_ctrl_g_selects_the_section_of_the_current_tile(qtbot: QtBot) -> None:
    grid, _ = shown(qtbot, 3, 5, 2)
    grid.select((6,))
    QTest.keyClick(grid, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    assert grid.selected == set(range(3, 8))
    assert grid.current == 6


@QUIET
def test_a_header_says_under_the_pointer_what_it_does(qtbot: QtBot) -> None:
    grid, _ = shown(qtbot, 3, 1124)

    def moved_to(where: QPoint) -> Qt.CursorShape:
        """The screen's own pointer may come between and take it away, so this is asked until it says so."""
        QTest.mouseMove(grid.viewport(), where)
        return grid.viewport().cursor().shape()

    qtbot.waitUntil(lambda: moved_to(tile(grid, 0)) is Qt.CursorShape.ArrowCursor)
    qtbot.waitUntil(lambda: moved_to(header(grid, 1)) is Qt.CursorShape.PointingHandCursor)
    where = header(grid, 1)
    QApplication.sendEvent(grid.viewport(), QHelpEvent(QEvent.Type.ToolTip, where, grid.viewport().mapToGlobal(where)))
    assert QToolTip.text() == "Select all 1,124"
    QToolTip.hideText()
    QApplication.sendEvent(grid.viewport(), QEvent(QEvent.Type.Leave))
    assert grid.viewport().cursor().shape() is Qt.CursorShape.ArrowCursor


def test_the_next_tile_follows_the_last_across_sections(qtbot: QtBot) -> None:
    grid, _ = shown(qtbot, 3, 0, 4)
    assert grid.next_after({0, 1}) == 2
    assert grid.next_after({0, 2}) == 3
    assert grid.next_after({1, 6}) == 5
    assert grid.next_after({5, 6}) == 4
    assert grid.next_after(set(range(7))) == -1
    assert grid.next_after({99}) == -1
    assert grid.next_after(set()) == -1


def test_the_keyboard_goes_on_where_the_current_tile_went_from(qtbot: QtBot) -> None:
    grid, source = shown(qtbot, 400, 3)
    grid.select((402,))
    grid.show_tile(402)
    source.counts[1] = 2
    grid.refresh()
    value = grid.verticalScrollBar().value()
    QTest.keyClick(grid, Qt.Key.Key_Right)
    assert grid.current == 401
    assert abs(grid.verticalScrollBar().value() - value) < grid.viewport().height()


def test_without_a_current_tile_the_keyboard_begins_on_screen(qtbot: QtBot) -> None:
    grid, _ = shown(qtbot, 2_000)
    bar = grid.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    QTest.keyClick(grid, Qt.Key.Key_Down)
    assert 900 < grid.current < 1_100
    grid.select(())
    QTest.keyClick(grid, Qt.Key.Key_Home)
    assert grid.current == 0


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_lines_get_the_room_they_need(qtbot: QtBot, qapp: QApplication, scale: float) -> None:
    with themed(qapp, scale=scale):
        grid, source = shown(qtbot, 12)
        plain = grid._layout.footer
        source.chips = (Chip("brick", 1.0), Chip("grey", 1.0, mark=True))
        grid.set_lines(2)
        cell = grid._layout.cell(0, 0)
        assert grid._layout.footer > plain + 2 * 11 * scale
        image = grid.grab().toImage()
        accent = [
            y
            for y in range(cell.y + cell.width, cell.y + cell.height)
            if image.pixelColor(cell.x + cell.width - 6, y).name().upper() == LIGHT.accent
        ]
        assert len(accent) >= 4  # two full bars, both above the next row of tiles
        grid.set_lines(0)
        assert grid._layout.footer == plain


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
