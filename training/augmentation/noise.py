"""Gaussian noise from a bank: drawing a fresh number for each pixel would cost more than everything else together.

The bank is the same in every process (it is made from a fixed seed). Where a picture's window begins is drawn, so two
pictures hardly ever get the same noise; what is drawn as its sign doubles their number.
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["add_noise"]

_SIZE = 1 << 22
_CHUNK = 1 << 20
_STEPS = 32  # a deviation; one byte so holds 4 deviations to either side
_STRIDE = 1_048_583  # from chunk to chunk of a picture that is larger than one; a prime


def add_noise(image: NDArray[np.uint8], sigma: float, start: float, *, negative: bool) -> NDArray[np.uint8]:
    """``image``, uint8 of any shape, with noise; cut off at 0 and 255.

    Args:
        image: stays as it is.
        sigma: standard deviation, levels.
        start: where in the bank, 0 to 1.
        negative: whether the bank's numbers are turned around.
    """
    if sigma <= 0:
        return image
    gain = (-sigma if negative else sigma) / _STEPS
    bank, room = _bank(), _SIZE - _CHUNK
    flat = np.ascontiguousarray(image).reshape(1, -1)
    noisy = np.empty_like(flat)
    first = int(start * room)
    for place, begin in enumerate(range(0, flat.shape[1], _CHUNK)):
        part = flat[:, begin : begin + _CHUNK]
        at = (first + place * _STRIDE) % room
        cv2.addWeighted(
            part, 1.0, bank[:, at : at + part.shape[1]], gain, -128 * gain, dst=noisy[:, begin : begin + _CHUNK]
        )
    return noisy.reshape(image.shape)


@cache
def _bank() -> NDArray[np.uint8]:
    """uint8 (1, _SIZE): standard normal numbers in steps of 1/32, 128 being 0."""
    numbers = np.random.Generator(np.random.PCG64(20_240_811)).standard_normal(_SIZE, np.float32)
    bank: NDArray[np.uint8] = np.clip(np.rint(numbers * _STEPS) + 128, 0, 255).astype(np.uint8)[None]
    return bank
