"""Small and full size: what assists find on a reduced copy is brought back to the edges of the full picture."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["Window", "refined"]

_RADIUS = 3
_SMOOTH = 25.0
"""Variance of colour, levels squared, under which a neighbourhood counts as flat."""


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a picture in whole pixels, ends excluded."""

    left: int
    top: int
    right: int
    bottom: int

    @classmethod
    def around(cls, box: tuple[float, float, float, float], margin: float, width: int, height: int) -> Window:
        """The pixels of a box (left, top, width, height) and ``margin`` pixels around it that lie in the picture."""
        edges = (box[0] - margin, box[1] - margin, box[0] + box[2] + margin, box[1] + box[3] + margin)
        left, top = (
            int(min(max(0, np.floor(edge)), most)) for edge, most in zip(edges[:2], (width, height), strict=True)
        )
        right, bottom = (
            int(min(max(0, np.ceil(edge)), most)) for edge, most in zip(edges[2:], (width, height), strict=True)
        )
        return cls(left, top, max(left, right), max(top, bottom))

    @property
    def slices(self) -> tuple[slice, slice]:
        """Rows and columns, to index an array by."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.right - self.left, self.bottom - self.top


def refined(pixels: NDArray[np.uint8], small: NDArray[np.uint8], inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """A mask of a reduced copy at full size, following the edges of the full picture.

    The guided filter (He, Sun, "Fast guided filter", 2015): around each pixel of the copy the mask is fitted by a
    linear function of colour, and that function is asked again at full size, near the border only.

    Args:
        pixels: uint8 (H, W, 3), at full size.
        small: uint8 (h, w, 3), the copy that ``inside`` was found on.
        inside: bool (h, w).

    Returns:
        bool (H, W).
    """
    height, width = pixels.shape[:2]
    shape = (width, height)
    if inside.shape == (height, width):
        return inside
    grown: NDArray[np.bool_] = cv2.resize(inside.view(np.uint8), shape, interpolation=cv2.INTER_NEAREST).view(np.bool_)
    reach = np.ones((2 * _RADIUS - 1, 2 * _RADIUS - 1), np.uint8)
    mask = inside.view(np.uint8)
    near = cv2.dilate(mask, reach, borderValue=0) - cv2.erode(mask, reach, borderValue=1)
    band = cv2.resize(near, shape, interpolation=cv2.INTER_NEAREST)
    rows, columns = np.nonzero(band)
    if not len(rows):
        return grown
    maps = _linear(small.astype(np.float32), inside.astype(np.float32))
    x = (columns.astype(np.float32) + 0.5) * (inside.shape[1] / width) - 0.5
    y = (rows.astype(np.float32) + 0.5) * (inside.shape[0] / height) - 0.5
    colours = pixels[rows, columns].astype(np.float32)
    fitted = _sampled(maps[..., 3], x, y)
    for channel in range(3):
        fitted += _sampled(maps[..., channel], x, y) * colours[:, channel]
    grown[rows, columns] = fitted >= 0.5
    return grown


def _linear(guide: NDArray[np.float32], mask: NDArray[np.float32]) -> NDArray[np.float32]:
    """float32 (h, w, 4): weights of the three colours and a constant that give the mask around each pixel."""

    def mean(values: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(cv2.blur(values, (2 * _RADIUS + 1, 2 * _RADIUS + 1), borderType=cv2.BORDER_REFLECT))

    colour, target = mean(guide), mean(mask)
    covariance = mean(guide * mask[..., None]) - colour * target[..., None]
    products = guide[..., :, None] * guide[..., None, :]
    spread = np.stack([mean(products[..., row, :]) for row in range(3)], axis=-2)
    spread -= colour[..., :, None] * colour[..., None, :]
    spread += _SMOOTH * np.eye(3, dtype=np.float32)
    weights = np.linalg.solve(spread, covariance[..., None])[..., 0]
    constant = target - np.sum(weights * colour, axis=-1)
    return mean(np.concatenate([weights, constant[..., None]], axis=-1).astype(np.float32))


def _sampled(values: NDArray[np.float32], x: NDArray[np.float32], y: NDArray[np.float32]) -> NDArray[np.float32]:
    """``values`` between pixels at places (n,)."""
    across = 1 << 14  # OpenCV's limit for a side of a map is twice that
    lines = -(-len(x) // across)
    room = lines * across - len(x)
    map_x, map_y = (np.pad(one, (0, room)).reshape(lines, across) for one in (x, y))
    flat = np.ascontiguousarray(values)
    found = cv2.remap(flat, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(found).ravel()[: len(x)]
