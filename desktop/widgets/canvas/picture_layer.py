"""The lowest layer of the canvas: the picture (or two, with a curtain between them), what is laid over it, its grid."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from desktop.widgets.canvas.pyramid import Pyramid

__all__ = ["PictureLayer"]

_GRID = 8.0  # pixels of the screen a pixel, from which on a grid tells them apart


class PictureLayer(QGraphicsItem):
    """Paints the part of the picture that is seen."""

    def __init__(self) -> None:
        super().__init__()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self._picture: Pyramid | None = None
        self._other: Pyramid | None = None
        self._above: Pyramid | None = None
        self._curtain = 0.0
        self.parts: Sequence[QRectF] = ()
        """What the canvas is about to paint, in the picture's coordinates: Qt itself tells only the box about it."""

    @property
    def picture(self) -> Pyramid | None:
        """What is shown."""
        return self._picture

    @property
    def other(self) -> Pyramid | None:
        """What is shown right of the curtain."""
        return self._other

    def set_picture(self, picture: Pyramid | None) -> None:
        """Show ``picture`` alone."""
        self.prepareGeometryChange()
        self._picture, self._other, self._above = picture, None, None

    def swap_picture(self, picture: Pyramid) -> None:
        """Show ``picture`` of the same size in place of the one there is."""
        self._picture = picture
        self.update()

    def set_other(self, other: Pyramid | None) -> None:
        """Show ``other`` right of the curtain, stretched over the picture."""
        self._other = other
        self.update()

    def set_above(self, above: QImage | None) -> None:
        """Lay a picture with transparency over it, stretched."""
        self._above = None if above is None or above.isNull() else Pyramid(above, **self._size())
        self.update()

    def _size(self) -> dict[str, int]:
        return {} if self._picture is None else {"width": self._picture.width, "height": self._picture.height}

    def set_curtain(self, x: float) -> None:
        """Where the curtain hangs, in the picture's coordinates."""
        self._curtain = x
        self.update()

    def boundingRect(self) -> QRectF:  # noqa: N802 - Qt's name
        """The picture."""
        return QRectF() if self._picture is None else QRectF(0, 0, self._picture.width, self._picture.height)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """What is exposed of it."""
        scale = option.levelOfDetailFromTransform(painter.worldTransform())
        if widget is not None:
            scale *= widget.devicePixelRatioF()
        for part in self.parts or (option.exposedRect,):
            self._paint_part(painter, part, scale)

    def _paint_part(self, painter: QPainter, part: QRectF, scale: float) -> None:
        whole = self.boundingRect()
        painter.save()
        painter.setClipRect(part.intersected(whole))  # parts are painted once each, for what is above is transparent
        if self._picture is not None:
            self._picture.paint(painter, part, scale)
        if self._other is not None:
            painter.save()
            right = QRectF(self._curtain, whole.top(), whole.right() - self._curtain, whole.height())
            painter.setClipRect(right, Qt.ClipOperation.IntersectClip)
            self._other.paint(painter, part, scale)
            painter.restore()
        if self._above is not None:
            self._above.paint(painter, part, scale)
        if scale >= _GRID:
            _draw_grid(painter, part.intersected(whole))
        painter.restore()


def _draw_grid(painter: QPainter, part: QRectF) -> None:
    """A line about each pixel."""
    pen = QPen(QColor(128, 128, 128, 110), 1)
    pen.setCosmetic(True)
    painter.setPen(pen)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    lines = [QLineF(x, part.top(), x, part.bottom()) for x in range(math.ceil(part.left()), int(part.right()) + 1)]
    lines += [QLineF(part.left(), y, part.right(), y) for y in range(math.ceil(part.top()), int(part.bottom()) + 1)]
    painter.drawLines(lines)
