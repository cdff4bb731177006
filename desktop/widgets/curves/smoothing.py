"""Exponential smoothing that goes on where it stopped."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

__all__ = ["Smoother"]

_NOTHING = 1e-18
"""A factor below this adds nothing to a float64."""


class Smoother:
    """An exponential moving average with bias correction, as Adam's moments have it (Kingma and Ba, 2015, section 3):
    ``s = w * s + (1 - w) * value``, of which ``s / (1 - w ** n)`` is shown after n values.

    Args:
        weight: w, 0 (not smoothed) up to but not including 1.
    """

    def __init__(self, weight: float) -> None:
        self._weight = weight
        self._sum = 0.0
        self._count = 0

    def add(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """The smoothed values of the next ones, float64 (N,); NaN stays NaN and changes nothing after it."""
        made = np.full(len(values), np.nan)
        known = np.isfinite(values)
        found = values[known]
        if not len(found):
            return made
        # Sums over 2, 4, 8, ... values at a time, each of two that are half as long: a loop over all would be slow
        sums, reach, factor = (1 - self._weight) * found, 1, self._weight
        while reach < len(sums) and factor > _NOTHING:
            sums[reach:] += factor * sums[:-reach]  # the product is made first
            reach, factor = 2 * reach, factor * factor
        # Powers as far as they count, which is not far
        weight = self._weight
        far = min(len(found), math.ceil(math.log(_NOTHING) / math.log(weight))) if weight > 0 else 1
        powers = np.float_power(weight, np.arange(1, far + 1))
        sums[:far] += self._sum * powers
        shown = sums.copy()
        shown[:far] /= 1 - powers * weight**self._count
        made[known] = shown
        self._sum, self._count = float(sums[-1]), self._count + len(found)
        return made
