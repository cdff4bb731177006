"""A category for each pixel, laid over the picture: an array that others write into, painted through a palette."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

__all__ = ["UNKNOWN", "MaskLayer"]

UNKNOWN = 255
"""The index of pixels that nobody knows."""

_VEIL, _STRIPE = QColor(225, 225, 225, 130), QColor(40, 40, 40)


class MaskLayer(QGraphicsItem):
    """Paints uint8 (H, W) of indices without copying them."""

    def __init__(self) -> None:
        super().__init__()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self._indices: NDArray[np.uint8] | None = None
        self._image = QImage()
        self._size = (0, 0)
        self._unknown = False
        self.parts: Sequence[QRectF] = ()
        """As ``PictureLayer.parts``."""

    def set_mask(self, indices: NDArray[np.uint8] | None, size: tuple[int, int]) -> None:
        """Show ``indices`` over a picture of ``size`` (width, height); None for no mask.

        Raises:
            ValueError: the array is no contiguous uint8 (H, W).
        """
        if indices is not None and (
            indices.dtype != np.uint8 or indices.ndim != 2 or not indices.size or not indices.flags.c_contiguous
        ):
            raise ValueError("a mask on the canvas is a contiguous uint8 (H, W)")
        self.prepareGeometryChange()
        self._indices, self._size, self._image = indices, size, QImage()
        if indices is not None:
            height, width = indices.shape
            self._image = QImage(indices.data, width, height, width, QImage.Format.Format_Indexed8)
            self._unknown = bool((indices == UNKNOWN).any())
        self.update()

    def set_palette(self, palette: Sequence[str]) -> None:
        """#RRGGBB of each index, "" for one that is not painted; indices beyond it are not painted either."""
        self._colours = [QColor(one).rgba() if one else 0 for one in palette[:UNKNOWN]]
        self._colours += [0] * (256 - len(self._colours))
        self.update()

    def changed(self, box: tuple[int, int, int, int] | None) -> None:
        """Paint anew what lies in ``box`` (left, top, width, height in pixels of the mask), None for all of it."""
        if self._indices is None:
            return
        height, width = self._indices.shape
        left, top, across, down = (0, 0, width, height) if box is None else box
        left, top = max(0, left), max(0, top)
        part = self._indices[top : max(0, top + down), left : max(0, left + across)]
        self._unknown = self._unknown or bool((part == UNKNOWN).any())
        x, y = self._size[0] / width, self._size[1] / height
        self.update(QRectF((left - 1) * x, (top - 1) * y, (part.shape[1] + 2) * x, (part.shape[0] + 2) * y))

    def boundingRect(self) -> QRectF:  # noqa: N802 - Qt's name
        """The picture."""
        return QRectF(0, 0, *self._size) if self._indices is not None else QRectF()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """What is exposed of it: the colours, and hatching where it is unknown."""
        if self._indices is None:
            return
        x, y = self._size[0] / self._image.width(), self._size[1] / self._image.height()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        for part in self.parts or (option.exposedRect,):
            source = _whole(part, x, y, self._image)
            target = QRectF(source.left() * x, source.top() * y, source.width() * x, source.height() * y)
            painter.save()
            painter.setClipRect(part)
            self._image.setColorTable(self._colours)
            painter.drawImage(target, self._image, source)
            if self._unknown:
                self._hatch(painter, target, source)
            painter.restore()

    def _hatch(self, painter: QPainter, target: QRectF, source: QRectF) -> None:
        """Stripes of the screen's own width, that stay in place on the picture while it is panned."""
        transform = painter.worldTransform()
        seen = transform.mapRect(target).toAlignedRect()
        seen = seen.intersected(QRect(0, 0, painter.device().width(), painter.device().height()))
        if seen.isEmpty():
            return
        drawn = QImage(seen.size(), QImage.Format.Format_ARGB32_Premultiplied)
        drawn.fill(Qt.GlobalColor.transparent)
        self._image.setColorTable([0] * UNKNOWN + [QColor(0, 0, 0).rgba()])
        own = QPainter(drawn)
        own.translate(-seen.left(), -seen.top())
        own.setTransform(transform, True)
        own.drawImage(target, self._image, source)
        own.resetTransform()
        own.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
        origin = transform.map(QPointF(0, 0)) - QPointF(seen.topLeft())
        own.setBrushOrigin(QPointF(math.floor(origin.x()) % 8, math.floor(origin.y()) % 8))
        own.fillRect(drawn.rect(), _VEIL)  # light stripes with dark ones between: seen on any picture
        own.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceAtop)
        own.fillRect(drawn.rect(), QBrush(_STRIPE, Qt.BrushStyle.BDiagPattern))
        own.end()
        painter.save()
        painter.resetTransform()
        painter.setOpacity(max(painter.opacity(), 0.6))
        painter.drawImage(seen.topLeft(), drawn)
        painter.restore()


def _whole(part: QRectF, x: float, y: float, image: QImage) -> QRectF:
    """The pixels of ``image`` that ``part`` touches."""
    left, top = max(0, math.floor(part.left() / x) - 1), max(0, math.floor(part.top() / y) - 1)
    right = min(image.width(), math.ceil(part.right() / x) + 1)
    bottom = min(image.height(), math.ceil(part.bottom() / y) + 1)
    return QRectF(left, top, max(0, right - left), max(0, bottom - top))
