from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.widgets.pick_field import PickField
from tests.desktop.widgets.stage import QUIET, stage

pytestmark = QUIET


def test_words_are_chosen_or_typed(qtbot: QtBot) -> None:
    field = PickField(["MIT", "CC0-1.0"], "None")
    stage(qtbot, field, 200, 40)
    QTest.keyClick(field, Qt.Key.Key_Down)
    assert field.menu.isVisible()
    QTest.keyClick(field.menu, Qt.Key.Key_Down)
    QTest.keyClick(field.menu, Qt.Key.Key_Down)
    QTest.keyClick(field.menu, Qt.Key.Key_Return)
    assert field.text() == "CC0-1.0"
    field.selectAll()
    QTest.keyClicks(field, "Mine alone")
    assert field.text() == "Mine alone"
