"""What is done to the shapes of a label: another form, mended, cut in two, joined, with fewer points. No Qt.

Whatever else is known of a shape (its attributes) stays with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from models.errors import LabelError
from training.datasets.values import Shape
from training.labelling import geometry
from training.labelling.planar import Region

__all__ = ["fault", "formed", "joined", "mended", "points_of", "rings_of", "simplified", "split"]

Point = tuple[float, float]

_SLACK = 1e-6
"""Pixels that a shape may reach beyond the picture before it counts: sums of floats are not exact."""


def points_of(ring: Sequence[float]) -> tuple[Point, ...]:
    """x, y, x, y, ... as points."""
    return tuple((ring[place], ring[place + 1]) for place in range(0, len(ring), 2))


def rings_of(shape: Shape) -> list[NDArray[np.float64]]:
    """Each part of its outline as float64 (n, 2); of a plain box its four corners from the top left on, clockwise."""
    if shape.polygons:
        return [np.array(ring, np.float64).reshape(-1, 2) for ring in shape.polygons]
    right, bottom = shape.left + shape.width, shape.top + shape.height
    corners = [(shape.left, shape.top), (right, shape.top), (right, bottom), (shape.left, bottom)]
    return [np.array(corners, np.float64)]


def formed(
    shape: Shape, polygons: Iterable[Sequence[Point]], box: tuple[float, float, float, float] | None = None
) -> Shape:
    """``shape`` with another outline, and the box about it; with no outline, of another ``box``."""
    parts = tuple(tuple(float(number) for point in ring for number in point) for ring in polygons)
    if parts and box is None:
        xs, ys = [x for one in parts for x in one[::2]], [y for one in parts for y in one[1::2]]
        box = min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)
    left, top, width, height = box or (shape.left, shape.top, shape.width, shape.height)
    return replace(shape, left=left, top=top, width=width, height=height, polygons=parts, rle=None)


@lru_cache(maxsize=16384)
def fault(shape: Shape, width: int, height: int) -> str:
    """What is wrong with a shape in a picture of this size: one sentence, "" where nothing is."""
    xs = [shape.left, shape.left + shape.width, *(x for ring in shape.polygons for x in ring[::2])]
    ys = [shape.top, shape.top + shape.height, *(y for ring in shape.polygons for y in ring[1::2])]
    if max(xs) <= 0 or max(ys) <= 0 or min(xs) >= width or min(ys) >= height:
        return f"{shape.category} lies outside of the picture; mending it takes it away."
    try:
        crossed = shape.polygons and not all(geometry.is_simple(ring) for ring in rings_of(shape))
    except LabelError as error:
        return str(error)
    if crossed:
        return f"The outline of {shape.category} crosses or touches itself; mend it, or move its points."
    if min(xs) < -_SLACK or min(ys) < -_SLACK or max(xs) > width + _SLACK or max(ys) > height + _SLACK:
        return f"{shape.category} reaches beyond the picture; mending it cuts that off."
    return ""


def mended(shape: Shape, width: int, height: int) -> Shape | None:
    """``shape`` without crossings and within the picture; None where nothing of it is left there."""
    if not shape.polygons:
        left, top = max(0.0, shape.left), max(0.0, shape.top)
        right, bottom = min(float(width), shape.left + shape.width), min(float(height), shape.top + shape.height)
        if right <= left or bottom <= top:
            return None
        return replace(shape, left=left, top=top, width=right - left, height=bottom - top, rle=None)
    try:
        whole = [one.outer for ring in rings_of(shape) for one in geometry.repair(ring)]
        inside = [one for ring in whole for one in geometry.clip(ring, width, height)]
    except LabelError:  # too far away to be counted with
        return None
    return _of_regions(shape, inside) if inside else None


def split(shape: Shape, start: Point, end: Point) -> tuple[Shape, ...]:
    """The two sides of a shape along the straight line through two points; the shape alone where it misses that.

    Raises:
        LabelError: both points are the same.
    """
    sides: tuple[list[Region], list[Region]] = [], []
    for ring in rings_of(shape):
        for piece in geometry.split(ring, start, end):
            x, y = piece.outer.mean(axis=0)
            turn = (end[0] - start[0]) * (y - start[1]) - (end[1] - start[1]) * (x - start[0])
            sides[int(turn > 0)].append(piece)
    if not all(sides):
        return (shape,)
    return tuple(_of_regions(shape, side) for side in sides)


def joined(shapes: Sequence[Shape]) -> Shape:
    """One shape of all, of the category and with the attributes of the first; in parts where they don't touch."""
    regions = geometry.merge([ring for one in shapes for ring in rings_of(one)])
    return _of_regions(shapes[0], regions) if regions else shapes[0]


def simplified(shape: Shape, points: int) -> Shape:
    """``shape`` with about ``points`` points in all, three or more a part, those that matter most."""
    rings = rings_of(shape)
    count = sum(map(len, rings))
    if points >= count:
        return shape
    kept = [geometry.simplify_to(ring, max(3, round(len(ring) * points / count))) for ring in rings]
    return formed(shape, [_points(ring) for ring in kept])


def _of_regions(shape: Shape, regions: Sequence[Region]) -> Shape:
    """Holes are filled: polygons can't say them."""
    return formed(shape, [_points(one.outer) for one in regions])


def _points(ring: NDArray[np.float64]) -> list[Point]:
    return [(x, y) for x, y in ring.round(3).tolist()]
