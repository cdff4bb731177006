"""Small fields to type and choose in."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from desktop.widgets.colour_field import ColourField
from desktop.widgets.lines_field import LinesField
from desktop.widgets.numbers_field import NumbersField
from desktop.widgets.pick_button import PickButton
from desktop.widgets.radio_list import RadioList
from desktop.widgets.tick_list import Tick, TickList
from tests.desktop.widgets.stage import QUIET, stage

pytestmark = QUIET


# -- a colour ---------------------------------------------------------------------------------------------------------


def test_a_colour_can_be_typed_and_is_told_when_it_is_whole(qtbot: QtBot) -> None:
    field = ColourField("Colour 1", "#0a0B0c")
    stage(qtbot, field, 200, 40)
    assert field.colour == "#0A0B0C"
    told: list[str] = []
    field.changed.connect(told.append)
    edit = field.findChild(QLineEdit)
    edit.setFocus()
    edit.selectAll()
    QTest.keyClicks(edit, "#c81e1")
    assert told == []
    QTest.keyClicks(edit, "e")
    assert told == ["#C81E1E"]
    QTest.keyClicks(edit, "0")  # one letter too many is not taken
    assert edit.text() == "#c81e1e"
    edit.setText("nonsense")
    edit.clearFocus()
    assert edit.text() == field.colour == "#C81E1E", "what is no colour is put right"


def test_a_colour_that_is_shown_is_not_told(qtbot: QtBot) -> None:
    field = ColourField("Colour", "#000000")
    qtbot.addWidget(field)
    told: list[str] = []
    field.changed.connect(told.append)
    field.set_colour("#ffffff")
    assert (field.colour, told) == ("#FFFFFF", [])


# -- numbers ----------------------------------------------------------------------------------------------------------


def test_numbers_are_told_only_when_each_field_holds_one(qtbot: QtBot) -> None:
    field = NumbersField(("Low", "High"), between="to")
    stage(qtbot, field, 300, 40)
    field.set_numbers((0, 1))
    told: list[list[float]] = []
    field.changed.connect(told.append)
    low, high = field.findChildren(QLineEdit)
    low.setFocus()
    low.selectAll()
    QTest.keyClicks(low, "-")
    assert (told, field.numbers) == ([], None)
    QTest.keyClicks(low, "0,5")
    assert told[-1] == [-0.5, 1.0]
    high.setText("inf")
    assert field.numbers is None


def test_what_is_being_typed_is_not_written_over(qtbot: QtBot) -> None:
    field = NumbersField(("Low", "High"))
    stage(qtbot, field, 300, 40)
    field.set_numbers((0, 1))
    low, _ = field.findChildren(QLineEdit)
    low.setFocus()
    low.selectAll()
    QTest.keyClicks(low, "0.")
    field.set_numbers((0, 1))
    assert low.text() == "0."
    field.set_numbers((5, 6))
    assert low.text() == "0."


# -- lines ------------------------------------------------------------------------------------------------------------


def test_lines_are_told_as_they_are_typed_without_empty_ones(qtbot: QtBot) -> None:
    field = LinesField("Names")
    stage(qtbot, field, 200, 200)
    told: list[list[str]] = []
    field.changed.connect(told.append)
    field.set_lines(["a", "b"])
    assert (field.lines, told) == (("a", "b"), [])
    field.moveCursor(field.textCursor().MoveOperation.End)
    for _ in range(2):
        QTest.keyClick(field, Qt.Key.Key_Return)
    QTest.keyClicks(field, "  c ")
    assert told[-1] == ["a", "b", "c"]
    place = field.textCursor().position()
    field.set_lines(["a", "b", "c"])
    assert field.textCursor().position() == place, "what says the same already is left as it is typed"


def test_tab_and_esc_leave_the_lines(qtbot: QtBot) -> None:
    field = LinesField("Names")
    stage(qtbot, field, 200, 200)
    field.set_lines(["a"])
    QTest.keyClick(field, Qt.Key.Key_Tab)
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.lines == ("a",)


# -- one of several ---------------------------------------------------------------------------------------------------

KINDS = {"one": "One of several", "any": "Any & all", "": "Leave out"}


def test_a_choice_is_made_by_menu_and_by_keys(qtbot: QtBot) -> None:
    made = PickButton("Kind", KINDS, "one")
    stage(qtbot, made, 200, 40)
    told: list[str] = []
    made.chosen.connect(told.append)
    made.menu().actions()[1].trigger()
    assert (told, made.value) == (["any"], "any")
    made.menu().actions()[1].trigger()
    assert told == ["any"], "the same again tells nothing"
    made.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Up):
        QTest.keyClick(made, key)
    assert told == ["any", "", "any", "one"]
    assert made.accessibleName() == "Kind: One of several"
    made.set_value("")
    assert (made.toolTip(), len(told)) == ("Leave out", 4)


def test_other_options_are_offered_without_telling(qtbot: QtBot) -> None:
    made = PickButton("Kind", KINDS, "one")
    qtbot.addWidget(made)
    told: list[str] = []
    made.chosen.connect(told.append)
    made.set_options({"x": "Ex", "y": "Why"}, "y")
    assert [action.text() for action in made.menu().actions()] == ["Ex", "Why"]
    assert (made.value, told) == ("y", [])


def test_one_of_a_list_is_chosen_by_click_and_by_arrows(qtbot: QtBot) -> None:
    made = RadioList({"a": ("A", "First."), "b": ("B", "Second."), "c": ("C", "Third.")}, "a")
    stage(qtbot, made, 300, 300)
    told: list[str] = []
    made.chosen.connect(told.append)
    QTest.mouseClick(made.buttons["b"], Qt.MouseButton.LeftButton)
    QTest.keyClick(made.buttons["b"], Qt.Key.Key_Down)
    assert (told, made.value) == (["b", "c"], "c")
    made.set_value("a")
    assert (told, made.value) == (["b", "c"], "a")
    assert made.buttons["a"].isChecked()


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, None])
def test_ticks_are_told_by_their_places(qtbot: QtBot, key: Qt.Key | None) -> None:
    made = TickList()
    made.set_ticks([Tick("One", "first"), Tick("Two"), Tick("Three", "broken", enabled=False)], [0])
    stage(qtbot, made, 300, 200)
    told: list[list[int]] = []
    made.changed.connect(told.append)
    for box in made.boxes:
        if key is None:
            QTest.mouseClick(box, Qt.MouseButton.LeftButton)
        else:
            QTest.keyClick(box, key)
    assert told == [[], [1]]
    made.set_ticks([Tick("Other")], [])
    assert len(made.boxes) == 1
    assert len(told) == 2
