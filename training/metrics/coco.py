"""Average precision and recall of things in pictures as the COCO challenge counts them (Lin et al. 2014; cocoeval.py).

Of one picture and category the detections, best scored first, each take the truth that they overlap most, if that is
at least the threshold and not taken. Truths that are crowds or of another size are to be ignored: they are taken only
if no other is left, and whoever takes one is neither right nor wrong. Precision is made falling and read at 101
recalls.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from training.metrics.figures import Figures, mean

__all__ = ["MOST", "RECALLS", "SIZES", "THRESHOLDS", "CocoEvaluator", "Overlaps"]

THRESHOLDS: Final = np.linspace(0.5, 0.95, 10)
"""Of intersection over union."""

RECALLS: Final = np.linspace(0, 1, 101)

SIZES: Final[Mapping[str, tuple[float, float]]] = {
    "all": (0, 1e10),
    "small": (0, 32**2),
    "medium": (32**2, 96**2),
    "large": (96**2, 1e10),
}
"""Areas in pixels, both ends included."""

MOST: Final = 100
"""Detections of a picture and category that count, the best scored."""

_WRONG, _RIGHT, _IGNORED = 0, 1, 2

Overlaps = Callable[[NDArray[np.intp], NDArray[np.intp]], NDArray[np.float64]]
"""Places of D detections and of G truths -> their overlaps, float64 (D, G)."""


class CocoEvaluator:
    """Takes one picture at a time. Of equal scores the picture that was added earlier goes first.

    Memory: about 50 bytes for each detection.
    """

    def __init__(self, categories: int) -> None:
        self._scores: list[list[NDArray[np.float64]]] = [[] for _ in range(categories)]
        self._ranks: list[list[NDArray[np.intp]]] = [[] for _ in range(categories)]
        self._fates: list[list[NDArray[np.int8]]] = [[] for _ in range(categories)]
        self._truths = np.zeros((categories, len(SIZES)), np.int64)

    def add(
        self,
        detected: tuple[NDArray[np.integer[Any]], NDArray[np.floating[Any]], NDArray[np.floating[Any]]],
        truths: tuple[NDArray[np.integer[Any]], NDArray[np.bool_], NDArray[np.floating[Any]]],
        overlaps: Overlaps,
    ) -> None:
        """Count a picture.

        Args:
            detected: labels, scores and areas in pixels, (D,) each.
            truths: labels, whether each is a crowd, and areas in pixels, (G,) each.
            overlaps: where the truth is a crowd, the share of the detection that lies in it.
        """
        labels, scores, areas = detected
        truth_labels, crowd, truth_areas = truths
        for category in np.union1d(labels, truth_labels).astype(np.intp).tolist():
            mine = np.flatnonzero(labels == category)
            mine = mine[np.argsort(-scores[mine], kind="stable")[:MOST]]
            these = np.flatnonzero(truth_labels == category)
            ignored = crowd[these] | _outside(truth_areas[these])
            fates = _fates(overlaps(mine, these), crowd[these], ignored, _outside(areas[mine]))
            self._truths[category] += np.sum(~ignored, axis=1)
            self._scores[category].append(scores[mine].astype(np.float64))
            self._ranks[category].append(np.arange(len(mine)))
            self._fates[category].append(fates)

    def summary(self) -> Figures:
        """The twelve figures of the challenge. "map_50_95": mean over categories of the precision averaged over recalls
        and thresholds; "map_50", "map_75": at one threshold; "mar_1", "mar_10", "mar_100": mean over categories and
        thresholds of the recall with so many detections a picture; both also by size.
        """
        each = [self._of(category, "all") for category in range(len(self._scores))]
        figures: Figures = {
            "map_50_95": mean(_mean(precision) for precision, _ in each),
            "map_50": mean(_mean(precision[:1]) for precision, _ in each),
            "map_75": mean(_mean(precision[5:6]) for precision, _ in each),
        }
        by_size = {size: [self._of(category, size) for category in range(len(each))] for size in SIZES if size != "all"}
        for size, ones in by_size.items():
            figures[f"map_{size}"] = mean(_mean(precision) for precision, _ in ones)
        for most in (1, 10):
            recalls = (self._of(category, "all", most)[1] for category in range(len(each)))
            figures[f"mar_{most}"] = mean(_mean(recall) for recall in recalls)
        figures["mar_100"] = mean(_mean(recall) for _, recall in each)
        for size, ones in by_size.items():
            figures[f"mar_{size}"] = mean(_mean(recall) for _, recall in ones)
        return figures

    def per_class(self) -> list[Figures]:
        """Average precision and recall of each category, in order, and its truths that are no crowds."""
        found: list[Figures] = []
        for category, truths in enumerate(self._truths[:, 0].tolist()):
            precision, recall = self._of(category, "all")
            found.append(
                {
                    "ap_50_95": _mean(precision),
                    "ap_50": _mean(precision[:1]),
                    "ap_75": _mean(precision[5:6]),
                    "ar_100": _mean(recall),
                    "support": float(truths),
                }
            )
        return found

    def precision(self, category: int, threshold: int = 0) -> NDArray[np.float64] | None:
        """Precision at ``RECALLS``, float64 (101,), for the ``threshold``-th of ``THRESHOLDS``; None without truths."""
        precision, _ = self._of(category, "all")
        return precision[threshold] if len(precision) else None

    def _of(self, category: int, size: str, most: int = MOST) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Precision (T, 101) and recall (T,); both empty without truths."""
        place = list(SIZES).index(size)
        truths = self._truths[category, place]
        if not truths:
            return np.empty((0, len(RECALLS))), np.empty(0)
        kept = np.flatnonzero(np.concatenate([np.empty(0, np.intp), *self._ranks[category]]) < most)
        scores = np.concatenate([np.empty(0), *self._scores[category]])[kept]
        order = kept[np.argsort(-scores, kind="stable")]
        empty = np.empty((len(THRESHOLDS), 0), np.int8)
        fates = np.concatenate([empty, *(one[place] for one in self._fates[category])], axis=1)[:, order]
        right = np.cumsum(fates == _RIGHT, axis=1)
        counted = right + np.cumsum(fates == _WRONG, axis=1)
        raw = right / np.maximum(counted, 1)
        falling = np.maximum.accumulate(raw[:, ::-1], axis=1)[:, ::-1]
        recall = right / truths
        precision = np.zeros((len(THRESHOLDS), len(RECALLS)))
        for row, reached, values in zip(precision, recall, falling, strict=True):
            first = np.searchsorted(reached, RECALLS, side="left")
            row[first < len(values)] = values[first[first < len(values)]]
        return precision, recall[:, -1] if len(order) else np.zeros(len(THRESHOLDS))


def _outside(areas: NDArray[np.floating[Any]]) -> NDArray[np.bool_]:
    """Which of (K,) are not of each size, (A, K)."""
    ends = np.array(list(SIZES.values()))
    return (areas < ends[:, :1]) | (areas > ends[:, 1:])


def _fates(
    overlaps: NDArray[np.float64], crowd: NDArray[np.bool_], ignored: NDArray[np.bool_], outside: NDArray[np.bool_]
) -> NDArray[np.int8]:
    """What becomes of each detection, best first, for each size and threshold: int8 (A, T, D).

    Args:
        overlaps: (D, G).
        crowd: (G,): any number may take it.
        ignored: (A, G): truths that don't count.
        outside: (A, D): detections that are of another size.
    """
    truths = overlaps.shape[1]
    fates = np.where(outside[:, None], _IGNORED, _WRONG).repeat(len(THRESHOLDS), axis=1).astype(np.int8)
    taken = np.zeros((len(SIZES), len(THRESHOLDS), truths), np.bool_)
    for place in np.flatnonzero((overlaps >= THRESHOLDS[0]).any(axis=1)):
        free = (overlaps[place] >= THRESHOLDS[:, None]) & (~taken | crowd)
        counting = free & ~ignored[:, None]
        wanted = np.where(counting.any(axis=2, keepdims=True), counting, free)
        nearness = np.where(wanted, overlaps[place], -1.0)
        best = truths - 1 - nearness[..., ::-1].argmax(axis=2)  # of equal ones the last
        size, threshold = np.nonzero(wanted.any(axis=2))
        truth = best[size, threshold]
        taken[size, threshold, truth] = True
        fates[size, threshold, place] = np.where(ignored[size, truth], _IGNORED, _RIGHT)
    return fates


def _mean(values: NDArray[np.float64]) -> float | None:
    return float(values.mean()) if values.size else None
