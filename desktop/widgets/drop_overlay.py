"""Says over everything else that what hovers may be dropped here."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from desktop.theme import GAP, TYPE, sized, tokens

__all__ = ["DropOverlay"]

_INSET = 6


class DropOverlay(QWidget):
    """Covers its parent; takes no part in what the mouse does."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._text, self._over = text, parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def cover(self) -> None:
        """Show it, over all of the parent."""
        self.setGeometry(self._over.rect())
        self.raise_()
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        """An accent frame, and the text on a plate in the middle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = tokens(self.palette())
        veil = QColor(colours.window)
        veil.setAlpha(150)
        painter.fillRect(self.rect(), veil)
        painter.setPen(QPen(QColor(colours.accent), 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(_INSET, _INSET, -_INSET, -_INSET), 8, 8)
        painter.setFont(sized(self.font(), TYPE.section))
        metrics = painter.fontMetrics()
        plate = QRectF(0, 0, metrics.horizontalAdvance(self._text) + 2 * GAP.xl, metrics.height() + 2 * GAP.m)
        plate.moveCenter(QRectF(self.rect()).center())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.accent))
        painter.drawRoundedRect(plate, 8, 8)
        painter.setPen(QColor(colours.on_accent))
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, self._text)
        event.accept()
