"""EXIF orientation: how the stored pixels must be turned to stand upright."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["SWAPPED", "upright"]

SWAPPED = frozenset({5, 6, 7, 8})
"""Orientations that swap width and height."""


def upright(pixels: NDArray[np.uint8], orientation: object) -> NDArray[np.uint8]:
    """Turn stored pixels by the EXIF tag 0x0112 (CIPA DC-008, 4.6.5.1.6); anything but 2-8 leaves them alone.

    Args:
        pixels: (H, W, C).
        orientation: the tag's value as read from a file, of any type.

    Returns:
        (H, W, C) or (W, H, C), C-contiguous.
    """
    match orientation:
        case 2:
            pixels = pixels[:, ::-1]
        case 3:
            pixels = pixels[::-1, ::-1]
        case 4:
            pixels = pixels[::-1]
        case 5:
            pixels = pixels.swapaxes(0, 1)
        case 6:
            pixels = np.rot90(pixels, -1)
        case 7:
            pixels = pixels[::-1, ::-1].swapaxes(0, 1)
        case 8:
            pixels = np.rot90(pixels, 1)
        case _:
            pass
    return np.ascontiguousarray(pixels)
