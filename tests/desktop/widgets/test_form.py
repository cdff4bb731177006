from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from desktop.widgets.form import Field, Form, FormSection, Value
from tests.desktop.widgets.stage import QUIET, settle, stage, themed

pytestmark = QUIET

FIELDS = (
    Field("epochs", "Epochs", "int", "How often every picture is looked at.", 30, 1, 1000, unit="times"),
    Field("rate", "Learning rate", "float", "How large a step is.", 1e-3, 1e-6, 1.0),
    Field("optimiser", "Optimiser", "choice", default="adamw", choices={"adamw": "AdamW", "sgd": "SGD"}),
    Field("mixed", "Mixed precision", "bool", default=True),
    Field("name", "Name", "text", default="mine"),
    Field("sources", "Source weights", "pairs", default={"real": 1.5}, minimum=0),
    Field("seed", "Seed", "int", "For the same result again.", None, 0, advanced=True, optional=True),
)


@pytest.fixture
def form(qtbot: QtBot) -> Form:
    made = Form([FormSection("How", FIELDS)])
    stage(qtbot, made, 600, 700)
    return made


@pytest.fixture
def told(form: Form) -> list[tuple[str, Value]]:
    made: list[tuple[str, Value]] = []
    form.changed.connect(lambda key, value: made.append((key, value)))
    return made


def line(form: Form, key: str) -> QLineEdit:
    found = form.edit(key).control
    assert isinstance(found, QLineEdit)
    return found


def typed(form: Form, key: str, text: str) -> None:
    line(form, key).selectAll()
    QTest.keyClicks(line(form, key), text) if text else QTest.keyClick(line(form, key), Qt.Key.Key_Delete)


def test_it_begins_with_the_defaults(form: Form) -> None:
    assert form.values() == {field.key: field.default for field in FIELDS}
    assert form.problems == {}


def test_each_kind_tells_its_value(form: Form, told: list[tuple[str, Value]]) -> None:
    typed(form, "epochs", "45")
    typed(form, "rate", "0,5")
    QTest.keyClick(form.edit("optimiser").control, Qt.Key.Key_Down)
    QTest.keyClick(form.edit("mixed").control, Qt.Key.Key_Space)
    typed(form, "name", "ours")
    form.edit("sources").control.setPlainText("real = 2\nold sets=0.5\n")  # type: ignore[attr-defined]
    last = dict(told)
    assert last == {
        "epochs": 45,
        "rate": 0.5,
        "optimiser": "sgd",
        "mixed": False,
        "name": "ours",
        "sources": {"real": 2.0, "old sets": 0.5},
    }
    assert form.values() == {**last, "seed": None}


@pytest.mark.parametrize(
    ("key", "text", "sentence"),
    [
        ("epochs", "0", "0 is not from 1 to 1000: type another number."),
        ("epochs", "2.5", "2.5 is no whole number: type one, such as 2."),
        ("epochs", "many", "“many” is no number: type one, such as 30."),
        ("epochs", "", "Epochs is empty: type a number."),
        ("rate", "inf", "“inf” is no number: type one, such as 0.001."),
        ("seed", "-1", "-1 is not at least 0: type another number."),
        ("name", "", "Name is empty: type something."),
    ],
)
def test_what_cannot_be_meant_is_said_under_the_field_and_the_value_stays(
    form: Form, key: str, text: str, sentence: str
) -> None:
    form.focus(key)
    line(form, key).setText(text)  # pasted: while it is typed, what stands there may be fine for a moment
    line(form, key).textEdited.emit(text)
    assert form.problems == {key: sentence}
    assert form.values()[key] == next(field.default for field in FIELDS if field.key == key)
    settle()
    assert [one.text() for one in form.findChildren(QLabel) if one.isVisible() and one.text() == sentence]
    assert sentence in form.edit(key).control.accessibleDescription()
    typed(form, key, "1")
    assert form.problems == {}


@pytest.mark.parametrize("words", ["real 2", "= 2", "real = x", "real = -1"])
def test_a_pair_that_is_none_is_refused(form: Form, words: str) -> None:
    form.edit("sources").control.setPlainText(words)  # type: ignore[attr-defined]
    assert list(form.problems) == ["sources"]
    assert form.values()["sources"] == {"real": 1.5}


def test_values_that_are_set_are_not_told_and_can_be_taken_back(form: Form, told: list[tuple[str, Value]]) -> None:
    form.set_values({"epochs": 5, "optimiser": "sgd", "sources": {"a": 1.0}, "of another version": 1})
    assert told == []
    assert (form.values()["epochs"], form.values()["optimiser"], form.values()["sources"]) == (5, "sgd", {"a": 1.0})
    form.reset("epochs")
    assert told == [("epochs", 30)]
    assert line(form, "epochs").text() == "30"


def test_arrow_keys_count_within_the_limits(form: Form) -> None:
    form.set_values({"epochs": 999})
    for _ in range(3):
        QTest.keyClick(line(form, "epochs"), Qt.Key.Key_Up)
    assert form.values()["epochs"] == 1000
    QTest.keyClick(line(form, "rate"), Qt.Key.Key_Down)
    assert form.values()["rate"] == pytest.approx(9e-4)


def test_what_is_advanced_is_folded_until_it_is_wanted_or_wrong(form: Form) -> None:
    assert not line(form, "seed").isVisible()
    form.set_problem("seed", "The seed is used: choose another one.")
    assert line(form, "seed").isVisible()
    form.set_problem("seed", "")
    assert form.problems == {}


def test_a_filter_leaves_what_fits_and_opens_what_is_folded(form: Form) -> None:
    form.set_filter("same result")
    assert line(form, "seed").isVisible()
    assert not line(form, "epochs").isVisible()
    form.set_filter("")
    assert line(form, "epochs").isVisible()


def test_names_are_buddies_and_stand_above_where_there_is_little_room(qtbot: QtBot, qapp: QApplication) -> None:
    with themed(qapp, scale=2.0):
        made = Form([FormSection("How", FIELDS[:2])])
        stage(qtbot, made, 420, 600)
        name = next(one for one in made.findChildren(QLabel) if one.text() == "Epochs")
        assert name.buddy() is made.edit("epochs").control
        assert (
            name.mapTo(made, name.rect().bottomLeft()).y()
            <= line(made, "epochs").mapTo(made, line(made, "epochs").rect().topLeft()).y()
        )
        assert made.minimumSizeHint().width() <= 420
