"""Edges of rings on a grid of 1/256 pixel: where they meet, cut there, and what lies beside each.

On the grid every question of sides is answered in whole numbers, so no constellation (touching, overlapping or repeated
edges) is a special case.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from models.errors import LabelError

__all__ = ["FARTHEST", "GRID", "Ints", "cross", "crossings", "cut", "merged", "sides", "to_grid"]

GRID = 256
"""Steps to a pixel."""
FARTHEST = 1e6
"""Pixels from the first pixel to which corners may lie; so no product of grid coordinates leaves 64 bits."""

_ROUNDS = 32
_PIECE = 1 << 22

Ints = NDArray[np.int64]


def to_grid(ring: NDArray[np.floating]) -> Ints:
    """int64 (n, 2): a ring's corners in 256ths of a pixel, without repeats in a row.

    Raises:
        LabelError: a corner is no number, or farther away than ``FARTHEST``.
    """
    points = np.asarray(ring, np.float64).reshape(-1, 2)
    if not np.all(np.abs(points) <= FARTHEST):  # not true of NaN either
        raise LabelError("A corner of an outline lies far outside of any picture; draw the outline again.")
    grid = np.rint(points * GRID).astype(np.int64)
    return grid[np.any(grid != np.roll(grid, 1, axis=0), axis=1)] if len(grid) > 1 else grid


def crossings(starts: Ints, ends: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Pairs of edges (indices i, j) whose bounding boxes meet, in pieces; each pair once.

    Args:
        starts: int64 (n, 2).
        ends: likewise.
    """
    low, high = np.minimum(starts, ends), np.maximum(starts, ends)
    order = np.argsort(low[:, 0], kind="stable")
    lefts = low[order, 0]
    until = np.searchsorted(lefts, high[order, 0], side="right")  # those that begin before this one ends
    counts = until - np.arange(len(order)) - 1
    place = 0
    while place < len(order):
        stop = max(place + 1, int(np.searchsorted(np.cumsum(counts[place:]), _PIECE)) + place)
        some = counts[place:stop]
        first = np.repeat(np.arange(place, min(stop, len(order))), some)
        second = first + 1 + np.arange(len(first)) - np.repeat(np.cumsum(some) - some, some)
        i, j = order[first], order[second]
        meet = (low[i, 1] <= high[j, 1]) & (low[j, 1] <= high[i, 1])
        yield i[meet], j[meet]
        place = stop


def cross(a: Ints, b: Ints) -> Ints:
    """int64 (...): cross products of int64 (..., 2); positive where ``b`` lies from ``a`` on from x towards y."""
    return a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]


def cut(starts: Ints, ends: Ints, owners: Ints) -> tuple[Ints, Ints, Ints]:
    """Edges cut where they meet, until no two share more than an end."""
    for _ in range(_ROUNDS):
        edges, points = _meetings(starts, ends)
        if not len(edges):
            break
        starts, ends, owners = _cut_at(starts, ends, owners, edges, points)
    return starts, ends, owners


def _meetings(starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """Which edge (n,) is to be cut at which point (n, 2)."""
    edges, points = [np.empty(0, np.int64)], [np.empty((0, 2), np.int64)]
    for i, j in crossings(starts, ends):
        a, b, c, d = starts[i], ends[i], starts[j], ends[j]
        sides = [cross(b - a, c - a), cross(b - a, d - a), cross(d - c, a - c), cross(d - c, b - c)]
        signs = [np.sign(side) for side in sides]
        proper = (signs[0] * signs[1] < 0) & (signs[2] * signs[3] < 0)
        if proper.any():
            pick = np.flatnonzero(proper)
            share = sides[0][pick] / (sides[0][pick] - sides[1][pick])
            where = np.rint(c[pick] + share[:, None] * (d[pick] - c[pick])).astype(np.int64)
            for edge in (i, j):
                edges.append(edge[pick])
                points.append(where)
        for side, point, edge, begin, end in (
            (signs[0], c, i, a, b),
            (signs[1], d, i, a, b),
            (signs[2], a, j, c, d),
            (signs[3], b, j, c, d),
        ):  # an end of one lies on the other
            low, high = np.minimum(begin, end), np.maximum(begin, end)
            on = (side == 0) & np.all((point >= low) & (point <= high), axis=1)
            edges.append(edge[on])
            points.append(point[on])
    edge, where = np.concatenate(edges), np.concatenate(points)
    new = np.any(where != starts[edge], axis=1) & np.any(where != ends[edge], axis=1)
    return edge[new], where[new]


def _cut_at(starts: Ints, ends: Ints, owners: Ints, edges: Ints, points: Ints) -> tuple[Ints, Ints, Ints]:
    every = np.concatenate([np.arange(len(starts)), edges, np.arange(len(starts))])
    corners = np.concatenate([starts, points, ends])
    along = np.sum((corners - starts[every]).astype(np.float64) * (ends - starts)[every], axis=1)
    along[: len(starts)], along[-len(starts) :] = -np.inf, np.inf
    order = np.lexsort((along, every))
    every, corners = every[order], corners[order]
    pieces = (every[1:] == every[:-1]) & np.any(corners[1:] != corners[:-1], axis=1)
    return corners[:-1][pieces], corners[1:][pieces], owners[every[:-1][pieces]]


def merged(starts: Ints, ends: Ints, owners: Ints, polygons: int) -> tuple[Ints, Ints, Ints]:
    """Edges without repeats, each from its lesser end on, and how often each polygon runs along it that way."""
    turned = (starts[:, 0] > ends[:, 0]) | ((starts[:, 0] == ends[:, 0]) & (starts[:, 1] > ends[:, 1]))
    first, last = np.where(turned[:, None], ends, starts), np.where(turned[:, None], starts, ends)
    unique, which = np.unique(np.concatenate([first, last], axis=1), axis=0, return_inverse=True)
    windings = np.zeros((len(unique), polygons), np.int64)
    np.add.at(windings, (which.ravel(), owners), np.where(turned, -1, 1))
    some = np.any(windings != 0, axis=1)
    return unique[some, :2], unique[some, 2:], windings[some]


def sides(starts: Ints, ends: Ints, windings: Ints) -> tuple[Ints, Ints]:
    """How often each polygon winds around what lies right and left of each edge's middle, int64 (n, polygons).

    A ray from the middle towards smaller x (for level edges: smaller y) counts what it crosses. In doubled coordinates
    the middle is a whole number.
    """
    right, left = np.zeros_like(windings), np.zeros_like(windings)
    level = starts[:, 1] == ends[:, 1]
    for flat in (False, True):
        chosen = np.flatnonzero(level == flat)
        # seen with the axes exchanged, a level edge is upright and everything winds the other way
        a, b = (2 * (one[:, ::-1] if flat else one) for one in (starts, ends))
        turn = -1 if flat else 1
        rising = a[:, 1] < b[:, 1]
        low, high = np.where(rising[:, None], a, b), np.where(rising[:, None], b, a)
        signed = np.where(rising, 1, -1)[:, None] * windings
        for piece in np.array_split(chosen, len(chosen) * len(starts) // _PIECE + 1):
            middle = (a[piece] + b[piece]) // 2
            spans = (low[None, :, 1] <= middle[:, None, 1]) & (middle[:, None, 1] < high[None, :, 1])
            ray, edge = np.nonzero(spans)
            before = cross(high[edge] - low[edge], middle[ray] - low[edge]) < 0  # the edge lies at smaller x
            count = np.zeros((len(piece), windings.shape[1]), np.int64)
            np.add.at(count, ray[before], signed[edge[before]])
            smaller = -turn * count
            larger = smaller - turn * signed[piece]
            # whether the edge runs up or down decides which of the two lies to its right
            swap = (rising[piece] ^ flat)[:, None]
            right[piece], left[piece] = np.where(swap, smaller, larger), np.where(swap, larger, smaller)
    return right, left
