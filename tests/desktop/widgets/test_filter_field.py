from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from desktop.widgets.filter_field import FilterField
from desktop.widgets.row_list import RowList
from tests.desktop.widgets.stage import QUIET, settle, stage

pytestmark = QUIET

NAMES = ["tile", "trim", "metal", "sheet metal", *(f"brick {i}" for i in range(12))]


class Told:
    """A field on screen and what it said."""

    def __init__(self, qtbot: QtBot) -> None:
        self.field = FilterField("category", "/")
        self.field.set_names(NAMES)
        stage(qtbot, self.field, 300, 400)
        self.picked: list[tuple[str, bool]] = []
        self.left = 0
        self.field.picked.connect(lambda name, new: self.picked.append((name, new)))
        self.field.left.connect(self._leave)
        self.edit = self.field.findChild(QLineEdit)
        self.list = self.field.findChild(RowList)

    def _leave(self) -> None:
        self.left += 1

    def titles(self) -> list[str]:
        return [row.title for row in self.list.rows]

    def type(self, text: str) -> None:
        self.edit.clear()
        QTest.keyClicks(self.edit, text)
        settle()

    def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            QTest.keyClick(self.edit, key)

    def refused(self) -> str:
        labels = [one for one in self.field.findChildren(QLabel) if one.isVisible()]
        return labels[0].text() if labels else ""


@pytest.fixture
def told(qtbot: QtBot) -> Told:
    return Told(qtbot)


def test_nothing_is_listed_before_something_is_typed(told: Told) -> None:
    assert not told.list.isVisible()
    told.press(Qt.Key.Key_Return, Qt.Key.Key_Down)
    assert told.picked == []
    told.field.begin("t")
    assert told.list.isVisible()
    assert told.edit.text() == "t"


def test_enter_takes_the_best_and_the_arrows_another(told: Told) -> None:
    told.type("met")
    assert told.titles() == ["metal", "sheet metal", "New category “met”"]
    told.press(Qt.Key.Key_Return)
    told.type("met")
    told.press(Qt.Key.Key_Down, Qt.Key.Key_Enter)
    told.type("met")
    told.press(Qt.Key.Key_Up, Qt.Key.Key_Return)  # round the top: the new one
    assert told.picked == [("metal", False), ("sheet metal", False), ("met", True)]
    assert told.edit.text() == ""
    assert not told.list.isVisible()


def test_a_name_there_is_cannot_be_made_again(told: Told) -> None:
    told.type(" Sheet  METAL")
    assert told.titles() == ["sheet metal"]
    told.press(Qt.Key.Key_Return)
    assert told.picked == [("sheet metal", False)]


def test_what_only_resembles_is_offered_but_what_was_typed_is_taken(told: Told) -> None:
    told.type("mtl")
    assert told.titles() == ["metal", "sheet metal", "New category “mtl”"]
    told.press(Qt.Key.Key_Return)
    told.type("mtl")
    told.press(Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert told.picked == [("mtl", True), ("metal", False)]


def test_esc_clears_and_leaves(told: Told) -> None:
    told.type("met")
    told.press(Qt.Key.Key_Escape)
    assert (told.edit.text(), told.left, told.picked) == ("", 1, [])


def test_a_click_takes_a_row(told: Told) -> None:
    told.type("met")
    at = QPoint(20, told.list.row_height() * 3 // 2)
    QTest.mouseClick(told.list.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert told.picked == [("sheet metal", False)]


def test_at_most_eight_rows_and_the_chosen_one_is_always_seen(told: Told) -> None:
    told.type("brick")
    assert len(told.titles()) == 13
    assert told.list.height() == 8 * told.list.row_height()
    for _ in range(12):
        told.press(Qt.Key.Key_Down)
        top = told.list.hot * told.list.row_height() - told.list.verticalScrollBar().value()
        assert 0 <= top <= 7 * told.list.row_height()
    assert told.list.hot == 12
    told.press(Qt.Key.Key_Down)
    assert (told.list.hot, told.list.verticalScrollBar().value()) == (0, 0)


def test_a_name_that_cannot_be_is_said_and_not_taken(told: Told) -> None:
    told.field.set_refusal(lambda name: f"“{name}” can't be a name." if name.startswith("m") else None)
    told.type("met")
    assert told.refused() == ""  # "metal" would be taken
    told.press(Qt.Key.Key_Up)
    assert told.refused() == "“met” can't be a name."
    told.press(Qt.Key.Key_Return)
    assert told.picked == []
    assert told.edit.text() == "met"
    told.type("con")
    assert told.refused() == ""
    told.press(Qt.Key.Key_Return)
    assert told.picked == [("con", True)]


def test_the_chosen_row_is_read_out(told: Told) -> None:
    told.type("met")
    told.press(Qt.Key.Key_Down)
    assert told.edit.accessibleDescription() == "sheet metal, 2 of 3"
