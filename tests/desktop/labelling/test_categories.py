from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from desktop.labelling import LABELLERS
from desktop.labelling.categories import CategoriesLabeller
from desktop.widgets.key_hints import KeyHints
from desktop.widgets.suggestions import Suggestions
from models.heads import KINDS
from models.heads.categories import CategoriesResult
from tests.desktop.widgets.stage import QUIET, settle, stage

pytestmark = QUIET

NAMES = ("metal", "panel", "trim", "tile", "concrete", "wood", "stone", "brick", "carpet", "door")
RESULT = CategoriesResult(NAMES, np.array([0.1, 0.3, 0.25, 0.1, 0.08, 0.06, 0.05, 0.03, 0.02, 0.01], np.float32))
NONE = Qt.KeyboardModifier.NoModifier


class Told:
    """A labeller on screen and what it said."""

    def __init__(self, qtbot: QtBot) -> None:
        self.labeller = CategoriesLabeller("?unknown")
        self.log: list[str] = []
        self.labeller.labelled.connect(self.log.append)
        for name in ("cant_tell", "cleared", "left", "wanted"):
            getattr(self.labeller, name).connect(lambda name=name: self.log.append(f"<{name}>"))
        stage(qtbot, self.labeller, 300, 600)
        self.suggestions = self.labeller.findChild(Suggestions)
        self.edit = self.labeller.findChild(QLineEdit)

    def show(self, label: str | None = None, selected: int = 1, result: CategoriesResult = RESULT) -> None:
        self.labeller.show_result(result, [*NAMES, "?unknown"], label, selected)
        settle()

    def key(self, key: Qt.Key, text: str = "", modifiers: Qt.KeyboardModifier = NONE) -> bool:
        return self.labeller.handle_key(QKeyEvent(QEvent.Type.KeyPress, key, modifiers, text))

    def type(self, text: str) -> bool:
        return self.key(Qt.Key.Key_unknown, text)

    def words(self) -> str:
        return " ".join(one.text() for one in self.labeller.findChildren(QLabel) if one.isVisible())

    def rows(self) -> list[tuple[str, str, bool]]:
        return [(row.key, row.name, row.chosen) for row in self.suggestions.rows]


@pytest.fixture
def told(qtbot: QtBot) -> Told:
    return Told(qtbot)


def test_what_can_be_labelled_is_a_head_kind() -> None:
    """Not every kind can be: a mask or boxes take tools of their own; the inspector only shows what has no labeller."""
    assert "categories" in LABELLERS
    assert set(LABELLERS) <= set(KINDS)


def test_five_suggestions_nine_where_there_is_room(told: Told) -> None:
    told.show()
    five = [("1", "panel"), ("2", "trim"), ("3", "metal"), ("4", "tile"), ("5", "concrete")]
    assert [row[:2] for row in told.rows()] == five
    told.labeller.set_tall(True)
    assert [row[0] for row in told.rows()] == list("123456789")
    told.labeller.set_tall(False)
    assert len(told.rows()) == 5


def test_digits_take_and_enter_takes_the_first(told: Told) -> None:
    told.show()
    assert told.type("2")
    assert told.type("5")
    assert told.key(Qt.Key.Key_Return, "\r")
    assert told.key(Qt.Key.Key_Enter, "\r", Qt.KeyboardModifier.KeypadModifier)
    assert not told.type("6")
    assert not told.type("0")
    assert told.log == ["trim", "concrete", "panel", "panel"]


def test_nothing_is_taken_before_there_is_something(told: Told) -> None:
    assert not told.type("1")
    assert not told.key(Qt.Key.Key_Return, "\r")
    empty = CategoriesResult((), np.zeros(0, np.float32))
    told.show(result=empty)
    assert not told.key(Qt.Key.Key_Return, "\r")
    assert told.words() == "What is it?"
    told.show("metal", result=empty)
    assert told.rows() == [("", "metal", True)]
    assert told.log == []


def test_u_is_cant_tell_and_delete_takes_the_label_back(told: Told) -> None:
    told.show()
    assert told.type("u")
    assert not told.key(Qt.Key.Key_Delete)
    told.show("metal")
    assert told.key(Qt.Key.Key_Delete)
    assert told.key(Qt.Key.Key_Backspace, "\b")
    assert told.log == ["<cant_tell>", "<cleared>", "<cleared>"]


def test_a_letter_opens_the_field_and_typing_goes_on_there(told: Told) -> None:
    told.show()
    assert told.type("w")
    assert told.edit.text() == "w"
    QTest.keyClicks(told.edit, "oo")
    QTest.keyClick(told.edit, Qt.Key.Key_Return)
    assert told.log == ["wood", "<left>"]
    assert told.type("/")
    QTest.keyClicks(told.edit, "upholstery")
    QTest.keyClick(told.edit, Qt.Key.Key_Return)
    assert told.log[2:] == ["upholstery", "<left>"]
    assert told.key(Qt.Key.Key_M, "M", Qt.KeyboardModifier.ShiftModifier)
    assert told.edit.text() == "M"
    QTest.keyClick(told.edit, Qt.Key.Key_Escape)
    assert told.log[4:] == ["<left>"]


def test_keys_of_others_are_left_alone(told: Told) -> None:
    told.show("metal")
    assert not told.key(Qt.Key.Key_U, "u", Qt.KeyboardModifier.ControlModifier)
    assert not told.key(Qt.Key.Key_1, "1", Qt.KeyboardModifier.AltModifier)
    assert not told.key(Qt.Key.Key_Delete, "", Qt.KeyboardModifier.ControlModifier)
    assert not told.key(Qt.Key.Key_F5)
    assert not told.type("+")
    assert told.edit.text() == ""
    assert told.log == []


def test_the_persons_label_is_marked_even_when_the_model_would_not_name_it(told: Told) -> None:
    told.show("trim")
    assert [row for row in told.rows() if row[2]] == [("2", "trim", True)]
    told.show("door")
    assert told.rows()[3:] == [("4", "tile", False), ("", "door", True)]
    assert told.suggestions.rows[4].fraction == pytest.approx(0.01)
    told.show("not in the model")
    assert told.suggestions.rows[4].fraction is None
    assert not told.type("5")


def test_cant_tell_is_shown_in_words_and_never_by_its_label(told: Told) -> None:
    told.show("?unknown")
    assert told.rows()[4] == ("U", "can't tell", True)
    assert told.words() == "You said it can't be told"
    row = told.suggestions.height() // 5
    QTest.mouseClick(told.suggestions, Qt.MouseButton.LeftButton, pos=QPoint(60, row * 9 // 2))
    assert told.log == ["<cant_tell>"]
    told.type("/")
    QTest.keyClicks(told.edit, "unkn")
    assert "?unknown" not in told.edit.accessibleDescription()


@pytest.mark.parametrize(
    ("label", "selected", "words"),
    [
        (None, 1, "Two are close: panel or trim?"),
        (None, 12, "12 selected: a name is for all of them"),
        ("wood", 1204, "1,204 selected: a name is for all of them"),
    ],
)
def test_the_hint(told: Told, label: str | None, selected: int, words: str) -> None:
    told.show(label, selected)
    assert told.words() == words


def test_a_click_on_a_row_labels(told: Told) -> None:
    told.show()
    row = told.suggestions.height() // 5
    QTest.mouseClick(told.suggestions, Qt.MouseButton.LeftButton, pos=QPoint(60, row * 3 // 2))
    assert told.log == ["trim"]


def test_the_head_is_named_where_there_are_several(told: Told) -> None:
    told.show()
    chip, keys = told.labeller.findChild(QPushButton), told.labeller.findChild(KeyHints)
    assert not chip.isVisible()
    told.labeller.set_head("Colour", active=False)
    assert (chip.text(), chip.isVisible(), chip.isChecked(), keys.isVisible()) == ("Colour", True, False, False)
    chip.click()
    assert told.log == ["<wanted>"]
    told.labeller.set_head("Colour", active=True)
    assert chip.isChecked()
    assert keys.isVisible()


def test_a_refused_name_is_not_a_label(told: Told) -> None:
    told.show()
    told.labeller.set_refusal(lambda name: "That can't be a name." if name == "con" else None)
    told.type("c")
    QTest.keyClicks(told.edit, "on")
    QTest.keyClick(told.edit, Qt.Key.Key_Up)
    QTest.keyClick(told.edit, Qt.Key.Key_Return)
    assert told.log == []
    assert "That can't be a name." in told.words()


def test_with_shift_a_u_is_the_letter(told: Told) -> None:
    told.show()
    assert told.key(Qt.Key.Key_U, "U", Qt.KeyboardModifier.ShiftModifier)
    assert told.edit.text() == "U"
    assert told.log == []
