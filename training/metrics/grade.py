"""Figures for a ``grade`` head: how far off it is, and whether it puts pictures into the right order."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from training.metrics.figures import Asked, Figures, check_numbers, ratio, rows

__all__ = ["BETTER", "PRIMARY", "Accumulator", "quadratic_weighted_kappa", "spearman", "summary"]

PRIMARY: Final = "mae"
BETTER: Final = "lower"

_ROUNDING = 1e-4
"""Of a step: what float32 may add to a distance of exactly a step."""


class Accumulator:
    """Figures of values float (N,) and labels float (N,), both in grades; a label that is NaN is unknown.

    Memory: 16 bytes a picture.
    """

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._values = np.empty(0)
        self._labels = np.empty(0)

    def add(
        self,
        predictions: NDArray[np.floating[Any]],
        labels: NDArray[np.floating[Any]],
        known: NDArray[np.bool_] | None = None,
        /,
    ) -> None:
        """As ``Accumulator.add`` of ``training.metrics.figures``."""
        check_numbers("grades", predictions, (len(labels),))
        there = rows(known, labels.shape) & ~np.isnan(labels)
        check_numbers("labels", labels[there], (int(there.sum()),))
        self._values = np.append(self._values, predictions[there].astype(np.float64))
        self._labels = np.append(self._labels, labels[there].astype(np.float64))

    def summary(self) -> Figures:
        """Mean absolute and root mean squared error; bias, the mean of value less label; the shares that are off by at
        most half a step and a step; kappa of the nearest whole grades; Spearman's rank correlation.
        """
        off = self._values - self._labels
        count, step = len(off), self._asked.step
        squared = ratio(float(np.sum(off**2)), count)
        return {
            "mae": ratio(float(np.abs(off).sum()), count),
            "rmse": None if squared is None else squared**0.5,
            "bias": ratio(float(off.sum()), count),
            "within_half_step": ratio(int(np.sum(np.abs(off) <= (0.5 + _ROUNDING) * step)), count),
            "within_one_step": ratio(int(np.sum(np.abs(off) <= (1 + _ROUNDING) * step)), count),
            "quadratic_weighted_kappa": quadratic_weighted_kappa(self._whole(self._values), self._whole(self._labels)),
            "spearman": spearman(self._values, self._labels),
        }

    def per_class(self) -> list[Figures]:
        """None: a scale has no classes."""
        return []

    def _whole(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """How many steps each is above the lowest grade, whole; of two the lower, as the program rounds."""
        low = self._asked.low or 0.0
        within = np.clip(values, self._asked.low, self._asked.high)
        return np.ceil((within - low) / self._asked.step - 0.5 - _ROUNDING)


def summary(
    asked: Asked,
    predictions: NDArray[np.floating[Any]],
    labels: NDArray[np.floating[Any]],
    known: NDArray[np.bool_] | None = None,
    /,
) -> Figures:
    """The figures of ``Accumulator`` all at once."""
    one = Accumulator(asked)
    one.add(predictions, labels, known)
    return one.summary()


def quadratic_weighted_kappa(ones: NDArray[np.floating[Any]], others: NDArray[np.floating[Any]]) -> float | None:
    """Cohen's kappa (Psychological Bulletin 70, 1968) with squared distances as disagreement, of whole grades (N,).

    The mean squared distance by chance is var(a) + var(b) + (mean(a) - mean(b))², so that no table is needed and the
    number of grades doesn't matter. None where chance can't disagree.
    """
    if not len(ones):
        return None
    by_chance = float(np.var(ones) + np.var(others) + (np.mean(ones) - np.mean(others)) ** 2)
    return 1 - float(np.mean((ones - others) ** 2)) / by_chance if by_chance > 0 else None


def spearman(ones: NDArray[np.floating[Any]], others: NDArray[np.floating[Any]]) -> float | None:
    """Spearman's rank correlation (American Journal of Psychology 15, 1904) of (N,) and (N,), -1 to 1: Pearson's of the
    ranks, equal values sharing their mean rank. None where either is always the same.
    """
    if not len(ones):
        return None
    first, second = (one - one.mean() for one in (_ranks(ones), _ranks(others)))
    scale = float(np.sqrt(np.sum(first**2) * np.sum(second**2)))
    return float(np.clip(np.sum(first * second) / scale, -1, 1)) if scale > 0 else None


def _ranks(values: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    ranks: NDArray[np.float64] = (last - (count - 1) / 2)[place]
    return ranks
