"""All shapes of the canvas in one item: thousands of them cost what is seen of them, and hits are looked up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF, qGray
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from desktop.theme import TYPE, sized
from desktop.widgets.canvas.shapes import CanvasShape, corners, polygon_of

__all__ = ["ShapesLayer"]

_FILL = 90  # of 255, at full overlay
_NAMED = 60  # shapes in sight, up to which each says its name
_FINE = 120  # likewise, up to which edges are smoothed: that costs ten times as much
_NAME_WIDTH = 260.0  # pixels of the screen
_NAME_HEIGHT = 36.0
_EDGE = 6.0
_BRIGHT = 120  # of 255, from which on black is read better than white


class ShapesLayer(QGraphicsItem):
    """Paints shapes over an area that is ``frame``."""

    def __init__(self) -> None:
        super().__init__()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self._frame = QRectF()
        self._shapes: dict[int, CanvasShape] = {}
        self._polygons: dict[int, list[QPolygonF]] = {}
        self._places: dict[int, int] = {}
        self._ids: NDArray[np.int64] = np.empty(0, np.int64)
        self._bounds: NDArray[np.float64] = np.empty((0, 4))
        self._opacity = 1.0
        self._pixel = 1.0
        self._count = 0
        self._parts: Sequence[QRectF] = ()

    # -- what there is ------------------------------------------------------------------------------------------------

    @property
    def shapes(self) -> tuple[CanvasShape, ...]:
        """All, the lowest first."""
        return tuple(self._shapes.values())

    def find(self, number: int) -> CanvasShape | None:
        """The shape with this id."""
        return self._shapes.get(number)

    def set_frame(self, frame: QRectF) -> None:
        """Where shapes are painted at all."""
        self.prepareGeometryChange()
        self._frame = frame

    def set_shapes(self, shapes: Sequence[CanvasShape]) -> None:
        """Show these, the lowest first."""
        self._shapes = {one.id: one for one in shapes}
        self._polygons = {}
        self._places = {number: place for place, number in enumerate(self._shapes)}
        self._ids = np.array(list(self._shapes), np.int64)
        rows = [_row(one) for one in self._shapes.values()]
        self._bounds = np.array(rows, np.float64).reshape(len(rows), 4)
        self.update()

    def update_shapes(self, shapes: Iterable[CanvasShape]) -> None:
        """Show these in place of those with their ids; ids that are not there are ignored."""
        for one in shapes:
            if one.id in self._shapes:
                self.update(self._touched(self._shapes[one.id]))
                self._shapes[one.id] = one
                self._polygons.pop(one.id, None)
                self._bounds[self._places[one.id]] = _row(one)
                self.update(self._touched(one))

    def set_fill(self, opacity: float) -> None:
        """0 to 1, of what is filled."""
        self._opacity = opacity
        self.update()

    def set_pixel(self, pixel: float) -> None:
        """Pixels of the picture for one of the screen, as it is now."""
        self._pixel = pixel

    def _touched(self, shape: CanvasShape) -> QRectF:
        edge = _EDGE * self._pixel
        area = shape.rect.adjusted(-edge, -_NAME_HEIGHT * self._pixel, edge, edge)
        return area.united(QRectF(area.left(), area.top(), _NAME_WIDTH * self._pixel, area.height()))

    # -- looking up ---------------------------------------------------------------------------------------------------

    def within(self, area: QRectF) -> list[CanvasShape]:
        """Those whose box touches ``area``, the lowest first."""
        return [self._shapes[number] for number in self._ids[self._meets(area)].tolist()]

    def _meets(self, area: QRectF) -> NDArray[np.bool_]:
        left, top, right, bottom = self._bounds.T
        found: NDArray[np.bool_] = (
            (left <= area.right()) & (right >= area.left()) & (top <= area.bottom()) & (bottom >= area.top())
        )
        return found

    def at(self, x: float, y: float, reach: float) -> CanvasShape | None:
        """The smallest shape that holds the point or has an edge within ``reach``; selected ones first."""
        near = self.within(QRectF(x - reach, y - reach, 2 * reach, 2 * reach))
        hit = [one for one in near if one.contains(x, y) or one.distance(x, y) <= reach]
        return min(reversed(hit), key=lambda one: (not one.selected, one.box[2] * one.box[3]), default=None)

    # -- painting -----------------------------------------------------------------------------------------------------

    def look(self, seen: QRectF, parts: Sequence[QRectF]) -> bool:
        """What the view shows, and which parts of it are about to be painted.

        Returns:
            Whether all of it must be: where many shapes are in sight, each is drawn with less care.
        """
        before = self._grade()
        self._parts = parts
        self._count = int(self._meets(seen).sum())
        return self._grade() != before

    def _grade(self) -> int:
        return (self._count > _NAMED) + (self._count > _FINE)

    def boundingRect(self) -> QRectF:  # noqa: N802 - Qt's name
        """The frame."""
        return self._frame

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Those in sight; the selected ones on top."""
        self._pixel = 1 / option.levelOfDetailFromTransform(painter.worldTransform())
        edge = _EDGE * self._pixel
        meets = np.zeros(len(self._ids), bool)
        for part in self._parts or (option.exposedRect,):
            meets |= self._meets(part.adjusted(-_NAME_WIDTH * self._pixel, -edge, edge, _NAME_HEIGHT * self._pixel))
        seen = [self._shapes[number] for number in self._ids[meets].tolist()]
        many = self._count > _FINE
        if many:  # fewer changes of pen and brush
            seen.sort(key=lambda one: (one.selected, one.colour, one.dashed, one.crowd))
        else:
            seen.sort(key=lambda one: one.selected)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, not many)
        look: tuple[str, bool, bool, bool] | None = None
        for one in seen:
            now = (one.colour, one.dashed, one.crowd, one.selected)
            if now != look:
                look = now
                self._set_look(painter, one, many=many)
            self._draw(painter, one)
        chosen = [one for one in seen if one.selected]
        for one in seen if self._count <= _NAMED else chosen[:_NAMED]:
            self._draw_name(painter, one, widget.font() if widget is not None else QFont())

    def _set_look(self, painter: QPainter, shape: CanvasShape, *, many: bool) -> None:
        colour = QColor(shape.colour)
        pen = QPen(colour, 2 if shape.selected else 1 if many else 1.5)
        pen.setCosmetic(True)
        if shape.dashed:
            pen.setDashPattern([4, 3])
        painter.setPen(pen)
        veil = QColor(colour)
        veil.setAlpha(round(_FILL * self._opacity * (0.6 if shape.selected else 0.4 if shape.dashed else 1.0)))
        painter.setBrush(QBrush(veil, Qt.BrushStyle.BDiagPattern if shape.crowd else Qt.BrushStyle.SolidPattern))

    def _draw(self, painter: QPainter, shape: CanvasShape) -> None:
        polygons = self._polygons.get(shape.id)
        if polygons is None:
            polygons = [polygon_of(one) for one in shape.polygons or (corners(shape.box),)]
            self._polygons[shape.id] = polygons
        if shape.selected and not shape.dashed:
            own = painter.pen()
            halo = QPen(QColor(255, 255, 255, 190), 4.5)
            halo.setCosmetic(True)
            painter.setPen(halo)
            brush = painter.brush()
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for one in polygons:
                painter.drawPolygon(one)
            painter.setPen(own)
            painter.setBrush(brush)
        for one in polygons:
            painter.drawPolygon(one)

    def _draw_name(self, painter: QPainter, shape: CanvasShape, font: QFont) -> None:
        bounds = shape.rect
        if not shape.name or max(bounds.width(), bounds.height()) < 24 * self._pixel:
            return
        painter.save()
        corner = painter.worldTransform().map(bounds.topLeft())
        painter.resetTransform()
        small = sized(font, TYPE.secondary)
        metrics = QFontMetricsF(small)
        text = metrics.elidedText(shape.name, Qt.TextElideMode.ElideRight, _NAME_WIDTH - 24)
        height = metrics.height() + 2
        box = QRectF(corner.x() - 1, corner.y() - height - 2, metrics.horizontalAdvance(text) + 10, height)
        painter.setPen(Qt.PenStyle.NoPen)
        colour = QColor(shape.colour)
        painter.setBrush(colour)
        painter.drawRoundedRect(box, 3, 3)
        painter.setPen(QColor("#000000" if qGray(colour.rgb()) > _BRIGHT else "#FFFFFF"))
        painter.setFont(small)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        painter.restore()


def _row(shape: CanvasShape) -> tuple[float, float, float, float]:
    left, top, width, height = shape.bounds
    return left, top, left + width, top + height
