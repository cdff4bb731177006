"""A mask while somebody paints it: strokes, fills and outlines in one array; only what they touch is looked at.

A pixel is painted where its middle is covered. No Qt, no store.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from models.heads.mask import background
from training.datasets.masks import UNKNOWN_PIXEL
from training.labelling.edges import Window
from training.labelling.geometry import is_simple, repair
from training.labelling.outlines import fill

__all__ = ["MaskPainting", "ground_of", "joined"]

_NOTHING = frozenset({"none", "sound", "clean", "undamaged"})
"""First categories that say that nothing is there, beside those that networks know."""

_EXACT = 1 << 23

Point = tuple[float, float]


def ground_of(categories: Sequence[str]) -> int:
    """What nobody has painted is: 0 where the first category is the background, else 255, unknown."""
    if categories and (background(categories) == 0 or categories[0].casefold() in _NOTHING):
        return 0
    return UNKNOWN_PIXEL


class MaskPainting:
    """One mask.

    Args:
        indices: contiguous uint8 (H, W), written into; 255 is unknown.
        ground: the index of what nobody has painted.
    """

    def __init__(self, indices: NDArray[np.uint8], ground: int) -> None:
        self.indices = indices
        self.ground = ground
        self.keep = False
        """Paint only where nobody has painted yet."""
        self._counts = _histogram(indices)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.indices.shape[1], self.indices.shape[0]

    @property
    def counts(self) -> NDArray[np.int64]:
        """int64 (256,): pixels of each index."""
        return self._counts

    @property
    def empty(self) -> bool:
        """Whether nothing is painted."""
        return int(self._counts[self.ground]) == self.indices.size

    def paint(self, window: Window, covered: NDArray[np.bool_], index: int, *, erase: bool = False) -> Window | None:
        """Paint part of the mask, and return what changed.

        Args:
            window: the part; within the mask.
            covered: bool (h, w) of it.
            index: to paint.
            erase: whether what was painted by hand may go although ``keep`` is on.

        Returns:
            The window around the pixels that are another index now, or None where none is.
        """
        part = self.indices[window.slices]
        change = covered & (part != index)
        if self.keep and not erase:
            change &= (part == self.ground) | (part == UNKNOWN_PIXEL)
        rows, columns = np.flatnonzero(change.any(axis=1)), np.flatnonzero(change.any(axis=0))
        if not len(rows):
            return None
        before = _histogram(np.ascontiguousarray(part), change)
        self._counts -= before
        self._counts[index] += int(before.sum())
        np.copyto(part, np.uint8(index), where=change)
        return Window(
            window.left + int(columns[0]),
            window.top + int(rows[0]),
            window.left + int(columns[-1]) + 1,
            window.top + int(rows[-1]) + 1,
        )

    def stroke(self, points: Sequence[Point], radius: float, index: int, *, erase: bool = False) -> Window | None:
        """Paint lines from point to point (one point: a dot) with a round brush, at least the pixels under them."""
        changed: Window | None = None
        for start, end in zip(points, points[1:] or points, strict=False):
            left, top = min(start[0], end[0]), min(start[1], end[1])
            box = (left, top, abs(start[0] - end[0]), abs(start[1] - end[1]))
            window = Window.around(box, radius + 1, *self.size)
            if min(window.size) < 1:
                continue
            one = self.paint(window, _capsule(window, start, end, radius), index, erase=erase)
            changed = joined(changed, one)
        return changed

    def fill_at(self, column: int, row: int, index: int) -> Window | None:
        """Paint the connected area of one index that a pixel of the mask lies in."""
        height, width = self.indices.shape
        if not (0 <= column < width and 0 <= row < height):
            return None
        reached = np.zeros((height + 2, width + 2), np.uint8)
        flags = 4 | cv2.FLOODFILL_MASK_ONLY | (1 << 8)
        _, _, _, (left, top, across, down) = cv2.floodFill(self.indices, reached, (column, row), 0, 0, 0, flags)
        window = Window(left, top, left + across, top + down)
        inside = reached[1:-1, 1:-1][window.slices] > 0
        return self.paint(window, inside, index)

    def outline(self, points: Sequence[Point], index: int) -> Window | None:
        """Paint what an outline goes around, however it crosses itself."""
        ring = np.array(points, np.float64).reshape(-1, 2)
        if len(ring) < 3:
            return None
        return self.rings(
            [ring] if is_simple(ring) else [one for region in repair(ring) for one in region.rings], index
        )

    def rings(self, rings: Sequence[NDArray[np.floating]], index: int, *, only: int | None = None) -> Window | None:
        """Paint what an odd number of rings (n, 2) goes around; ``only`` where a certain index is, if that is given."""
        if not len(rings):
            return None
        corners = np.concatenate(rings)
        (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
        window = Window.around((left, top, right - left, bottom - top), 0, *self.size)
        if min(window.size) < 1:
            return None
        inside = fill([ring - (window.left, window.top) for ring in rings], *window.size)
        if only is not None:
            inside &= self.indices[window.slices] == only
        return self.paint(window, inside, index, erase=only is not None)

    def replace(self, indices: NDArray[np.uint8]) -> None:
        """Hold another mask of the same size, in the same array."""
        self.indices[:] = indices
        self._counts = _histogram(self.indices)


def joined(one: Window | None, other: Window | None) -> Window | None:
    """The window around both."""
    if one is None or other is None:
        return one or other
    return Window(
        min(one.left, other.left), min(one.top, other.top), max(one.right, other.right), max(one.bottom, other.bottom)
    )


def _histogram(indices: NDArray[np.uint8], where: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
    """int64 (256,): pixels of each index. Piecewise: OpenCV counts in floats, exact up to 16 million."""
    counts = np.zeros(256, np.int64)
    rows = max(1, _EXACT // max(1, indices.shape[1]))
    for top in range(0, len(indices), rows):
        part = slice(top, top + rows)
        mask = None if where is None else np.ascontiguousarray(where[part]).view(np.uint8)
        counts += cv2.calcHist([indices[part]], [0], mask, [256], [0, 256]).ravel().astype(np.int64)
    return counts


def _capsule(window: Window, start: Point, end: Point, radius: float) -> NDArray[np.bool_]:
    """Bool (h, w): middles of pixels within ``radius`` of the line, and the pixels its ends lie in."""
    x = np.arange(window.left, window.right, dtype=np.float32) + np.float32(0.5)
    y = (np.arange(window.top, window.bottom, dtype=np.float32) + np.float32(0.5))[:, None]
    along = (end[0] - start[0], end[1] - start[1])
    length = along[0] ** 2 + along[1] ** 2
    share = np.clip(((x - start[0]) * along[0] + (y - start[1]) * along[1]) / max(length, 1e-12), 0, 1)
    off_x, off_y = x - start[0] - share * along[0], y - start[1] - share * along[1]
    inside: NDArray[np.bool_] = off_x * off_x + off_y * off_y <= radius * radius
    for px, py in (start, end):
        column, row = int(np.floor(px)) - window.left, int(np.floor(py)) - window.top
        if 0 <= column < window.size[0] and 0 <= row < window.size[1]:
            inside[row, column] = True
    return inside
