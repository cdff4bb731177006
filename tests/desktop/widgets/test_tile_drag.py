from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDrag, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.theme import LIGHT
from desktop.widgets.tile_drag import TILES_MIME, pile
from desktop.widgets.tile_grid import TileGrid
from tests.desktop.widgets.drags import Carried
from tests.desktop.widgets.numbers import Numbers, shown, tile
from tests.desktop.widgets.stage import themed

LEFT = Qt.MouseButton.LeftButton


class Hand:
    """Stands for the window system, which would carry the drag until it is dropped."""

    def __init__(self, qtbot: QtBot, *counts: int) -> None:
        self.carried: list[list[int]] = []
        self.grid, self.source = shown(qtbot, *counts, run=self._carry)
        self.log: list[str] = []
        self.grid.drag_started.connect(lambda: self.log.append("started"))
        self.grid.drag_ended.connect(lambda: self.log.append("ended"))
        self.grid.dropped_on.connect(self.log.append)

    def _carry(self, drag: QDrag) -> None:
        keys = bytes(drag.mimeData().data(TILES_MIME).data()).decode()
        self.carried.append([int(key) for key in keys.split(",")])
        assert not drag.pixmap().isNull()
        self.log.append("carried")
        drag.deleteLater()

    def drag(self, key: int, by: int) -> None:
        view, start = self.grid.viewport(), tile(self.grid, key)
        QTest.mousePress(view, LEFT, pos=start)
        QTest.mouseMove(view, start + QPoint(by, 0))
        QTest.mouseRelease(view, LEFT, pos=start + QPoint(by, 0))


@pytest.fixture
def hand(qtbot: QtBot) -> Hand:
    return Hand(qtbot, 8, 6, 200)


def far() -> int:
    return QApplication.startDragDistance() + 2


def test_a_tile_is_taken_with_all_that_are_selected(hand: Hand) -> None:
    hand.grid.select((2, 9, 4))
    hand.drag(4, far())
    assert hand.carried == [[4, 2, 9]]
    assert hand.log == ["started", "carried", "ended"]
    assert hand.grid.selected == {2, 4, 9}


def test_a_tile_that_is_not_selected_is_taken_alone(hand: Hand) -> None:
    hand.grid.select((2, 9, 4))
    hand.drag(5, far())
    assert hand.carried == [[5]]
    assert hand.grid.selected == {5}


def test_a_small_move_is_a_click(hand: Hand) -> None:
    hand.grid.select((2, 9, 4))
    view, start = hand.grid.viewport(), tile(hand.grid, 4)
    QTest.mousePress(view, LEFT, pos=start)
    assert hand.grid.selected == {2, 9, 4}
    QTest.mouseMove(view, start + QPoint(2, 0))
    QTest.mouseRelease(view, LEFT, pos=start + QPoint(2, 0))
    assert hand.carried == []
    assert hand.grid.selected == {4}


def test_shift_let_go_before_the_button_keeps_the_selection(hand: Hand) -> None:
    hand.grid.select((2,))
    view, at = hand.grid.viewport(), tile(hand.grid, 5)
    QTest.mousePress(view, LEFT, Qt.KeyboardModifier.ShiftModifier, at)
    QTest.mouseRelease(view, LEFT, pos=at)
    assert hand.grid.selected == {2, 3, 4, 5}


def test_a_tile_taken_from_the_selection_is_not_dragged(hand: Hand) -> None:
    hand.grid.select((2, 4))
    view, start = hand.grid.viewport(), tile(hand.grid, 4)
    QTest.mousePress(view, LEFT, Qt.KeyboardModifier.ControlModifier, start)
    QTest.mouseMove(view, start + QPoint(far(), 0))
    QTest.mouseRelease(view, LEFT, Qt.KeyboardModifier.ControlModifier, start)
    assert hand.carried == []
    assert hand.grid.selected == {2}


def test_dropped_on_another_section(hand: Hand) -> None:
    hand.grid.select((2, 4))
    carried = Carried(hand.grid.viewport())
    assert carried.enter(tile(hand.grid, 0))
    assert carried.move(tile(hand.grid, 9))
    assert carried.drop(tile(hand.grid, 9))
    assert hand.log == ["1"]


def test_its_own_section_and_one_that_takes_nothing_are_refused(hand: Hand) -> None:
    hand.grid.select((2, 4))
    carried = Carried(hand.grid.viewport())
    carried.enter(tile(hand.grid, 9))
    assert not carried.move(tile(hand.grid, 0))
    hand.source.fixed = {1}
    hand.grid.refresh()
    assert not carried.move(tile(hand.grid, 9))
    assert not carried.drop(tile(hand.grid, 9))
    assert hand.log == []


def test_tiles_of_several_sections_may_go_to_one_of_them(hand: Hand) -> None:
    hand.grid.select((2, 9))
    carried = Carried(hand.grid.viewport())
    carried.enter(tile(hand.grid, 9))
    assert carried.drop(tile(hand.grid, 9))
    assert hand.log == ["1"]


def test_files_from_elsewhere_are_left_to_the_window(hand: Hand) -> None:
    assert not Carried(hand.grid.viewport(), "text/uri-list").enter(tile(hand.grid, 9))


def accents(grid: TileGrid, near: QPoint) -> int:
    image = grid.grab().toImage()
    return sum(
        image.pixelColor(x, near.y()).name().upper() == LIGHT.accent for x in range(3)
    )  # the left line of the outline


def test_the_section_beneath_is_outlined_and_no_longer_when_left(hand: Hand, qapp: QApplication) -> None:
    with themed(qapp):
        hand.grid.select((2,))
        over = tile(hand.grid, 9)
        carried = Carried(hand.grid.viewport())
        carried.enter(over)
        assert accents(hand.grid, over) > 0
        carried.leave()
        assert accents(hand.grid, over) == 0


def test_it_scrolls_near_its_edges(hand: Hand, qtbot: QtBot) -> None:
    hand.grid.select((2,))
    bar, carried = hand.grid.verticalScrollBar(), Carried(hand.grid.viewport())
    carried.enter(QPoint(50, hand.grid.viewport().height() - 1))
    qtbot.waitUntil(lambda: bar.value() > 200)
    carried.move(QPoint(50, 1))
    qtbot.waitUntil(lambda: bar.value() == 0)
    carried.leave()


def test_a_pile_says_how_many(qtbot: QtBot, qapp: QApplication) -> None:
    with themed(qapp):
        grid = TileGrid(Numbers(3))
        qtbot.addWidget(grid)
        grid.set_picture(0, QImage(40, 40, QImage.Format.Format_RGB32))
        pictures = [grid._paint.thumbnail(key, 72) for key in range(3)]
        assert [picture is None for picture in pictures] == [False, True, True]
        one, many = pile(pictures[:1], 1, grid).toImage(), pile(pictures, 1_204, grid).toImage()
    assert many.width() > one.width()

    def has_badge(image: QImage) -> bool:
        return any(
            image.pixelColor(x, y).name().upper() == LIGHT.accent
            for x in range(image.width())
            for y in range(image.height())
        )

    assert has_badge(many)
    assert not has_badge(one)
