"""Puts a widget on screen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.theme import apply

QUIET = pytest.mark.qt_log_ignore("This plugin does not support")
"""For windows with a layout, and for tips: the platform without a screen says what it can't do with them."""


def stage(qtbot: QtBot, widget: QWidget, width: int, height: int) -> None:
    """Show ``widget`` at this size."""
    qtbot.addWidget(widget)
    widget.resize(width, height)
    widget.show()
    qtbot.waitExposed(widget)
    widget.activateWindow()  # without a window manager nobody else does
    qtbot.waitUntil(widget.isActiveWindow)
    settle()


@contextmanager
def themed(app: QApplication, choice: str = "light", scale: float = 1.0) -> Iterator[None]:
    """The program's own look for a while."""
    before = QFont(app.font()), QPalette(app.palette()), app.styleSheet()
    apply(app, choice, scale)
    try:
        yield
    finally:
        app.setStyleSheet(before[2])
        app.setPalette(before[1])
        app.setFont(before[0])


def settle() -> None:
    """Let layouts and what was asked for later come true."""
    for _ in range(3):
        QApplication.processEvents()
