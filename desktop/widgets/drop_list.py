"""A list to drop tiles on, in the place of something that is of no use while they are in the hand."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSize, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.theme import GAP, tokens
from desktop.widgets.labels import label
from desktop.widgets.row_list import Row, RowList
from desktop.widgets.tile_drag import TileDrop

__all__ = ["DropList"]


class DropList(QWidget):
    """A title, the rows, and under a line a last one that is always in reach.

    Signals:
        dropped: key of the row the tiles were dropped on.
    """

    dropped = Signal(str)

    def __init__(self, title: str = "Drop on a category", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows, self._last = _Target(), _Target(most=1)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP.lg, GAP.lg, GAP.lg, GAP.lg)
        column.setSpacing(GAP.s)
        column.addWidget(label(title, "section", wrap=True))
        column.addWidget(self._rows)
        column.addSpacing(GAP.s)
        column.addWidget(self._last)
        column.addStretch(1)
        for one in (self._rows, self._last):
            one.dropped.connect(self.dropped)

    def set_rows(
        self, rows: Sequence[tuple[str, str, str]], last: tuple[str, str, str] = ("", "Can't tell", "")
    ) -> None:
        """Show ``rows`` of (key, title, detail), and ``last`` under them."""
        self._rows.show_rows(rows)
        self._last.show_rows([last])

    def paintEvent(self, event: QPaintEvent) -> None:
        """The line over the last row."""
        box = self._last.geometry()
        painter = QPainter(self)
        painter.setPen(QPen(QColor(tokens(self.palette()).border), 1))
        painter.drawLine(box.left(), box.top() - GAP.s, box.right(), box.top() - GAP.s)
        event.accept()


class _Target(RowList):
    """Rows that take tiles."""

    dropped = Signal(str)

    def __init__(self, most: int = 0) -> None:
        super().__init__(most=most, accent=True)
        self._keys: tuple[str, ...] = ()
        self._drop = TileDrop(self, self._key_at, self._light)

    def show_rows(self, rows: Sequence[tuple[str, str, str]]) -> None:
        self._keys = tuple(key for key, _, _ in rows)
        self.set_rows([Row(title, detail) for _, title, detail in rows])
        self.setMaximumHeight(max(1, len(rows)) * self.row_height())

    def minimumSizeHint(self) -> QSize:
        return QSize(120, min(3, len(self._keys)) * self.row_height())

    def _key_at(self, point: QPoint) -> str | None:
        place = self.row_at(point)
        return self._keys[place] if place >= 0 else None

    def _light(self) -> None:
        hot = self._drop.hot
        self.set_hot(self._keys.index(hot) if hot in self._keys else -1, scroll=False)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._drop.enter(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._drop.move(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._drop.leave()

    def dropEvent(self, event: QDropEvent) -> None:
        key = self._drop.drop(event)
        if key is not None:
            self.dropped.emit(key)
