"""Drags as the window system sends them, without a hand."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

from desktop.widgets.tile_drag import TILES_MIME

LEFT, NONE, MOVE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.DropAction.MoveAction


class Carried:
    """Something carried over ``widget``; enter first, then move, then drop or leave."""

    def __init__(self, widget: QWidget, mime: str = TILES_MIME) -> None:
        self._widget = widget
        self._data = QMimeData()
        self._data.setData(mime, b"1,2")

    def enter(self, point: QPoint) -> bool:
        event = QDragEnterEvent(point, MOVE, self._data, LEFT, NONE)
        QApplication.sendEvent(self._widget, event)
        return event.isAccepted()

    def move(self, point: QPoint) -> bool:
        event = QDragMoveEvent(point, MOVE, self._data, LEFT, NONE)
        QApplication.sendEvent(self._widget, event)
        return event.isAccepted()

    def drop(self, point: QPoint) -> bool:
        event = QDropEvent(QPointF(point), MOVE, self._data, LEFT, NONE)
        QApplication.sendEvent(self._widget, event)
        return event.isAccepted()

    def leave(self) -> None:
        QApplication.sendEvent(self._widget, QDragLeaveEvent())
