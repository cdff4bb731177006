"""A box to tick, with words beside it; drawn here, as the style's own can hardly be seen on dark ground."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QWidget

from desktop.theme import GAP, Tokens, draw_icon, tokens

__all__ = ["BOX_SIDE", "TickBox", "draw_tick"]

BOX_SIDE = 16
_FRAME = 3  # around it, for the ring that shows where the keyboard is
_CORNER = 4


def draw_tick(painter: QPainter, colours: Tokens, box: QRectF, *, ticked: bool, enabled: bool = True) -> None:
    """The box itself, within ``box``."""
    inner = box.adjusted(0.5, 0.5, -0.5, -0.5)
    edge = colours.border if not enabled else colours.accent if ticked else colours.secondary
    painter.setPen(QPen(QColor(edge), 1))
    painter.setBrush(QColor(colours.accent if ticked and enabled else colours.surface))
    painter.drawRoundedRect(inner, _CORNER, _CORNER)
    if ticked:
        draw_icon(painter, "check", colours.on_accent if enabled else colours.secondary, inner.adjusted(1, 1, -1, -1))


class TickBox(QCheckBox):
    """Ticked or not."""

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self.setAccessibleName(words)

    def sizeHint(self) -> QSize:
        """Room for the box, the words and the ring."""
        words = self.fontMetrics().size(Qt.TextFlag.TextSingleLine, self.text())
        return QSize(BOX_SIDE + GAP.s + words.width() + 2 * _FRAME, max(BOX_SIDE, words.height()) + 2 * _FRAME)

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.sizeHint()

    def hitButton(self, _pos: object) -> bool:  # noqa: N802  # Qt's name
        """A click anywhere ticks it."""
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """The box, its tick, the words, and the ring."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = tokens(self.palette())
        box = QRectF(0, (self.height() - BOX_SIDE) / 2, BOX_SIDE, BOX_SIDE)
        on = self.isEnabled()
        draw_tick(painter, colours, box, ticked=self.isChecked(), enabled=on)
        words = self.rect().adjusted(BOX_SIDE + GAP.s, 0, 0, 0)
        painter.setPen(QColor(colours.text if on else colours.secondary))
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
        if self.hasFocus():
            painter.setPen(QPen(QColor(colours.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            right = words.left() + self.fontMetrics().horizontalAdvance(self.text()) + 2
            ring = QRectF(words.left() - 4, 1, right - words.left() + 4, self.height() - 2)
            painter.drawRoundedRect(ring, _CORNER, _CORNER)
        event.accept()
