"""Curves over all thresholds of a yes-or-no answer, and the areas under them. One class of many: its score against the
rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["PrecisionRecallCurve", "RocCurve", "average_precision", "precision_recall_curve", "roc_curve"]


@dataclass(frozen=True, slots=True, eq=False)
class RocCurve:
    """What is found against what is found wrongly, both rising from 0 to 1.

    Attributes:
        false_positive_rate: float64 (P,), share of the negatives that score at least the threshold.
        true_positive_rate: float64 (P,), share of the positives.
        thresholds: float64 (P,), falling; the first, at which nothing is found, is infinite.
        area: under it, 0 to 1: the chance that a positive scores above a negative, ties counted half (Hanley and
            McNeil, Radiology 143, 1982).
    """

    false_positive_rate: NDArray[np.float64]
    true_positive_rate: NDArray[np.float64]
    thresholds: NDArray[np.float64]
    area: float


@dataclass(frozen=True, slots=True, eq=False)
class PrecisionRecallCurve:
    """Precision against recall, recall rising from 0.

    Attributes:
        precision: float64 (P,), of what scores at least the threshold; the first, of nothing, is 1.
        recall: float64 (P,).
        thresholds: float64 (P,), falling; the first is infinite.
        average_precision: the sum of (R_k - R_k-1) P_k over the thresholds, 0 to 1: nothing is interpolated.
    """

    precision: NDArray[np.float64]
    recall: NDArray[np.float64]
    thresholds: NDArray[np.float64]
    average_precision: float


def roc_curve(scores: NDArray[np.floating[Any]], positive: NDArray[np.bool_]) -> RocCurve | None:
    """Of scores (N,), and whether each is of a positive; None without positives or without negatives."""
    thresholds, found, wrong = _steps(scores, positive)
    if not len(found) or not found[-1] or not wrong[-1]:
        return None
    true, false = np.append(0, found / found[-1]), np.append(0, wrong / wrong[-1])
    area = float(np.sum(np.diff(false) * (true[1:] + true[:-1])) / 2)
    return RocCurve(false, true, np.append(np.inf, thresholds), area)


def precision_recall_curve(
    scores: NDArray[np.floating[Any]], positive: NDArray[np.bool_]
) -> PrecisionRecallCurve | None:
    """Of scores (N,), and whether each is of a positive; None without positives."""
    thresholds, found, wrong = _steps(scores, positive)
    if not len(found) or not found[-1]:
        return None
    precision, recall = np.append(1, found / (found + wrong)), np.append(0, found / found[-1])
    area = float(np.sum(np.diff(recall) * precision[1:]))
    return PrecisionRecallCurve(precision, recall, np.append(np.inf, thresholds), area)


def average_precision(scores: NDArray[np.floating[Any]], positive: NDArray[np.bool_]) -> float | None:
    """As ``PrecisionRecallCurve`` has it; None without positives."""
    curve = precision_recall_curve(scores, positive)
    return None if curve is None else curve.average_precision


def _steps(
    scores: NDArray[np.floating[Any]], positive: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """The different scores, falling, and how many positives and negatives score at least as much."""
    order = np.argsort(-scores, kind="stable")
    falling, hits = scores[order].astype(np.float64), positive[order].astype(np.bool_)
    last = np.flatnonzero(np.diff(falling, append=np.nan) != 0)  # of equal scores
    found = np.cumsum(hits)[last].astype(np.float64)
    return falling[last], found, last + 1 - found
