"""Intelligent scissors: the path along edges from one point to another (Mortensen, Barrett, 1995; OpenCV's own)."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from training.labelling.edges import Window

__all__ = ["Scissors"]

_SIDE = 512
_TOLERANCE = 0.75

Point = tuple[float, float]


class Scissors:
    """Paths in one picture. What is found out around a starting point is kept: the next path from it is at hand.

    Args:
        pixels: uint8 (H, W, 3) RGB; kept, not copied.
        reduction: whole pixels of the picture to one of those that paths are found on, 1 or more; larger reaches
            farther and is coarser. What one pixel of the screen covers is a good choice.
    """

    def __init__(self, pixels: NDArray[np.uint8], reduction: int = 1) -> None:
        self._pixels = pixels
        self.reduction = max(1, reduction)
        self._start: Point | None = None
        self._window = Window(0, 0, 0, 0)
        self._tool: cv2.segmentation.IntelligentScissorsMB | None = None

    def path(self, start: Point, end: Point) -> list[Point]:
        """Corners from ``start`` to ``end``, both included; a straight line where there is nothing to go by.

        Raises nothing: points outside of the picture are reached in a straight line.
        """
        height, width = self._pixels.shape[:2]
        if not (0 <= start[0] < width and 0 <= start[1] < height):
            return [start, end]
        if start != self._start:
            self._begin(start)
        if self._tool is None:
            return [start, end]
        across, down = self._window.size
        x = min(max(int((end[0] - self._window.left) / self.reduction), 0), -(-across // self.reduction) - 1)
        y = min(max(int((end[1] - self._window.top) / self.reduction), 0), -(-down // self.reduction) - 1)
        contour = self._tool.getContour((x, y)).reshape(-1, 1, 2)
        if len(contour) > 2:
            contour = cv2.approxPolyDP(contour.astype(np.float32), _TOLERANCE, closed=False)
        middle = (contour.reshape(-1, 2) + 0.5) * self.reduction + (self._window.left, self._window.top)
        return [start, *((float(px), float(py)) for px, py in middle[1:-1]), end]

    def outline(self, points: Sequence[Point]) -> list[Point]:
        """The closed outline through points, each joined to the next by a path."""
        whole: list[Point] = []
        for start, end in zip(points, [*points[1:], *points[:1]], strict=True):
            whole.extend(self.path(start, end)[:-1])
        return whole

    def _begin(self, start: Point) -> None:
        """Find the ways to everywhere around ``start``."""
        height, width = self._pixels.shape[:2]
        reach = _SIDE * self.reduction / 2
        self._window = Window.around((*start, 0, 0), reach, width, height)
        part = self._pixels[self._window.slices]
        across, down = (-(-side // self.reduction) for side in self._window.size)
        self._start, self._tool = start, None
        if min(across, down) < 4:
            return
        small = part if self.reduction == 1 else cv2.resize(part, (across, down), interpolation=cv2.INTER_AREA)
        tool = cv2.segmentation.IntelligentScissorsMB()
        tool.setEdgeFeatureCannyParameters(24, 72)
        tool.setGradientMagnitudeMaxLimit(160)
        tool.applyImage(np.ascontiguousarray(small))
        x = min(int((start[0] - self._window.left) / self.reduction), across - 1)
        y = min(int((start[1] - self._window.top) / self.reduction), down - 1)
        tool.buildMap((x, y))
        self._tool = tool
