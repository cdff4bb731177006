"""Snapping to the edges of other shapes and of the picture, and rounding to what a hand can mean."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence

from PySide6.QtCore import QRectF

from desktop.widgets.canvas.shapes import Box, CanvasShape, Point, corners, nearest_on
from desktop.widgets.canvas.tool import Surface

__all__ = ["Snapper", "quarter", "whole"]

_REACH = 6.0  # pixels of the screen
_MOST = 400  # shapes looked at: more of them in reach are no help to anybody


def whole(number: float) -> float:
    """The nearest edge of a pixel."""
    return float(math.floor(number + 0.5))


def quarter(point: Point) -> Point:
    """The nearest quarter of a pixel: corners of outlines may lie within pixels."""
    return math.floor(point[0] * 4 + 0.5) / 4, math.floor(point[1] * 4 + 0.5) / 4


class Snapper:
    """What there is to snap to while one drag lasts.

    Args:
        canvas: with the shapes.
        moving: ids of those that are dragged; they are no aim of their own.
    """

    def __init__(self, canvas: Surface, moving: Collection[int] = ()) -> None:
        self._canvas, self._moving = canvas, frozenset(moving)

    def _others(self, area: QRectF) -> list[CanvasShape]:
        near = [one for one in self._canvas.shapes_within(area) if one.id not in self._moving]
        return near[-_MOST:]

    def shift(self, box: Box, pixel: float) -> tuple[float, float]:
        """How far to move ``box`` so that edges of it meet others; 0 along a side where none is in reach."""
        left, top, width, height = box
        xs, ys = self._edges(QRectF(*box), pixel)
        return _nearest((left, left + width), xs, pixel), _nearest((top, top + height), ys, pixel)

    def corner(self, point: Point, pixel: float) -> Point:
        """``point`` with its x and y each at an edge in reach, else at the nearest whole pixel."""
        xs, ys = self._edges(QRectF(point[0], point[1], 1e-6, 1e-6), pixel)
        across, down = _nearest(point[:1], xs, pixel), _nearest(point[1:], ys, pixel)
        return (
            point[0] + across if across else whole(point[0]),
            point[1] + down if down else whole(point[1]),
        )

    def point(self, point: Point, pixel: float) -> Point:
        """``point`` at a corner of another outline in reach, else on an edge of one or of the picture."""
        reach = _REACH * pixel
        area = QRectF(point[0] - reach, point[1] - reach, 2 * reach, 2 * reach)
        rings = [ring for one in self._others(area) for ring in one.polygons or (corners(one.box),)]
        points = [corner for ring in rings for corner in ring]
        width, height = self._canvas.picture_size
        frame = corners((0.0, 0.0, float(width), float(height)))
        ends = [nearest_on(point, ring[place - 1], end) for ring in (*rings, frame) for place, end in enumerate(ring)]
        for candidates in (points, ends):
            best = min(candidates, key=lambda one: math.dist(one, point), default=None)
            if best is not None and math.dist(best, point) <= reach:
                return round(best[0], 3), round(best[1], 3)
        return quarter(point)

    def _edges(self, area: QRectF, pixel: float) -> tuple[list[float], list[float]]:
        """Where upright and level edges of what lies near are."""
        room = max(200 * pixel, area.width(), area.height())
        width, height = self._canvas.picture_size
        xs, ys = [0.0, float(width)], [0.0, float(height)]
        for one in self._others(area.adjusted(-room, -room, room, room)):
            left, top, across, down = one.bounds
            xs += (left, left + across)
            ys += (top, top + down)
        return xs, ys


def _nearest(places: Sequence[float], aims: Iterable[float], pixel: float) -> float:
    aims = list(aims)
    best = min((aim - place for aim in aims for place in places), key=abs, default=math.inf)
    return best if abs(best) <= _REACH * pixel else 0.0
