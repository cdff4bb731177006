from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.widgets.tick_box import TickBox
from tests.desktop.widgets.stage import QUIET, stage, themed

pytestmark = QUIET


def test_click_and_key_tick_it_and_the_box_shows_it(qtbot: QtBot, qapp: QApplication) -> None:
    with themed(qapp, "dark"):
        box = TickBox("Sign it")
        stage(qtbot, box, 200, 24)
        empty = box.grab().toImage().pixelColor(8, 4)
        QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(60, 12))
        assert box.isChecked()
        assert box.grab().toImage().pixelColor(8, 4) != empty
        QTest.keyClick(box, Qt.Key.Key_Space)
        assert not box.isChecked()
        box.setEnabled(False)
        QTest.mouseClick(box, Qt.MouseButton.LeftButton)
        assert not box.isChecked()
