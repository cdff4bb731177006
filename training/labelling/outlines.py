"""Between masks and outlines, both ways without loss: a pixel is inside where its middle is.

Pixel (0, 0) covers the square from (0, 0) to (1, 1), so the outline of a mask runs along the edges of pixels, and the
mask painted from it is the same again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from training.labelling.planar import Region, ring_area, split_repeated

__all__ = ["fill", "trace"]

_RIGHT, _DOWN, _LEFT, _UP = range(4)
_STEPS = ((1, 0), (0, 1), (-1, 0), (0, -1))


def trace(mask: NDArray[np.bool_]) -> list[Region]:
    """The pieces of a mask, bool (H, W), with their holes, the largest first; pixels that meet at a corner are two."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return []
    top, left = int(rows[0]), int(columns[0])
    part = np.ascontiguousarray(mask[top : rows[-1] + 1, left : columns[-1] + 1])
    _, names = cv2.connectedComponents(part.view(np.uint8), connectivity=4)
    outer: dict[int, NDArray[np.float64]] = {}
    holes: dict[int, list[NDArray[np.float64]]] = {}
    offset = np.array([left, top], np.float64)
    for name, ring in _rings(part, names):
        for corners in split_repeated(ring):
            found = np.array(corners, np.float64) + offset
            if ring_area(found) > 0:
                outer[name] = found
            else:
                holes.setdefault(name, []).append(found)
    regions = [Region(ring, tuple(holes.get(name, ()))) for name, ring in outer.items()]
    return sorted(regions, key=lambda region: -region.area)


def _rings(part: NDArray[np.bool_], names: NDArray[np.int32]) -> Iterable[tuple[int, list[tuple[int, int]]]]:
    """Each ring of the edges between inside and outside as its bends, with the name of the piece beside it."""
    height, width = part.shape
    framed = np.pad(part, 1)
    wide = width + 1
    keys: list[NDArray[np.int64]] = []
    beside: list[NDArray[np.int32]] = []
    # the pixel lies to the right of its edge; each edge begins at a corner (x, y) and has a direction
    for direction, (down, across), (x, y) in (
        (_RIGHT, (-1, 0), (0, 0)),
        (_DOWN, (0, 1), (1, 0)),
        (_LEFT, (1, 0), (1, 1)),
        (_UP, (0, -1), (0, 1)),
    ):
        open_side = part & ~framed[1 + down : 1 + down + height, 1 + across : 1 + across + width]
        pixel_rows, pixel_columns = np.nonzero(open_side)
        keys.append(((pixel_rows + y) * wide + pixel_columns + x) * 4 + direction)
        beside.append(names[pixel_rows, pixel_columns])
    key, name = np.concatenate(keys), np.concatenate(beside)
    order = np.argsort(key)
    key, name = key[order], name[order]
    ways = key % 4
    step = np.array([dx + dy * wide for dx, dy in _STEPS])
    ahead = key // 4 + step[ways]
    following = np.full(len(key), -1, np.int64)
    for turn in (-1, 0, 1):  # the last that fits wins: round the same pixel
        wanted = ahead * 4 + (ways + turn) % 4
        place = np.minimum(np.searchsorted(key, wanted), len(key) - 1)
        following = np.where(key[place] == wanted, place, following)
    bend = ways != ways[np.argsort(following)]  # the edge before has another direction
    corners, onward, bends = (key // 4).tolist(), following.tolist(), bend.tolist()
    seen = bytearray(len(corners))
    for first in range(len(corners)):
        if seen[first]:
            continue
        ring: list[tuple[int, int]] = []
        edge = first
        while not seen[edge]:
            seen[edge] = 1
            if bends[edge]:
                y, x = divmod(corners[edge], wide)
                ring.append((x, y))
            edge = onward[edge]
        yield int(name[first]), ring


def fill(rings: Sequence[NDArray[np.floating]], width: int, height: int) -> NDArray[np.bool_]:
    """Bool (H, W): pixels whose middle an odd number of rings goes around. Rings may lie outside and cross.

    A middle on an edge belongs to what lies beyond it, to the right or below: areas side by side share no pixel.
    """
    odd: NDArray[np.bool_] = _counted(rings, width, height) & 1 != 0
    return odd


def _counted(rings: Sequence[NDArray[np.floating]], width: int, height: int) -> NDArray[np.int32]:
    """int32 (H, W): how often rings cross the row to the left of each pixel's middle."""
    toggles = np.zeros((height, width + 1), np.int32)
    for ring in rings:
        a = np.asarray(ring, np.float64).reshape(-1, 2)
        b = np.roll(a, -1, axis=0)
        low, high = np.where((a[:, 1] <= b[:, 1])[:, None], a, b), np.where((a[:, 1] <= b[:, 1])[:, None], b, a)
        first = np.clip(np.ceil(low[:, 1] - 0.5), 0, height).astype(np.int64)
        last = np.clip(np.ceil(high[:, 1] - 0.5), 0, height).astype(np.int64)
        rows = np.maximum(last - first, 0)
        edge = np.repeat(np.arange(len(a)), rows)
        row = first[edge] + np.arange(len(edge)) - np.repeat(np.cumsum(rows) - rows, rows)
        share = (row + 0.5 - low[edge, 1]) / (high[edge, 1] - low[edge, 1])
        x = low[edge, 0] + share * (high[edge, 0] - low[edge, 0])
        column = np.clip(np.ceil(x - 0.5), 0, width).astype(np.int64)
        np.add.at(toggles, (row, column), 1)
    counted: NDArray[np.int32] = np.cumsum(toggles[:, :width], axis=1, dtype=np.int32)
    return counted
