"""The empty state of a page: a large dashed area that says what to drop there, and lights up while something hovers."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.theme import GAP, draw_icon, tokens
from desktop.widgets.labels import label

__all__ = ["DropArea"]

_ICON = 48


class DropArea(QWidget):
    """Icon, one sentence, what to expect, and the buttons that do the same without a drop."""

    def __init__(
        self, icon_name: str, sentence: str, detail: str, buttons: list[QPushButton], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icon = icon_name
        self._hot = False
        column = QVBoxLayout(self)
        column.setSpacing(GAP.s)
        column.addStretch(1)
        column.addSpacing(_ICON + GAP.lg)
        self._first = label(sentence, "title", wrap=True)
        said = label(detail, "secondary", wrap=True)
        for words in (self._first, said):
            words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(words)
        column.addSpacing(GAP.m)
        row = QHBoxLayout()
        row.setSpacing(GAP.s)
        row.addStretch(1)
        for one in buttons:
            row.addWidget(one)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)

    def set_hot(self, hot: bool) -> None:
        """Whether something that may be dropped hovers over the window."""
        self._hot = hot
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The dashed frame and the icon over the sentence."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = tokens(self.palette())
        painter.setBrush(QColor(colours.selected if self._hot else colours.surface))
        pen = QPen(QColor(colours.accent if self._hot else colours.border), 2 if self._hot else 1.5)
        pen.setDashPattern([4, 4])
        painter.setPen(pen)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
        top = self._first.geometry().top() - GAP.lg - _ICON
        colour = colours.accent if self._hot else colours.secondary
        draw_icon(painter, self._icon, colour, QRectF(self.width() / 2 - _ICON / 2, top, _ICON, _ICON))
        event.accept()
