"""What is out of the ordinary among its like: robust deviations, and flags that half of a category would carry."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["deviations", "rare"]

USUAL = 0.25
"""What more than this share of a category's pictures are is how they are, and no fault."""


def deviations(values: NDArray[np.floating], peers: NDArray[np.intp]) -> NDArray[np.float64]:
    """How far each of (N,) lies from the median of its peers, in deviations of all.

    A deviation is 1.4826 times the median absolute distance, which is the standard deviation where values are normal
    and does not heed the odd ones that are looked for. It is taken over all, as those of one category are few.

    Args:
        values: (N,), finite.
        peers: (N,), a number for each category; those with a number below 0 are compared with all.
    """
    if not len(values):
        return np.empty(0)
    middle = np.full(len(values), np.median(values))
    for number in np.unique(peers[peers >= 0]):
        own = peers == number
        middle[own] = np.median(values[own])
    apart = values - middle
    return np.asarray(apart / max(1.4826 * float(np.median(np.abs(apart))), 1e-6), np.float64)


def rare(flags: NDArray[np.bool_], peers: NDArray[np.intp]) -> NDArray[np.bool_]:
    """The flags (N,) without those of categories in which more than ``USUAL`` of the pictures carry one."""
    kept = flags.copy()
    for number in np.unique(peers):
        own = peers == number
        if flags[own].mean() > USUAL:
            kept[own] = False
    return kept
