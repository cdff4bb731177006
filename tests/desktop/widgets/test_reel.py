from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.widgets.reel import Mark, Reel
from tests.desktop.widgets.stage import QUIET, settle, stage

pytestmark = QUIET
STEP = 64


class Numbers:
    """Place 3 is called 103."""

    def key(self, place: int) -> int:
        return 100 + place

    def name(self, place: int) -> str:
        return f"{place}.png"

    def mark(self, place: int) -> Mark:
        return "done" if place % 2 else "dirty"


def reel(qtbot: QtBot, count: int, current: int) -> tuple[Reel, list[object]]:
    made = Reel("Pictures", Numbers())
    told: list[object] = []
    made.chosen.connect(told.append)
    made.wanted.connect(told.append)
    stage(qtbot, made, 400, 70)
    told.clear()
    made.set_count(count, current)
    settle()
    return made, told


def test_pictures_on_screen_are_asked_for_once_the_nearest_first(qtbot: QtBot) -> None:
    made, told = reel(qtbot, 100_000, 50_000)
    (asked,) = told
    assert isinstance(asked, list)
    assert asked[0] == 50_100
    assert set(asked) == set(range(min(asked), max(asked) + 1))
    assert 6 <= len(asked) <= 9
    told.clear()
    for key in asked:
        made.set_picture(key, QImage(8, 8, QImage.Format.Format_RGB32))
    settle()
    assert told == []
    assert made.accessibleDescription() == "50000.png, 50,001 of 100,000"


def test_the_current_picture_is_in_the_middle_but_at_the_ends(qtbot: QtBot) -> None:
    made, told = reel(qtbot, 20, 10)
    for current, x, place in ((10, 200, 10), (0, 30, 0), (19, 380, 19), (19, 380 - STEP, 18)):
        made.set_current(current)
        told.clear()
        QTest.mouseClick(made.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, 30))
        assert [one for one in told if isinstance(one, int)] == [place]


def test_the_wheel_moves_along_no_further_than_the_ends(qtbot: QtBot) -> None:
    made, told = reel(qtbot, 20, 10)
    for delta, place in ((120, 8), (100_000, 0), (-200_000, 19)):
        made_event = QWheelEvent(
            QPointF(200, 30),
            QPointF(200, 30),
            QPoint(),
            QPoint(0, delta),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(made.viewport(), made_event)
        told.clear()
        x = {8: 200, 0: 30, 19: 380}[place]
        QTest.mouseClick(made.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, 30))
        assert [one for one in told if isinstance(one, int)] == [place]
