"""The one warp: a picture and its masks through a homography between label coordinates."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import cv2
import numpy as np
from numpy.typing import NDArray

from training.augmentation.config import Border

__all__ = ["GREY", "turn", "warp", "warp_channels"]

GREY = (127, 127, 127)
"""Beyond the edge of a picture whose border is constant."""

_BORDERS: Mapping[Border, int] = MappingProxyType(
    {"reflect": cv2.BORDER_REFLECT_101, "replicate": cv2.BORDER_REPLICATE, "constant": cv2.BORDER_CONSTANT}
)
_TURNS = (None, cv2.ROTATE_90_CLOCKWISE, cv2.ROTATE_180, cv2.ROTATE_90_COUNTERCLOCKWISE)
_TO_CENTRES = np.array([[1, 0, -0.5], [0, 1, -0.5], [0, 0, 1]])
_FROM_CENTRES = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])


def warp(
    pixels: NDArray[np.uint8],
    matrix: NDArray[np.float64],
    size: tuple[int, int],
    border: Border,
    *,
    fill: int | tuple[int, int, int] = 0,
    nearest: bool = False,
) -> NDArray[np.uint8]:
    """uint8, ``size`` (width, height): ``pixels``, (H, W) or (H, W, 3), as they are seen after ``matrix``.

    Args:
        pixels: stay as they are.
        matrix: float64 (3, 3) from the old to the new label coordinates. OpenCV counts from the centre of the first
            pixel, so the matrix is moved by half a pixel on either side.
        size: of what is made.
        border: what comes in from beyond the edge.
        fill: its value, where it is constant.
        nearest: no values in between, for masks.
    """
    if pixels.ndim == 3 and not nearest:  # OpenCV warps four channels twice as fast as three, to the same values
        four = warp_channels(cv2.cvtColor(pixels, cv2.COLOR_RGB2RGBA), matrix, size, border, fill=fill)
        three: NDArray[np.uint8] = cv2.cvtColor(four, cv2.COLOR_RGBA2RGB)
        return three
    return warp_channels(pixels, matrix, size, border, fill=fill, nearest=nearest)


def warp_channels(
    pixels: NDArray[np.uint8],
    matrix: NDArray[np.float64],
    size: tuple[int, int],
    border: Border,
    *,
    fill: int | tuple[int, int, int],
    nearest: bool = False,
) -> NDArray[np.uint8]:
    """As ``warp``, in one call for pixels of one to four channels."""
    between = _TO_CENTRES @ matrix @ _FROM_CENTRES
    flags = cv2.INTER_NEAREST if nearest else cv2.INTER_LINEAR
    mode = _BORDERS[border]
    last = between[2]
    if last[0] == 0 and last[1] == 0:
        made = cv2.warpAffine(pixels, between[:2] / last[2], size, flags=flags, borderMode=mode, borderValue=fill)
    else:
        made = cv2.warpPerspective(pixels, between, size, flags=flags, borderMode=mode, borderValue=fill)
    warped: NDArray[np.uint8] = made
    return warped


def turn(pixels: NDArray[np.uint8], quarters: int, *, across: bool, down: bool) -> NDArray[np.uint8]:
    """``pixels`` flipped and then turned by quarters, every pixel as it was."""
    turned = pixels
    if across or down:
        turned = cv2.flip(turned, -1 if across and down else 1 if across else 0)
    code = _TURNS[quarters]
    return turned if code is None else cv2.rotate(turned, code)
