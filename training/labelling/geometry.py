"""What is done to outlines: mend, clip, simplify, split, join, measure. Rings are float (n, 2): x and y in pixels."""

from __future__ import annotations

import heapq
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.errors import LabelError
from training.labelling.arrangement import FARTHEST, crossings, to_grid
from training.labelling.planar import Region, combine, ring_area

__all__ = [
    "area",
    "box_iou",
    "clip",
    "is_simple",
    "mask_iou",
    "merge",
    "polygon_iou",
    "repair",
    "simplify",
    "simplify_to",
    "split",
    "subtract",
]

Ring = NDArray[np.float64]
Box = tuple[float, float, float, float]


def area(polygons: Sequence[NDArray[np.floating]]) -> float:
    """Square pixels that simple rings cover together; what several cover counts once."""
    return sum(region.area for region in merge(polygons))


def is_simple(ring: NDArray[np.floating]) -> bool:
    """Whether a ring has three corners or more and touches itself nowhere, to a 256th of a pixel.

    Raises:
        LabelError: a corner is no number, or lies more than a million pixels away; so do all that follow.
    """
    starts = to_grid(ring)
    count = len(starts)
    if count < 3 or len(np.unique(starts, axis=0)) < count:
        return False
    ends = np.roll(starts, -1, axis=0)
    for i, j in crossings(starts, ends):
        a, b, c, d = starts[i], ends[i], starts[j], ends[j]
        sides = [
            np.sign((q - p)[:, 0] * (r - p)[:, 1] - (q - p)[:, 1] * (r - p)[:, 0])
            for p, q, r in ((a, b, c), (a, b, d), (c, d, a), (c, d, b))
        ]
        meet = (sides[0] * sides[1] <= 0) & (sides[2] * sides[3] <= 0)
        following, preceding = (i + 1) % count == j, (j + 1) % count == i
        folded = np.where(following, sides[1] == 0, sides[0] == 0) & (np.sum((b - a) * (d - c), axis=1) < 0)
        if np.any(meet & np.where(following | preceding, folded, True)):
            return False
    return True


def repair(ring: NDArray[np.floating]) -> list[Region]:
    """The areas a ring goes around, however it crosses itself; none where it encloses nothing. The largest first."""
    return combine([[ring]], lambda within: within[:, 0])


def merge(polygons: Sequence[NDArray[np.floating]]) -> list[Region]:
    """The areas that any of several rings goes around."""
    return combine([[ring] for ring in polygons], lambda within: np.any(within, axis=1))


def subtract(ring: NDArray[np.floating], others: Sequence[NDArray[np.floating]]) -> list[Region]:
    """What is left of a ring's area without those of others."""
    return combine([[ring], *([one] for one in others)], lambda within: within[:, 0] & ~np.any(within[:, 1:], axis=1))


def clip(ring: NDArray[np.floating], width: float, height: float) -> list[Region]:
    """What of a ring's area lies in a picture of ``width`` x ``height`` pixels."""
    points = np.asarray(ring, np.float64).reshape(-1, 2)
    picture = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float64)
    if len(points) >= 3 and np.all((points >= 0) & (points <= (width, height))) and is_simple(points):
        return [Region(points if ring_area(points) > 0 else points[::-1])]
    inside = combine([[points], [picture]], lambda within: np.all(within, axis=1))
    limits = (width, height)  # corners within a grid step of the frame are put onto it
    return [
        Region(np.clip(one.outer, 0, limits), tuple(np.clip(hole, 0, limits) for hole in one.holes)) for one in inside
    ]


def split(ring: NDArray[np.floating], start: tuple[float, float], end: tuple[float, float]) -> list[Region]:
    """The pieces of a ring's area on both sides of the straight line through two points; the largest first.

    Raises:
        LabelError: both points are the same.
    """
    along = np.subtract(end, start, dtype=np.float64)
    length = float(np.hypot(*along))
    if not 0 < length < FARTHEST:
        raise LabelError("A line to split by needs two different points; draw it across the outline.")
    along /= length
    across = np.array([-along[1], along[0]])
    points = np.asarray(ring, np.float64).reshape(-1, 2)
    reach = 1 + float(np.abs(points - np.asarray(start)).max(initial=0)) * 2
    begin, stop = np.asarray(start) - reach * along, np.asarray(start) + reach * along
    side = np.array([begin, stop, stop + reach * across, begin + reach * across])
    pieces = [
        *combine([[points], [side]], lambda within: within[:, 0] & within[:, 1]),
        *combine([[points], [side]], lambda within: within[:, 0] & ~within[:, 1]),
    ]
    return sorted(pieces, key=lambda region: -region.area)


def simplify(ring: NDArray[np.floating], tolerance: float) -> Ring:
    """A ring with fewer corners, none of those left out over ``tolerance`` pixels away from it (Douglas and Peucker).

    A simple ring stays simple: corners are put back until it is.
    """
    return _simplified(ring, tolerance, 3)


def simplify_to(ring: NDArray[np.floating], corners: int) -> Ring:
    """A ring of at most ``corners`` corners (3 or more), those that matter most; more where it would cross itself."""
    return _simplified(ring, 0.0, corners, most=max(3, corners))


def _simplified(ring: NDArray[np.floating], tolerance: float, least: int, most: int | None = None) -> Ring:
    points = np.asarray(ring, np.float64).reshape(-1, 2)
    count = len(points)
    if count <= max(3, least):
        return points.copy()
    first = int(np.argmax(np.sum((points - points.mean(axis=0)) ** 2, axis=1)))
    second = int(np.argmax(np.sum((points - points[first]) ** 2, axis=1)))
    kept = {first, second}
    waiting: list[tuple[float, int, int, int]] = []

    def wait(start: int, end: int) -> None:
        between = np.arange(start + 1, end if end > start else end + count) % count
        if len(between):
            off = _distances(points[between], points[start], points[end])
            worst = int(np.argmax(off))
            heapq.heappush(waiting, (-float(off[worst]), start, end, int(between[worst])))

    wait(first, second)
    wait(second, first)
    was_simple: bool | None = None
    while waiting:
        enough = len(kept) >= most if most is not None else len(kept) >= 3 and -waiting[0][0] <= tolerance
        if enough:
            found = points[sorted(kept)]
            if is_simple(found):
                return found
            was_simple = is_simple(points) if was_simple is None else was_simple
            if not was_simple:
                return found
        for _ in range(max(1, len(kept) // 16) if enough else 1):
            if waiting:
                _, start, end, worst = heapq.heappop(waiting)
                kept.add(worst)
                wait(start, worst)
                wait(worst, end)
    return points[sorted(kept)]


def _distances(points: Ring, start: Ring, end: Ring) -> Ring:
    """Of points (n, 2) from the piece of a line between two points (2,)."""
    along = end - start
    length = float(along @ along)
    share = np.clip((points - start) @ along / length, 0, 1) if length else np.zeros(len(points))
    off: Ring = np.hypot(*(points - start - share[:, None] * along).T)
    return off


def polygon_iou(one: Sequence[NDArray[np.floating]], other: Sequence[NDArray[np.floating]]) -> float:
    """Intersection over union of two areas, each that of several rings together; 1 where both are empty."""
    split_at = len(one)
    rings = [[ring] for ring in (*one, *other)]

    def both(within: NDArray[np.bool_]) -> NDArray[np.bool_]:
        first, second = within[:, :split_at].any(axis=1), within[:, split_at:].any(axis=1)
        return np.logical_and(first, second)

    union = sum(region.area for region in combine(rings, lambda within: np.any(within, axis=1)))
    return sum(region.area for region in combine(rings, both)) / union if union else 1.0


def mask_iou(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> float:
    """Intersection over union of two bool masks of one shape; 1 where both are empty."""
    union = int(np.count_nonzero(one | other))
    return int(np.count_nonzero(one & other)) / union if union else 1.0


def box_iou(one: Box, other: Box) -> float:
    """Intersection over union of two boxes (left, top, width, height); 0 where both have no area."""
    across = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    down = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    shared = max(0.0, across) * max(0.0, down)
    union = one[2] * one[3] + other[2] * other[3] - shared
    return shared / union if union > 0 else 0.0
