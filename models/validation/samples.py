"""Pictures that every model can be tried on, made by arithmetic: plain ones, and some with content."""

from __future__ import annotations

from collections.abc import Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["SIDE", "extremes", "varied"]

SIDE = 512
"""Pixels of a side."""


def extremes() -> Mapping[str, NDArray[np.uint8]]:
    """By name, what makes networks divide by zero or overflow: uint8 (512, 512, 3) each."""
    noise = np.random.default_rng(0).integers(0, 256, (SIDE, SIDE, 3), np.uint8)
    plain = {name: np.full((SIDE, SIDE, 3), value, np.uint8) for name, value in (("grey", 127), ("black", 0))}
    return {**plain, "white": np.full((SIDE, SIDE, 3), 255, np.uint8), "noise": noise}


def varied(count: int) -> list[NDArray[np.uint8]]:
    """Pictures with coloured blots from coarse to fine, the same at every call: uint8 (512, 512, 3) each."""
    numbers = np.random.default_rng(1)
    pictures = []
    for index in range(count):
        cells = 2 << (index % 6)
        blots = numbers.integers(0, 256, (cells, cells, 3), np.uint8)
        way = cv2.INTER_CUBIC if index % 2 else cv2.INTER_NEAREST
        picture: NDArray[np.uint8] = cv2.resize(blots, (SIDE, SIDE), interpolation=way)
        pictures.append(picture)
    return pictures
