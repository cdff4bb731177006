"""Non-maximum suppression: of boxes that show the same thing, the best scored one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["suppress"]


def suppress(
    boxes: NDArray[np.float32],
    labels: NDArray[np.int64],
    scores: NDArray[np.float32],
    *,
    overlap: float,
    most: int,
) -> NDArray[np.intp]:
    """Go through the boxes, best scored first, and drop each that overlaps a kept one of its own category.

    Args:
        boxes: float (K, 4), left, top, right, bottom in any unit.
        labels: int (K,).
        scores: float (K,).
        overlap: intersection over union, 0 to 1, above which the later box goes.
        most: how many are kept, of all categories together.

    Returns:
        Places of the kept ones, best scored first, at most ``most``; of equal scores the first listed.
    """
    waiting = np.argsort(-scores, kind="stable")
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    kept: list[int] = []
    while len(waiting) and len(kept) < most:
        first, rest = waiting[0], waiting[1:]
        kept.append(int(first))
        width = np.minimum(boxes[first, 2], boxes[rest, 2]) - np.maximum(boxes[first, 0], boxes[rest, 0])
        height = np.minimum(boxes[first, 3], boxes[rest, 3]) - np.maximum(boxes[first, 1], boxes[rest, 1])
        shared = np.maximum(width, 0) * np.maximum(height, 0)
        union = areas[first] + areas[rest] - shared
        waiting = rest[(labels[rest] != labels[first]) | (shared <= overlap * union)]
    return np.array(kept, np.intp)
