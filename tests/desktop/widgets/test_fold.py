from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.widgets.fold import Fold
from desktop.widgets.labels import label
from tests.desktop.widgets.stage import QUIET, stage

pytestmark = QUIET


def test_it_opens_and_closes_by_click_and_key(qtbot: QtBot) -> None:
    inside = label("inside")
    fold = Fold("For experts", inside)
    told = []
    fold.opened.connect(told.append)
    stage(qtbot, fold, 200, 100)
    assert not inside.isVisible()
    QTest.mouseClick(fold.button, Qt.MouseButton.LeftButton)
    assert inside.isVisible()
    QTest.keyClick(fold.button, Qt.Key.Key_Space)
    assert not inside.isVisible()
    assert told == [True, False]
