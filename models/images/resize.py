"""Pixels to the size that is asked for: the square every model sees, and the thumbnail a person sees."""

from __future__ import annotations

from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from models.images.picture import Picture

__all__ = ["thumbnail", "to_size", "to_square"]

Pixel = TypeVar("Pixel", np.uint8, np.float32)


def to_square(rgb: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """How every model sees a picture: all of it, squeezed into a square.

    Squeezing was measured against cropping, mirroring and tiling (docs/models.md) and loses to none of them; unlike
    those it needs no guess whether a picture is a texture that repeats or an object with a border.

    Args:
        rgb: uint8 (H, W, 3), both sides at least one pixel.
        side: of the square, pixels.

    Returns:
        uint8 (side, side, 3), C-contiguous; ``rgb`` itself, or a copy, when it has that size already.
    """
    return to_size(rgb, side, side)


def to_size(rgb: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """The same for networks whose input is no square: uint8 (height, width, 3), C-contiguous."""
    if rgb.shape[:2] == (height, width):
        return np.ascontiguousarray(rgb)
    return _resized(rgb, width, height)


def thumbnail(picture: Picture, side: int) -> NDArray[np.uint8]:
    """What a person sees of a picture in a cell of ``side`` x ``side`` pixels.

    Args:
        picture: any.
        side: the longest either side may be, pixels, at least 1.

    Returns:
        uint8 (h, w, 3), C-contiguous: alpha on a checker, aspect kept (no side under one pixel), never enlarged beyond
        the picture's pixels.
    """
    height, width = picture.pixels.shape[:2]
    longest = max(height, width)
    if longest <= side:
        return np.ascontiguousarray(picture.on_checker())
    target_width, target_height = (max(1, round(length * side / longest)) for length in (width, height))
    if not picture.has_alpha:
        return _resized(picture.pixels, target_width, target_height)
    # Shrink first, composite after: the checker stays crisp, and only the small picture is composited. Colours are
    # weighted by their alpha while shrinking, or what hides under transparent pixels would bleed into the edges.
    alpha = picture.pixels[..., 3:].astype(np.float32)
    weighted = _resized(
        np.concatenate([picture.pixels[..., :3] * (alpha / 255), alpha], 2), target_width, target_height
    )
    small_alpha = np.clip(weighted[..., 3:], 0, 255)
    colours = weighted[..., :3] * (255 / np.maximum(small_alpha, 1e-3))
    pixels = np.clip(np.rint(np.concatenate([colours, small_alpha], 2)), 0, 255).astype(np.uint8)
    small = Picture(pixels, picture.width, picture.height, picture.format, picture.channels, picture.bits)
    return np.ascontiguousarray(small.on_checker())


def _resized(pixels: NDArray[Pixel], width: int, height: int) -> NDArray[Pixel]:
    """Area averaging to shrink, bicubic to enlarge.

    OpenCV falls back to bilinear for area averaging as soon as one side grows, so a picture that shrinks in one
    direction and grows in the other takes two steps; otherwise a long strip would alias.
    """
    own_height, own_width = pixels.shape[:2]
    shrunk = (min(width, own_width), min(height, own_height))
    if shrunk != (own_width, own_height):
        pixels = cv2.resize(pixels, shrunk, interpolation=cv2.INTER_AREA)
    if shrunk != (width, height):
        pixels = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_CUBIC)
    return pixels
