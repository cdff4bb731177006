"""A canvas on screen, and hands that work on it in the picture's coordinates."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.widgets.canvas import Canvas
from tests.desktop.widgets.stage import settle, stage

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
NO_KEY, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


def picture(width: int = 200, height: int = 100) -> QImage:
    """Red rises to the right, green downwards."""
    pixels = np.zeros((height, width, 4), np.uint8)
    pixels[..., 2] = np.linspace(0, 255, width).astype(np.uint8)
    pixels[..., 1] = np.linspace(0, 255, height).astype(np.uint8)[:, None]
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32).copy()


class Easel:
    """A canvas of 644 by 344 with a picture of 200 by 100 at three times its size: 20 pixels of the screen about it."""

    def __init__(self, qtbot: QtBot) -> None:
        self.canvas = Canvas()
        stage(qtbot, self.canvas, 644, 344)
        self.canvas.set_picture(picture(), name="a.png")
        self.canvas.zoom_to(3.0)
        self.canvas.setFocus()
        settle()
        self.view = self.canvas.viewport()

    def at(self, x: float, y: float) -> QPoint:
        """Where on the screen a point of the picture is."""
        return self.canvas.to_view(QPointF(x, y)).toPoint()

    def press(self, x: float, y: float, keys: Qt.KeyboardModifier = NO_KEY) -> None:
        QTest.mousePress(self.view, LEFT, keys, self.at(x, y))

    def move(self, x: float, y: float, keys: Qt.KeyboardModifier = NO_KEY) -> None:
        # QTest.mouseMove holds no keys and no buttons in some versions of Qt, so the event is made by hand
        where = QPointF(self.at(x, y))
        event = QMouseEvent(
            QEvent.Type.MouseMove, where, self.view.mapToGlobal(where), Qt.MouseButton.NoButton, LEFT, keys
        )
        QApplication.sendEvent(self.view, event)

    def release(self, x: float, y: float, keys: Qt.KeyboardModifier = NO_KEY) -> None:
        QTest.mouseRelease(self.view, LEFT, keys, self.at(x, y))

    def click(self, x: float, y: float, keys: Qt.KeyboardModifier = NO_KEY) -> None:
        QTest.mouseClick(self.view, LEFT, keys, self.at(x, y))

    def double(self, x: float, y: float) -> None:
        """As a mouse does it: the first click is a click."""
        self.click(x, y)
        QTest.mouseDClick(self.view, LEFT, NO_KEY, self.at(x, y))

    def drag(self, *path: tuple[float, float], keys: Qt.KeyboardModifier = NO_KEY) -> None:
        self.press(*path[0], keys=keys)
        for one in path[1:]:
            self.move(*one, keys=keys)
        self.release(*path[-1], keys=keys)

    def key(self, key: Qt.Key, keys: Qt.KeyboardModifier = NO_KEY) -> None:
        QTest.keyClick(self.canvas, key, keys)

    def colour(self, x: float, y: float) -> tuple[int, int, int]:
        """What is painted over a point of the picture, 0 to 255 each."""
        settle()
        where = self.canvas.to_view(QPointF(x, y))
        seen = self.view.grab().toImage().pixelColor(math.floor(where.x()), math.floor(where.y()))
        return seen.red(), seen.green(), seen.blue()
