"""Handles of one shape and what dragging each does, for the select tool. Plain values, no painting."""

from __future__ import annotations

import math
from dataclasses import dataclass

from desktop.widgets.canvas.shapes import Box, CanvasShape, Point, nearest_on, with_box, with_polygons

__all__ = [
    "BOX_HANDLES",
    "Corner",
    "box_points",
    "edge_at",
    "handle_at",
    "middles",
    "point_added",
    "point_at",
    "point_moved",
    "point_removed",
    "resized",
]

BOX_HANDLES: tuple[tuple[int, int], ...] = ((-1, -1), (0, -1), (1, -1), (1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0))
"""Which sides each handle of a box moves, across and down: -1 left or top, 1 right or bottom."""

_LONG = 28.0  # pixels of the screen of an edge that has a handle in its middle


@dataclass(frozen=True, slots=True)
class Corner:
    """A corner of an outline: which part, and which point of it."""

    part: int
    place: int


def box_points(box: Box) -> tuple[Point, ...]:
    """Where the handles of a box are, in the order of ``BOX_HANDLES``."""
    left, top, width, height = box
    return tuple((left + (x + 1) / 2 * width, top + (y + 1) / 2 * height) for x, y in BOX_HANDLES)


def handle_at(shape: CanvasShape, point: Point, reach: float) -> int | None:
    """The handle of a plain box within ``reach``; corners before the middles of sides."""
    if shape.polygons:
        return None
    found = [
        (place % 2, math.dist(where, point), place)
        for place, where in enumerate(box_points(shape.box))
        if math.dist(where, point) <= reach
    ]
    return min(found)[2] if found else None


def resized(shape: CanvasShape, handle: int, point: Point) -> CanvasShape:
    """``shape`` with the sides of a handle at ``point``; sides that pass each other change places."""
    left, top, width, height = shape.box
    xs, ys = [left, left + width], [top, top + height]
    across, down = BOX_HANDLES[handle]
    if across:
        xs[across > 0] = point[0]
    if down:
        ys[down > 0] = point[1]
    return with_box(shape, (min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)))


def point_at(shape: CanvasShape, point: Point, reach: float) -> Corner | None:
    """The corner of an outline within ``reach``."""
    found = [
        (math.dist(where, point), part, place)
        for part, ring in enumerate(shape.polygons)
        for place, where in enumerate(ring)
        if math.dist(where, point) <= reach
    ]
    return Corner(*min(found)[1:]) if found else None


def middles(shape: CanvasShape, pixel: float) -> list[tuple[Corner, Point]]:
    """Middles of the edges that are long enough on the screen, each with where a corner comes to be."""
    return [
        (Corner(part, place or len(ring)), ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2))
        for part, ring in enumerate(shape.polygons)
        for place, end in enumerate(ring)
        for start in (ring[place - 1],)
        if math.dist(start, end) >= _LONG * pixel
    ]


def edge_at(shape: CanvasShape, point: Point, reach: float) -> tuple[Corner, Point] | None:
    """The place of the nearest edge within ``reach``, with where a corner comes to be."""
    found = []
    for part, ring in enumerate(shape.polygons):
        for place, end in enumerate(ring):
            near = nearest_on(point, ring[place - 1], end)
            found.append((math.dist(near, point), part, place or len(ring), near))
    if not found or min(found)[0] > reach:
        return None
    _, part, place, near = min(found)
    return Corner(part, place), near


def point_moved(shape: CanvasShape, corner: Corner, point: Point) -> CanvasShape:
    """``shape`` with a corner elsewhere."""
    return _with_ring(shape, corner, (point,), replaced=1)


def point_added(shape: CanvasShape, corner: Corner, point: Point) -> CanvasShape:
    """``shape`` with one more corner, before ``corner``."""
    return _with_ring(shape, corner, (point,), replaced=0)


def point_removed(shape: CanvasShape, corner: Corner) -> CanvasShape | None:
    """``shape`` without a corner; None where it has no more than three."""
    return None if len(shape.polygons[corner.part]) <= 3 else _with_ring(shape, corner, (), replaced=1)


def _with_ring(shape: CanvasShape, corner: Corner, points: tuple[Point, ...], *, replaced: int) -> CanvasShape:
    rings = list(shape.polygons)
    ring = rings[corner.part]
    rings[corner.part] = (*ring[: corner.place], *points, *ring[corner.place + replaced :])
    return with_polygons(shape, rings)
