"""From an array that another library made of a picture to pixels as every model sees them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.images.picture import Picture

__all__ = ["as_rgb"]


def as_rgb(image: NDArray[Any]) -> NDArray[np.uint8]:
    """A picture as uint8 (H, W, 3) RGB, C-contiguous; alpha composited on mid-grey (``Picture.on_grey``).

    Args:
        image: (H, W) or (H, W, 1) grey, (H, W, 2) grey and alpha, (H, W, 3) RGB or (H, W, 4) RGBA, straight alpha;
            uint8, uint16 over its whole range, bool, or floats from 0 to 1.

    Raises:
        ValueError: it is none of these, or has no pixels.
    """
    if image.ndim == 2:
        image = image[..., None]
    if image.ndim != 3 or image.shape[2] not in (1, 2, 3, 4) or image.size == 0:
        raise ValueError(f"a picture is an array (H, W), (H, W, 3) or (H, W, 4), and not {image.shape}")
    pixels = _bytes(image)
    if pixels.shape[2] <= 2:
        pixels = np.concatenate([np.repeat(pixels[..., :1], 3, axis=2), pixels[..., 1:]], axis=2)
    height, width, channels = pixels.shape
    return np.ascontiguousarray(Picture(pixels, width, height, "array", channels, 8).on_grey())


def _bytes(image: NDArray[Any]) -> NDArray[np.uint8]:
    if image.dtype == np.uint8:
        return image
    if image.dtype == np.uint16:
        return (image >> 8).astype(np.uint8)
    if image.dtype == np.bool_:
        return image.astype(np.uint8) * np.uint8(255)
    if not np.issubdtype(image.dtype, np.floating):
        raise ValueError(f"the numbers of a picture are uint8, uint16 or floats from 0 to 1, and not {image.dtype}")
    if not (np.isfinite(image).all() and image.min() >= 0 and image.max() <= 1):
        raise ValueError("the floats of a picture are from 0 to 1; divide them by 255")
    pixels: NDArray[np.uint8] = np.rint(image * 255).astype(np.uint8)
    return pixels
