"""What the canvas draws over a picture: boxes and outlines, as frozen values; how they are moved and reshaped.

Coordinates are pixels of the full-size picture, (0, 0) the outer corner of its first pixel.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPolygonF

__all__ = [
    "Box",
    "CanvasShape",
    "Point",
    "bounds_of",
    "corners",
    "moved",
    "nearest_on",
    "polygon_of",
    "with_box",
    "with_polygons",
]

Point = tuple[float, float]
"""x, y."""

Box = tuple[float, float, float, float]
"""Left, top, width, height."""


@dataclass(frozen=True, slots=True)
class CanvasShape:
    """One thing in a picture.

    Attributes:
        id: tells it from the others on the canvas.
        name: what is written beside it.
        colour: #RRGGBB.
        box: what it lies in.
        polygons: its outline, in one or more parts of three points or more; empty for a plain box.
        dashed: whether it is a proposal.
        selected: whether it stands out.
        crowd: whether it is many things at once: drawn hatched, and not to be reshaped.
        data: whatever belongs to it and isn't drawn; copies and other forms of it keep it.
    """

    id: int
    name: str
    colour: str
    box: Box
    polygons: tuple[tuple[Point, ...], ...] = ()
    dashed: bool = False
    selected: bool = False
    crowd: bool = False
    data: object = field(default=None, compare=False, repr=False)

    @property
    def bounds(self) -> Box:
        """What box and outline lie in."""
        left, top, width, height = self.box
        corners = [(left, top), (left + width, top + height)]
        return bounds_of(corners + [point for one in self.polygons for point in one])

    @property
    def rect(self) -> QRectF:
        """``bounds`` for Qt."""
        return QRectF(*self.bounds)

    def contains(self, x: float, y: float) -> bool:
        """Whether the point lies in the outline (by the even-odd rule over all parts), or in the box of a plain box."""
        left, top, width, height = self.bounds
        if not (left <= x <= left + width and top <= y <= top + height):
            return False
        if not self.polygons:
            return True
        return sum(_inside(one, x, y) for one in self.polygons) % 2 == 1

    def distance(self, x: float, y: float) -> float:
        """Pixels from the point to the nearest edge."""
        return min(
            _to_segment((x, y), one[place - 1], point)
            for one in self.polygons or (corners(self.box),)
            for place, point in enumerate(one)
        )


def corners(box: Box) -> tuple[Point, ...]:
    """Top left, top right, bottom right, bottom left."""
    left, top, width, height = box
    return (left, top), (left + width, top), (left + width, top + height), (left, top + height)


def bounds_of(points: Sequence[Point]) -> Box:
    """The smallest box about one or more points."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)


def moved(shape: CanvasShape, dx: float, dy: float) -> CanvasShape:
    """``shape`` elsewhere."""
    left, top, width, height = shape.box
    polygons = tuple(tuple((x + dx, y + dy) for x, y in one) for one in shape.polygons)
    return replace(shape, box=(left + dx, top + dy, width, height), polygons=polygons)


def with_box(shape: CanvasShape, box: Box) -> CanvasShape:
    """``shape`` in another box; its outline is stretched along."""
    old_left, old_top, old_width, old_height = shape.box
    left, top, width, height = box

    def along(point: Point) -> Point:
        across = (point[0] - old_left) / old_width if old_width else 0.0
        down = (point[1] - old_top) / old_height if old_height else 0.0
        return left + across * width, top + down * height

    return replace(shape, box=box, polygons=tuple(tuple(map(along, one)) for one in shape.polygons))


def with_polygons(shape: CanvasShape, polygons: Sequence[Sequence[Point]]) -> CanvasShape:
    """``shape`` with another outline of at least one part; its box follows."""
    parts = tuple(tuple(one) for one in polygons)
    return replace(shape, box=bounds_of([point for one in parts for point in one]), polygons=parts)


def polygon_of(points: Sequence[Point]) -> QPolygonF:
    """For Qt."""
    return QPolygonF([QPointF(x, y) for x, y in points])


def _inside(polygon: Sequence[Point], x: float, y: float) -> bool:
    found = False
    for place, (x2, y2) in enumerate(polygon):
        x1, y1 = polygon[place - 1]
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            found = not found
    return found


def _to_segment(point: Point, start: Point, end: Point) -> float:
    near = nearest_on(point, start, end)
    return math.hypot(point[0] - near[0], point[1] - near[1])


def nearest_on(point: Point, start: Point, end: Point) -> Point:
    """The point of the segment from ``start`` to ``end`` that is nearest to ``point``."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = dx * dx + dy * dy
    along = 0.0 if not length else ((point[0] - start[0]) * dx + (point[1] - start[1]) * dy) / length
    along = min(1.0, max(0.0, along))
    return start[0] + along * dx, start[1] + along * dy
