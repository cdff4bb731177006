"""Outlines to pixels: what Mask R-CNN learns of a thing's form."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from training.datasets.shapes import Rle, Shape

__all__ = ["area", "mask_of", "pixels_of"]


def mask_of(shape: Shape, side: int) -> NDArray[np.uint8] | None:
    """uint8 (side, side), 1 inside of the thing; None where only its box is known, or nothing of it is seen.

    Args:
        shape: in pixels of the picture.
        side: of the square picture, pixels.
    """
    if shape.rle is not None:
        made = _resized(pixels_of(shape.rle), side)
    elif shape.polygons:
        made = _drawn(shape.polygons, side)
    else:
        return None
    return made if made.any() else None


def pixels_of(rle: Rle) -> NDArray[np.uint8]:
    """uint8 (height, width): 1 inside, of run lengths down the columns."""
    inside = np.arange(len(rle.counts)) % 2
    flat = np.repeat(inside.astype(np.uint8), rle.counts)
    return np.ascontiguousarray(flat.reshape(rle.width, rle.height).T)


def area(shape: Shape) -> float:
    """Of the thing in pixels: of its outline by the shoelace formula, else of its box."""
    if shape.rle is not None or not shape.polygons:
        return float(shape.width * shape.height) if shape.rle is None else float(sum(shape.rle.counts[1::2]))
    whole = 0.0
    for polygon in shape.polygons:
        x, y = np.array(polygon[::2]), np.array(polygon[1::2])
        whole += abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1))) / 2
    return whole


def _drawn(polygons: tuple[tuple[float, ...], ...], side: int) -> NDArray[np.uint8]:
    canvas = Image.new("L", (side, side))
    brush = ImageDraw.Draw(canvas)
    for polygon in polygons:  # Pillow counts from the middle of the first pixel, labels from its corner
        brush.polygon([number - 0.5 for number in polygon], fill=1)
    return np.array(canvas, np.uint8)


def _resized(pixels: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """The nearest pixel of each; the picture was stretched likewise."""
    if pixels.shape == (side, side):
        return pixels
    height, width = pixels.shape
    middles = (np.arange(side) + 0.5) / side
    return pixels[np.ix_((middles * height).astype(int), (middles * width).astype(int))]
