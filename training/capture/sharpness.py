"""How sharp the thing in a frame is, whatever its contrast, its brightness and the ground it lies on.

The measure is the energy of the Laplacian of the luma (Pertuz et al. 2013, "Analysis of focus measure operators",
LAP1) of the thing alone, less what the noise of the frame puts into it, over the variance of its luma: twice the
contrast gives four times of both.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["SIDE", "object_mask", "sharpness"]

SIDE = 480
"""Frames are measured at this size of the longer side, pixels: what is blurred at it is blurred."""

_LEAST = 0.004  # share of the frame under which something is a speck and no thing
_MOST = 0.96  # and over which there is no ground to tell it from
_GROUND = 0.6  # what the ground is brought to, of 1
_DARK = 16.0  # of 255, under which it is taken for black and left so
_FAR = 12.0  # least distance from the ground, in Lab units, that counts as a thing
_NOISE = 4.0  # deviations of the ground that do
_FLAT = 4.0  # variance of luma, of 255 squared, under which nothing can be said
_IMMERKAER = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
_LAPLACIAN = np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]], np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class _Small:
    """A frame at the size it is measured at."""

    pixels: NDArray[np.uint8]
    luma: NDArray[np.float32]


def object_mask(pixels: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """What differs from the ground: bool (H, W).

    The ground is a plane through the colours of the frame's border, so a light that falls off to one side is part of
    it. Where nothing or nearly everything differs, the whole frame is the thing.

    Args:
        pixels: uint8 (H, W, 3), RGB.
    """
    height, width = pixels.shape[:2]
    band = max(2, min(height, width) // 24)
    border = np.zeros((height, width), bool)
    border[:band], border[-band:], border[:, :band], border[:, -band:] = True, True, True, True
    # As if the ground were always equally light, so that a short exposure does not hide the thing
    light = max(float(np.median(pixels[border])), _DARK)
    lab = cv2.cvtColor(np.minimum(pixels * np.float32(_GROUND / light), 1), cv2.COLOR_RGB2LAB)
    lab = cv2.GaussianBlur(lab, (0, 0), 1.0)
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    plane = np.stack([np.ones_like(rows), rows / height - 0.5, columns / width - 0.5], axis=-1)
    points, colours = plane[border], lab[border]
    used = np.ones(len(points), bool)
    for _ in range(3):  # a thing that reaches the border is left out of the fit
        fit = np.linalg.lstsq(points[used], colours[used], rcond=None)[0]
        off = np.linalg.norm(colours - points @ fit, axis=1)
        used = off <= max(float(np.median(off)) * 2.5, 1.0)
    away = np.linalg.norm(lab - plane @ fit, axis=2)
    spread = float(np.median(away[border])) / 0.8
    found = (away > max(_FAR, _NOISE * spread)).astype(np.uint8)
    found = cv2.morphologyEx(found, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    count, parts, facts, _ = cv2.connectedComponentsWithStats(found, connectivity=8)
    areas = facts[1:, cv2.CC_STAT_AREA]
    large = [one + 1 for one, area in enumerate(areas) if count > 1 and area >= max(areas.max() / 4, 1)]
    mask: NDArray[np.bool_] = np.isin(parts, large)
    share = float(mask.mean())
    return mask if _LEAST <= share <= _MOST else np.ones(mask.shape, bool)


def sharpness(pixels: NDArray[np.uint8], mask: NDArray[np.bool_] | None = None) -> float:
    """How sharp the thing is: 0 for nothing to see, and the higher the sharper; to be compared within a burst.

    Args:
        pixels: uint8 (H, W, 3), RGB.
        mask: bool (H, W), the thing; None to look for it (``object_mask``).

    Raises:
        ValueError: ``mask`` is of another size.
    """
    if mask is not None and mask.shape != pixels.shape[:2]:
        raise ValueError(f"the mask is {mask.shape} and the frame {pixels.shape[:2]}")
    small, thing = _reduced(pixels, mask)
    whole = object_mask(small.pixels) if thing is None else thing
    # The outline belongs to the thing: a moved camera smears it first
    seen = cv2.dilate(whole.astype(np.uint8), np.ones((5, 5), np.uint8)).astype(bool)
    variance = float(small.luma[seen].var())
    if variance < _FLAT:
        return 0.0
    laplacian = cv2.filter2D(small.luma, -1, _LAPLACIAN, borderType=cv2.BORDER_REPLICATE)
    energy = float((laplacian[seen] ** 2).mean())
    noise = _noise(small.luma, ~seen)
    # White noise of variance v has a Laplacian of variance 20 v: 4 x 1 + 16
    return max(energy - 20 * noise, 0.0) / max(variance - noise, _FLAT / 4)


def _noise(luma: NDArray[np.float32], ground: NDArray[np.bool_]) -> float:
    """Variance of the noise: by Immerkær's mask (1996), whose response to white noise of variance v is 36 v, as the
    median over the ground, which texture can't push up; over all where there is no ground.
    """
    response = cv2.filter2D(luma, -1, _IMMERKAER, borderType=cv2.BORDER_REPLICATE)
    some = response[ground] if ground.mean() > 0.05 else response
    return float((np.median(np.abs(some)) / 0.6745) ** 2 / 36)


def _reduced(pixels: NDArray[np.uint8], mask: NDArray[np.bool_] | None) -> tuple[_Small, NDArray[np.bool_] | None]:
    height, width = pixels.shape[:2]
    scale = SIDE / max(height, width)
    if scale < 1:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
        if mask is not None:
            mask = cv2.resize(mask.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST).astype(bool)
    luma = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32)
    return _Small(pixels, luma), mask
