from __future__ import annotations

from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.widgets.chips import Chip, Chips
from tests.desktop.widgets.stage import QUIET, settle, stage, themed

pytestmark = QUIET

MANY = [Chip(f"question {number} · {number * 7}") for number in range(6)]


def tags(chips: Chips) -> list[QLabel]:
    return [one for one in chips.findChildren(QLabel) if one.isVisible()]


def test_they_stand_in_as_many_rows_as_they_need(qtbot: QtBot, qapp: QApplication) -> None:
    with themed(qapp):
        around, chips = QWidget(), Chips()
        column = QVBoxLayout(around)
        column.addWidget(chips)
        column.addStretch(1)
        chips.set_chips(MANY)
        stage(qtbot, around, 900, 300)
        assert len({one.y() for one in tags(chips)}) == 1
        around.resize(260, 300)
        settle()
        rows = sorted({one.y() for one in tags(chips)})
        assert len(rows) > 1
        for one in tags(chips):
            assert one.geometry().right() < chips.width()
            assert one.geometry().bottom() < chips.height(), "the last row is cut off"


def test_others_take_their_place_and_none_take_no_room(qtbot: QtBot, qapp: QApplication) -> None:
    with themed(qapp):
        around, chips = QWidget(), Chips()
        QVBoxLayout(around).addWidget(chips)
        chips.set_chips(MANY)
        stage(qtbot, around, 400, 300)
        chips.set_chips([Chip("learns", "why", quiet=True)])
        settle()
        assert [(one.text(), one.toolTip()) for one in tags(chips)] == [("learns", "why")]
        chips.set_chips([])
        assert not chips.isVisible()
