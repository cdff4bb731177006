"""Between masks and outlines, both ways without loss: a pixel is inside where its middle is.

Pixel (0, 0) covers the square from (0, 0) to (1, 1), so the outline of a mask runs along the edges of pixels, and the
mask painted from it is the same again. Run lengths are those of ``training.datasets.formats.rle``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from training.datasets.formats import rle
from training.datasets.masks import UNKNOWN_PIXEL
from training.datasets.values import Rle, Shape
from training.labelling.geometry import simplify
from training.labelling.planar import Region, ring_area, split_repeated

__all__ = ["fill", "mask_shapes", "paint_shapes", "shape_of", "shape_pixels", "trace"]

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


def shape_pixels(shape: Shape, width: int, height: int) -> NDArray[np.bool_]:
    """Bool (H, W): what of a picture of ``width`` x ``height`` pixels a shape covers, by what is known best of it."""
    if shape.rle is not None and (shape.rle.width, shape.rle.height) == (width, height):
        return rle.to_pixels(shape.rle.counts, width, height)
    covered = np.zeros((height, width), np.bool_)
    corners = [shape.left, shape.top, shape.left + shape.width, shape.top + shape.height]
    left, top, right, bottom = corners
    box = (left, top, right, top, right, bottom, left, bottom)
    for polygon in shape.polygons or (box,):
        ring = np.array(polygon, np.float64).reshape(-1, 2)
        x, y = (min(max(0, math.floor(low)), most) for low, most in zip(ring.min(axis=0), (width, height), strict=True))
        far_x, far_y = (
            min(max(0, math.ceil(high)), most) for high, most in zip(ring.max(axis=0), (width, height), strict=True)
        )
        covered[y:far_y, x:far_x] |= fill([ring - (x, y)], far_x - x, far_y - y)
    return covered


def shape_of(category: str, region: Region, width: int, height: int, tolerance: float = 0.0) -> Shape:
    """A region of a picture as a shape: an outline off by ``tolerance`` at most, or run lengths where it has holes.

    Args:
        category: what it is.
        region: in the picture.
        width: of the picture; run lengths are of all of it.
        height: likewise.
        tolerance: pixels; 0 keeps every corner. Run lengths are exact always.
    """
    ring = simplify(region.outer, tolerance) if tolerance else region.outer
    (left, top), (right, bottom) = region.outer.min(axis=0).tolist(), region.outer.max(axis=0).tolist()
    runs = None
    if region.holes:
        runs = Rle(rle.from_pixels(fill(region.rings, width, height)), height, width)
    polygons = () if runs else (tuple(ring.ravel().tolist()),)
    return Shape(category, left, top, right - left, bottom - top, polygons=polygons, rle=runs)


def mask_shapes(
    indices: NDArray[np.uint8],
    categories: Sequence[str],
    *,
    skip: Iterable[int] = (),
    tolerance: float = 0.0,
    least: int = 1,
) -> list[Shape]:
    """A shape for each connected piece of each category of a mask.

    Args:
        indices: uint8 (H, W) into ``categories``; 255 is unknown and makes no shape, nor does a number past the last.
        categories: names.
        skip: indices that make none: the background.
        tolerance: as ``shape_of``.
        least: pixels; smaller pieces are left out.
    """
    height, width = indices.shape
    left_out = {UNKNOWN_PIXEL, *skip}
    present = np.flatnonzero(np.bincount(indices.ravel(), minlength=256)).tolist()
    return [
        shape_of(categories[index], region, width, height, tolerance)
        for index in present
        if index < len(categories) and index not in left_out
        for region in trace(indices == index)
        if region.area >= least
    ]


def paint_shapes(
    shapes: Iterable[Shape], categories: Sequence[str], width: int, height: int, ground: int = 0
) -> NDArray[np.uint8]:
    """uint8 (H, W): the mask that shapes make, larger ones first; categories not in ``categories`` are left out."""
    indices = np.full((height, width), ground, np.uint8)
    numbers = {name: number for number, name in enumerate(categories)}
    painted = [(numbers[one.category], shape_pixels(one, width, height)) for one in shapes if one.category in numbers]
    for number, covered in sorted(painted, key=lambda one: -int(np.count_nonzero(one[1]))):
        indices[covered] = number
    return indices
