"""Labels that a classifier, held out, would not have given: confident learning (Northcutt et al., 2021)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Suspects", "confident_errors"]


@dataclass(frozen=True, slots=True, eq=False)
class Suspects:
    """M examples whose label is probably wrong, the most probable first.

    Attributes:
        rows: (M,), of the examples.
        proposed: (M,), the columns of the categories that they probably are.
        odds: float64 (M,), how many times better that category fits than what the label says, over 1.
    """

    rows: NDArray[np.intp]
    proposed: NDArray[np.intp]
    odds: NDArray[np.float64]


def confident_errors(probabilities: NDArray[np.float64], labels: NDArray[np.intp], *, odds: float = 1.0) -> Suspects:
    """Labels that another category beats, each measured by its own threshold, ranked by how many times.

    A category's threshold is the mean probability that it gets where it is the label, as in the confident joint; how
    well a category fits is its probability over its threshold. So neither a category that is hard everywhere nor one
    that is too easily said brings suspicion by itself. Fits are compared by their ratio and not, as margins are, by
    their difference: where a classifier is never sure, as on camera pictures, a label of probability 0.001 is
    suspicious although the best other has 0.2, and one of 0.05 is not. On the train splits that finds more at the same
    precision.

    Args:
        probabilities: (N, n), held out.
        labels: (N,), columns.
        odds: how many times better the other must fit, 1 or more.
    """
    count, categories = probabilities.shape
    every = np.arange(count)
    own = probabilities[every, labels]
    totals = np.bincount(labels, weights=own, minlength=categories)
    sizes = np.bincount(labels, minlength=categories)
    thresholds = np.divide(totals, sizes, out=np.full(categories, np.inf), where=sizes > 0)
    fits = probabilities / np.maximum(thresholds, _LEAST)
    said = np.maximum(fits[every, labels], _LEAST)
    fits[every, labels] = -1.0
    proposed = fits.argmax(axis=1)
    times = fits[every, proposed] / said
    rows = np.flatnonzero(times > odds)
    rows = rows[np.argsort(-times[rows], kind="stable")]
    return Suspects(rows, proposed[rows], times[rows])


_LEAST = 1e-9
"""What a probability of nought counts as."""
