"""Names with numbers, a row each, the numbers under one another."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.theme import GAP, tokens

__all__ = ["Counts"]


class Counts(QWidget):
    """A list of (name, number as words) with hairlines between; any length, painted where it is seen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[tuple[str, str], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_rows(self, rows: Sequence[tuple[str, str]]) -> None:
        """Show ``rows``, first on top."""
        self._rows = tuple(rows)
        self.setAccessibleName(", ".join(f"{name} {number}" for name, number in self._rows))
        self.updateGeometry()
        self.update()

    def _row_height(self) -> int:
        return self.fontMetrics().height() + GAP.m

    def sizeHint(self) -> QSize:
        """All rows."""
        return QSize(200, self._row_height() * len(self._rows))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows that touch the changed part."""
        painter = QPainter(self)
        colours = tokens(self.palette())
        height, metrics = self._row_height(), self.fontMetrics()
        first, last = event.rect().top() // height, event.rect().bottom() // height
        for place in range(max(0, first), min(len(self._rows), last + 1)):
            name, number = self._rows[place]
            row = QRect(0, place * height, self.width(), height)
            painter.setPen(QPen(QColor(colours.border), 1))
            painter.drawLine(row.bottomLeft(), row.bottomRight())
            painter.setPen(QColor(colours.text))
            room = row.width() - metrics.horizontalAdvance(number) - GAP.lg
            cut = metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
            painter.drawText(row, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, cut)
            painter.drawText(row, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, number)
        event.accept()
