from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.widgets.name_edit import NameEdit
from tests.desktop.widgets.stage import QUIET, stage

pytestmark = QUIET


@pytest.fixture
def edit(qtbot: QtBot) -> Iterator[NameEdit]:
    around, made = QWidget(), NameEdit("Rename", 100)
    column = QVBoxLayout(around)
    column.addWidget(made)
    column.addWidget(QLineEdit())
    made.set_name("Walls")
    stage(qtbot, around, 300, 120)
    yield made
    around.close()


def test_enter_tells_of_another_name_once(edit: NameEdit) -> None:
    told = []
    edit.changed.connect(told.append)
    QTest.mouseClick(edit.pencil, Qt.MouseButton.LeftButton)
    assert edit.field.hasFocus()
    assert edit.field.selectedText() == "Walls"
    QTest.keyClicks(edit.field, "Floors")
    QTest.keyClick(edit.field, Qt.Key.Key_Return)
    assert told == ["Floors"]
    assert edit.name == "Walls", "it is called otherwise only when whoever keeps the name says so"
    assert edit.currentIndex() == 0


@pytest.mark.parametrize("leave", ["same", "escape", "elsewhere"])
def test_nothing_is_told_when_it_is_given_up(edit: NameEdit, leave: str) -> None:
    told = []
    edit.changed.connect(told.append)
    edit.begin()
    if leave != "same":
        QTest.keyClicks(edit.field, "Floors")
    if leave == "elsewhere":
        edit.parentWidget().findChildren(QLineEdit)[-1].setFocus()
    else:
        QTest.keyClick(edit.field, Qt.Key.Key_Escape if leave == "escape" else Qt.Key.Key_Return)
    assert told == []
    assert edit.currentIndex() == 0


def test_a_fixed_name_has_no_pencil(edit: NameEdit) -> None:
    edit.set_name("Starter", fixed=True)
    assert not edit.pencil.isVisible()
