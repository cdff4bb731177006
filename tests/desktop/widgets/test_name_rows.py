from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from desktop.widgets.labels import IconButton
from desktop.widgets.name_rows import NameRows
from tests.desktop.widgets.stage import QUIET, settle, stage

pytestmark = QUIET


def rows(qtbot: QtBot, names: list[str]) -> NameRows:
    made = NameRows("question", "Add a question", "Such as: colour")
    made.set_names(names)
    stage(qtbot, made, 300, 200)
    return made


def away(made: NameRows) -> list[IconButton]:
    return [one for one in made.findChildren(IconButton) if one.isVisible()]


def test_a_row_is_added_typed_into_and_taken_away(qtbot: QtBot) -> None:
    made = rows(qtbot, ["part"])
    assert away(made) == []
    QTest.mouseClick(made.findChildren(QPushButton)[0], Qt.MouseButton.LeftButton)
    settle()
    second = [one for one in made.findChildren(QLineEdit) if one.isVisible()][1]
    assert second.hasFocus()
    assert second.accessibleName() == "Question 2"
    QTest.keyClicks(second, "colour")
    assert made.names() == ["part", "colour"]
    QTest.mouseClick(away(made)[0], Qt.MouseButton.LeftButton)
    assert made.names() == ["colour"]
    assert away(made) == []
    assert second.accessibleName() == "Question 1"


def test_other_names_take_the_place_of_all(qtbot: QtBot) -> None:
    made = rows(qtbot, ["a", "b", "c"])
    made.set_names(["part", "colour"])
    assert made.names() == ["part", "colour"]
    settle()
    assert [one.text() for one in made.findChildren(QLineEdit) if one.isVisible()] == ["part", "colour"]


def test_enter_is_told(qtbot: QtBot) -> None:
    made = rows(qtbot, ["part"])
    with qtbot.waitSignal(made.entered, timeout=1000):
        QTest.keyClick(made.findChildren(QLineEdit)[0], Qt.Key.Key_Return)
