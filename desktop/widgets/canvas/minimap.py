"""The whole picture, small, in a corner of the canvas: where in it one is, and a way to go elsewhere."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from desktop.theme import GAP, RADIUS, Tokens
from desktop.widgets.canvas.pyramid import Pyramid

__all__ = ["Minimap"]

_SIDE = 160.0  # pixels along the longer side, at most
_SHARE = 0.3  # of the view's sides, at most


class Minimap:
    """Painted by the canvas over everything else: a widget there would keep Qt from shifting what is on the screen."""

    def __init__(self) -> None:
        self._box = QRectF()
        self._scale = 1.0
        self.wanted = True
        self.held = False

    def place(self, picture: Pyramid | None, view: QRect, seen: QRectF) -> None:
        """Show it where the picture is larger than the view.

        Args:
            picture: or None.
            view: of the screen.
            seen: of the picture, what the view shows.
        """
        self._box = QRectF()
        if picture is None or not self.wanted or seen.contains(QRectF(0, 0, picture.width, picture.height)):
            return
        across, down = min(_SIDE, view.width() * _SHARE), min(_SIDE, view.height() * _SHARE)
        self._scale = min(across / picture.width, down / picture.height)
        width, height = picture.width * self._scale, picture.height * self._scale
        self._box = QRectF(view.right() - width - GAP.m, view.bottom() - height - GAP.m, width, height)

    @property
    def box(self) -> QRectF:
        """Where it is on the view, with its frame; empty where it isn't."""
        return QRectF() if self._box.isEmpty() else self._box.adjusted(-4, -4, 4, 4)

    def to_picture(self, point: QPointF) -> QPointF:
        """What of the picture lies under a point of the view."""
        return (point - self._box.topLeft()) / self._scale

    def paint(self, painter: QPainter, colours: Tokens, picture: Pyramid, seen: QRectF) -> None:
        """The picture, and a frame about what is seen."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colours.border), 1))
        painter.setBrush(QColor(colours.raised))
        painter.drawRoundedRect(self._box.adjusted(-3, -3, 3, 3), RADIUS / 2, RADIUS / 2)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(self._box, picture.smallest)
        frame = QRectF(seen.topLeft() * self._scale, seen.size() * self._scale).translated(self._box.topLeft())
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in (("#FFFFFF", 4), (colours.accent, 2)):
            painter.setPen(QPen(QColor(colour), width))
            painter.drawRect(frame.intersected(self._box))
