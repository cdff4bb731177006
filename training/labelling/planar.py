"""Areas between rings of points: union, intersection, difference and repair of polygons that may cross themselves.

Corners are rounded to a grid of 1/256 pixel first. All edges are cut where they meet until none crosses another (snap
rounding: Hobby, "Practical segment intersection with finite precision output", 1999); those with the inside on one side
only are the border. Corners that were there before keep the coordinates they had.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.labelling.arrangement import GRID, Ints, cross, cut, merged, sides, to_grid

__all__ = ["Region", "combine", "ring_area", "split_repeated"]

Ring = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Region:
    """A connected area.

    Attributes:
        outer: float64 (n, 2), x and y of its corners in order; the area by the shoelace formula is positive.
        holes: the same of each hole; their areas are negative.
    """

    outer: Ring
    holes: tuple[Ring, ...] = ()

    @property
    def rings(self) -> tuple[Ring, ...]:
        """The outer one first."""
        return (self.outer, *self.holes)

    @property
    def area(self) -> float:
        """Square pixels, without the holes."""
        return sum(ring_area(ring) for ring in self.rings)


def ring_area(ring: NDArray[np.floating]) -> float:
    """Square pixels inside a ring (n, 2) by the shoelace formula; positive where it runs from x towards y."""
    if len(ring) < 3:
        return 0.0
    x, y = (ring - ring[0]).astype(np.float64).T
    return float(np.dot(x, np.roll(y, -1)) - np.dot(np.roll(x, -1), y)) / 2


def combine(
    polygons: Sequence[Sequence[NDArray[np.floating]]], inside: Callable[[NDArray[np.bool_]], NDArray[np.bool_]]
) -> list[Region]:
    """The area that ``inside`` says, as regions, the largest first.

    Args:
        polygons: each a sequence of rings (n, 2); a point is in a polygon where the rings of it wind around it at all
            (the non-zero rule: a hole runs the other way).
        inside: from bool (points, polygons), which polygons a point is in, to bool (points,).

    Raises:
        LabelError: as ``to_grid``.
    """
    starts, ends, owners, known = _edges(polygons)
    starts, ends, owners = cut(starts, ends, owners)
    if not len(starts):
        return []
    starts, ends, windings = merged(starts, ends, owners, len(polygons))
    right, left = sides(starts, ends, windings)
    in_left, in_right = inside(left != 0), inside(right != 0)
    border = in_left != in_right
    # the inside lies to the right hand of an edge on a screen, where y runs down
    begins = np.where(in_right[border, None], starts[border], ends[border])
    stops = np.where(in_right[border, None], ends[border], starts[border])
    return _regions([part for ring in _stitched(begins, stops) for part in split_repeated(ring)], known)


def _edges(
    polygons: Sequence[Sequence[NDArray[np.floating]]],
) -> tuple[Ints, Ints, Ints, dict[tuple[int, int], tuple[float, float]]]:
    starts, ends, owners = [np.empty((0, 2), np.int64)], [np.empty((0, 2), np.int64)], [np.empty(0, np.int64)]
    known: dict[tuple[int, int], tuple[float, float]] = {}
    for owner, rings in enumerate(polygons):
        for ring in rings:
            grid = to_grid(ring)
            if len(grid) < 3:
                continue
            exact = np.asarray(ring, np.float64).reshape(-1, 2)
            rounded = np.rint(exact * GRID).astype(np.int64).tolist()
            known.update({(a, b): (x, y) for (a, b), (x, y) in zip(rounded, exact.tolist(), strict=True)})
            starts.append(grid)
            ends.append(np.roll(grid, -1, axis=0))
            owners.append(np.full(len(grid), owner, np.int64))
    return np.concatenate(starts), np.concatenate(ends), np.concatenate(owners), known


def _stitched(begins: Ints, stops: Ints) -> Iterator[list[tuple[int, int]]]:
    """Rings of directed edges; where several go on, the one that keeps to the same piece of the inside."""
    leaving: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for begin, stop in zip(map(tuple, begins.tolist()), map(tuple, stops.tolist()), strict=True):
        leaving.setdefault(begin, []).append(stop)
    while leaving:
        first = next(iter(leaving))
        ring, here = [first], leaving[first].pop()
        if not leaving[first]:
            del leaving[first]
        while here != first:
            ways = leaving[here]
            ring.append(here)
            way = max(range(len(ways)), key=lambda one: _turn(ring[-2], here, ways[one])) if len(ways) > 1 else 0
            onward = ways.pop(way)
            if not ways:
                del leaving[here]
            here = onward
        yield ring


def _turn(before: tuple[int, int], here: tuple[int, int], after: tuple[int, int]) -> float:
    """The turn at ``here``, -pi to pi, positive from x towards y."""
    ax, ay, bx, by = here[0] - before[0], here[1] - before[1], after[0] - here[0], after[1] - here[1]
    return float(np.arctan2(ax * by - ay * bx, ax * bx + ay * by))


def split_repeated(ring: Sequence[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """The rings that a ring consists of which comes through a corner more than once."""
    path: list[tuple[int, int]] = []
    place: dict[tuple[int, int], int] = {}
    for corner in ring:
        if corner in place:
            start = place[corner]
            yield path[start:]
            for gone in path[start + 1 :]:
                del place[gone]
            del path[start + 1 :]
        else:
            place[corner] = len(path)
            path.append(corner)
    yield path


def _regions(
    rings: Sequence[Sequence[tuple[int, int]]], known: dict[tuple[int, int], tuple[float, float]]
) -> list[Region]:
    outer: list[tuple[Ints, Ring]] = []
    holes: list[tuple[Ints, Ring]] = []
    for corners in rings:
        whole = np.array(corners, np.int64)
        grid = _straightened(whole)
        if len(grid) < 3:
            continue
        ring = np.array([known.get((x, y), (x / GRID, y / GRID)) for x, y in grid.tolist()])
        (outer if ring_area(grid.astype(np.float64)) > 0 else holes).append((whole, ring))
    outer.sort(key=lambda one: ring_area(one[1]))
    inner: list[list[Ring]] = [[] for _ in outer]
    for whole, hole in holes:
        owner = next((place for place, (around, _) in enumerate(outer) if _holds(around, whole)), None)
        if owner is not None:
            inner[owner].append(hole)
    return [Region(ring, tuple(inside)) for (_, ring), inside in zip(outer[::-1], inner[::-1], strict=True)]


def _straightened(ring: Ints) -> Ints:
    """Without corners on a straight line between their neighbours."""
    bends: NDArray[np.bool_] = cross(ring - np.roll(ring, 1, axis=0), np.roll(ring, -1, axis=0) - ring) != 0
    straight: Ints = ring[bends]
    return straight


def _holds(ring: Ints, hole: Ints) -> bool:
    """Whether ``hole``, which crosses ``ring`` nowhere and meets it at corners of both only, lies in it."""
    corners = set(map(tuple, ring.tolist()))
    point = next((one for one in hole.tolist() if tuple(one) not in corners), None)
    doubled = 2 * ring
    # where it shares every corner, the middle of an edge is asked for
    x, y = (hole[0] + hole[1]).tolist() if point is None else (2 * point[0], 2 * point[1])
    ends = np.roll(doubled, -1, axis=0)
    spans = (doubled[:, 1] <= y) != (ends[:, 1] <= y)
    a, b = doubled[spans], ends[spans]
    side = cross(b - a, np.array([x, y]) - a) * np.where(b[:, 1] > a[:, 1], 1, -1)
    return bool(np.count_nonzero(side > 0) % 2)
