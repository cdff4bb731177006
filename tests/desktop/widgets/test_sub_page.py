from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from desktop.widgets.sub_page import SubPage
from tests.desktop.widgets.stage import QUIET, stage

pytestmark = QUIET


def test_the_link_and_esc_lead_back_from_anywhere(qtbot: QtBot) -> None:
    page = SubPage("Try", "Models")
    field = QLineEdit()
    page.body.addWidget(field)
    stage(qtbot, page, 600, 300)
    closed: list[None] = []
    page.closed.connect(lambda: closed.append(None))
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert len(closed) == 1
    link = next(one for one in page.findChildren(QPushButton) if "Models" in one.text())
    QTest.mouseClick(link, Qt.MouseButton.LeftButton)
    assert len(closed) == 2


def drop(page: SubPage, mime: QMimeData) -> bool:
    """Bring files over the page and let go; whether they were welcome."""
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(50, 50), Qt.DropAction.CopyAction, mime, buttons, keys)
    enter.ignore()
    QApplication.sendEvent(page, enter)
    if enter.isAccepted():
        event = QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, mime, buttons, keys)
        QApplication.sendEvent(page, event)
    return enter.isAccepted()


def test_files_of_this_computer_can_be_dropped_where_the_view_takes_them(qtbot: QtBot, tmp_path: Path) -> None:
    page = SubPage("Try", "Models", drop="Drop to try")
    stage(qtbot, page, 600, 300)
    dropped: list[list[Path]] = []
    page.dropped.connect(dropped.append)
    hot: list[bool] = []
    page.hot.connect(hot.append)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path)), QUrl("https://example.org/a.png")])
    assert drop(page, mime)
    assert dropped == [[tmp_path]]
    assert hot == [True, False]
    elsewhere = QMimeData()
    elsewhere.setUrls([QUrl("https://example.org/a.png")])
    assert not drop(page, elsewhere)
    assert len(dropped) == 1
