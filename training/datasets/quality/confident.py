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
        margins: float64 (M,), how much more probable that is than what the label says, 0 to 1.
    """

    rows: NDArray[np.intp]
    proposed: NDArray[np.intp]
    margins: NDArray[np.float64]


def confident_errors(probabilities: NDArray[np.float64], labels: NDArray[np.intp], *, margin: float = 0.0) -> Suspects:
    """The off-diagonal of the confident joint, ranked by margin.

    A category's threshold is the mean probability that it gets where it is the label. An example is counted where the
    most probable of those categories is whose threshold it reaches; where that is not its label, the label is
    suspected. So neither a category that is hard everywhere nor one that is too easily said brings suspicion by itself.

    Args:
        probabilities: (N, n), held out.
        labels: (N,), columns.
        margin: the least by which the other must be more probable.
    """
    count, categories = probabilities.shape
    own = probabilities[np.arange(count), labels]
    totals = np.bincount(labels, weights=own, minlength=categories)
    sizes = np.bincount(labels, minlength=categories)
    thresholds = np.divide(totals, sizes, out=np.full(categories, np.inf), where=sizes > 0)
    reached = np.where(probabilities >= thresholds, probabilities, -1.0)
    counted_as = reached.argmax(axis=1)
    margins = probabilities[np.arange(count), counted_as] - own
    suspected = (reached.max(axis=1) >= 0) & (counted_as != labels) & (margins > margin)
    rows = np.flatnonzero(suspected)
    rows = rows[np.argsort(-margins[rows], kind="stable")]
    return Suspects(rows, counted_as[rows], margins[rows])
