"""How far two pictures of one size differ, as numbers and as a map to lay over one of them. No widgets."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

__all__ = ["changed_share", "difference", "heat"]

_SIDE = 1024
"""Pixels along the longer side of a map: more is not seen."""

_LOW, _HIGH = np.array([255, 214, 10], np.float32), np.array([214, 10, 46], np.float32)
"""RGB of the smallest difference that is shown, and of the largest."""

_OPAQUE = 210


def difference(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """uint8 (h, w), h and w at most 1,024: the largest difference of the three channels in each small area.

    Args:
        one: uint8 (H, W, 3).
        other: of the same shape.
    """
    step = max(1, -(-max(one.shape[:2]) // _SIDE))
    height, width = one.shape[0] // step * step or one.shape[0], one.shape[1] // step * step or one.shape[1]
    apart = np.maximum(one, other) - np.minimum(one, other)
    largest = apart.max(axis=2)[:height, :width]
    if step == 1 or min(largest.shape) < step:
        return np.ascontiguousarray(largest)
    small: NDArray[np.uint8] = largest.reshape(height // step, step, width // step, step).max(axis=(1, 3))
    return small


def changed_share(apart: NDArray[np.uint8], above: int) -> float:
    """The share of ``apart`` that is more than ``above`` (0 to 254), 0 to 1."""
    return float((apart > above).mean()) if apart.size else 0.0


def heat(apart: NDArray[np.uint8], above: int) -> QImage:
    """A picture with transparency: yellow to red where ``apart`` is more than ``above`` (0 to 254), nothing else."""
    share = np.linspace(0, 1, 256, dtype=np.float32)[:, None]
    table = np.zeros((256, 4), np.float32)
    table[:, :3] = _LOW + (_HIGH - _LOW) * share
    table[above + 1 :, 3] = _OPAQUE
    rgba = np.ascontiguousarray(table.astype(np.uint8)[apart])
    height, width = apart.shape
    return QImage(rgba.data, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()
