"""The editors of names and grades: keys in, drafts out."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QSlider
from pytestqt.qtbot import QtBot

from desktop.labelling.editor import Editor, Proposal, Subject
from desktop.labelling.editors import EDITORS, editor_kind
from tests.desktop.widgets.stage import QUIET, settle, stage
from training.datasets.heads import HeadDef
from training.datasets.values import VALUES, Category, Grade, Tags, Value

pytestmark = QUIET

NAMES = ("brick", "wood", "sky", "metal", "stone", "glass", "sand", "soil", "rust", "paint")
NONE, CONTROL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
SUBJECT = Subject(7, "a.png", QImage(), 0, 0, lambda: pytest.fail("nobody asked"), lambda _: b"")
KEYS = {"Enter": Qt.Key.Key_Return, "Back": Qt.Key.Key_Backspace, "Up": Qt.Key.Key_Up, "Down": Qt.Key.Key_Down}


class Hand:
    """An editor on screen, and what it said."""

    def __init__(self, qtbot: QtBot, head: HeadDef) -> None:
        self.editor: Editor = EDITORS[editor_kind(head)]()()
        self.log: list[object] = []
        self.words: list[str] = []
        self.editor.committed.connect(lambda draft, words: (self.log.append(draft), self.words.append(words)))
        self.editor.advance_wanted.connect(lambda: self.log.append("next"))
        self.editor.decided.connect(lambda parts, yes: self.log.append((parts, yes)))
        stage(qtbot, self.editor, 300, 500)
        self.editor.set_head(head)

    def show(self, value: Value | None = None, proposal: Proposal | None = None) -> None:
        self.editor.show_subject(SUBJECT, value, proposal)
        self.log.clear()
        settle()

    def strike(self, *keys: str, modifiers: Qt.KeyboardModifier = NONE) -> bool:
        taken = True
        for key in keys:
            text = key if key not in KEYS else ""
            code = KEYS.get(key, Qt.Key.Key_unknown)
            taken = self.editor.handle_key(QKeyEvent(QEvent.Type.KeyPress, code, modifiers, text))
        return taken

    @property
    def said(self) -> str:
        return " ".join(one.text() for one in self.editor.findChildren(QLabel) if one.isVisible())


def test_every_kind_of_answer_has_an_editor() -> None:
    assert EDITORS.keys() == {*VALUES, "quads"}
    for kind, load in EDITORS.items():
        assert load().kind == ("boxes" if kind == "quads" else kind)
    assert editor_kind(HeadDef("cards", "boxes", ("card",), {"quads": True})) == "quads"


def test_a_number_names_the_category_and_goes_on(qtbot: QtBot) -> None:
    hand = Hand(qtbot, HeadDef("material", "categories", NAMES))
    hand.show()
    assert hand.strike("2")
    assert hand.log == [Category("wood"), "next"]
    assert hand.words == ["Labelled a.png wood"]
    hand.show(Category("wood"))
    hand.strike("2")
    assert hand.log == ["next"], "to say it again is no act"
    assert not hand.strike("0")
    assert not hand.strike("2", modifiers=CONTROL)


def test_nobody_can_tell_takes_the_label_away_and_goes_on(qtbot: QtBot) -> None:
    hand = Hand(qtbot, HeadDef("material", "categories", NAMES))
    hand.show(Category("wood"))
    hand.strike("u")
    assert hand.log == [None, ((), False), "next"]
    hand.show()
    QTest.mouseClick(hand.editor.findChild(QPushButton), Qt.MouseButton.LeftButton)
    assert hand.log == [((), False), "next"]
    hand.show(Category("wood"))
    hand.strike("Back")
    assert hand.log == [None], "backspace stays"


def test_letters_find_a_name_also_a_new_one(qtbot: QtBot) -> None:
    hand = Hand(qtbot, HeadDef("material", "categories", NAMES))
    hand.show()
    for text, name in (("pai", "paint"), ("tin", "tin")):
        hand.show()
        hand.strike(text[0])
        edit = hand.editor.findChild(QLineEdit)
        QTest.keyClicks(edit, text[1:])
        QTest.keyClick(edit, Qt.Key.Key_Return)
        assert hand.log == [Category(name), "next"]


def test_enter_takes_what_is_proposed_but_not_over_a_label(qtbot: QtBot) -> None:
    hand = Hand(qtbot, HeadDef("material", "categories", NAMES))
    proposal = Proposal(Category("paint"), "learned from your labels", 0.93, likely=(("paint", 0.93),))
    hand.show(None, proposal)
    assert "Enter takes paint: learned from your labels, 93 %" in hand.said
    hand.strike("Enter")
    assert hand.log == [((), True), Category("paint"), "next"]
    hand.show(Category("wood"), proposal)
    assert "Enter takes" not in hand.said
    hand.strike("Enter")
    assert hand.log == ["next"]


def test_tags_are_switched_one_by_one_and_none_is_an_answer(qtbot: QtBot) -> None:
    hand = Hand(qtbot, HeadDef("traits", "tags", ("mossy", "wet")))
    hand.show()
    hand.strike("1", "2", "1", "Enter")
    assert hand.log == [
        Tags(frozenset({"mossy"})),
        Tags(frozenset({"mossy", "wet"})),
        Tags(frozenset({"wet"})),
        "next",
    ]
    hand.show()
    hand.strike("Enter")
    assert hand.log == [Tags(frozenset()), "next"]
    hand.show(None, Proposal(Tags(frozenset({"wet"})), "a model", 0.8))
    hand.strike("Enter")
    assert hand.log == [((), True), Tags(frozenset({"wet"})), "next"]


@pytest.mark.parametrize(
    ("keys", "grade"),
    [("8", 8), ("8.", 8.5), ("10", 10), ("9,", 9.5), ("7.", 7.5), (".", None), ("11", None), ("0", None)],
)
def test_a_grade_is_typed_with_halves(qtbot: QtBot, keys: str, grade: float | None) -> None:
    hand = Hand(qtbot, HeadDef("wear", "grade", options={"low": 1, "high": 10}))
    hand.show(Grade(3))
    hand.strike(*keys, "Enter")
    if grade is None:
        assert hand.log == []
        assert "Type a number from 1 to 10." in hand.said
    else:
        assert hand.log == [Grade(grade), "next"]


def test_whole_grades_up_to_nine_need_one_key(qtbot: QtBot) -> None:
    hand = Hand(qtbot, HeadDef("wear", "grade", options={"low": 1, "high": 5, "step": 1}))
    hand.show()
    hand.strike("4")
    assert hand.log == [Grade(4), "next"]
    assert not hand.strike("7")


def test_the_slider_grades_by_arrow_and_by_hand(qtbot: QtBot) -> None:
    hand = Hand(qtbot, HeadDef("wear", "grade", options={"low": 1, "high": 10}))
    hand.show(Grade(5))
    slider = hand.editor.findChild(QSlider)
    assert slider.value() == 8
    hand.strike("Up", "Up", "Down", "Enter")
    assert hand.log == [Grade(5.5), "next"]
    hand.show(Grade(5))
    slider.setValue(0)
    slider.sliderReleased.emit()
    assert hand.log == [Grade(1)], "a slider that is let go stays at the picture"
    hand.show(None, Proposal(Grade(7), "a model", None))
    assert slider.value() == 12
    hand.strike("Enter")
    assert hand.log == [((), True), Grade(7), "next"]
