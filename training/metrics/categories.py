"""Figures for a ``categories`` head: how often it is right, where it is not, and how far to believe it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from training.metrics.figures import Asked, Figures, check_probabilities, f1, mean, ratio, rows

__all__ = [
    "BETTER",
    "PER_CLASS",
    "PRIMARY",
    "Accumulator",
    "ClassFigures",
    "accuracy",
    "calibration_error",
    "confusions",
    "per_class",
    "summary",
    "top_k_accuracy",
]

PRIMARY: Final = "accuracy"
BETTER: Final = "higher"
PER_CLASS: Final = "recall"

_TOP = 5
_BINS = 10


@dataclass(frozen=True, slots=True)
class ClassFigures:
    """One class: how many images of it there are, and of the answers that name it.

    Attributes:
        name: of the class.
        images: that carry this label.
        answers: that name it.
        right: answers that name it and carry the label.
    """

    name: str
    images: int
    answers: int
    right: int

    @property
    def precision(self) -> float:
        """Share of the answers that are right, 0 to 1; 0 without answers."""
        return self.right / self.answers if self.answers else 0.0

    @property
    def recall(self) -> float:
        """Share of the images that are found, 0 to 1; 0 without images."""
        return self.right / self.images if self.images else 0.0


def accuracy(probabilities: NDArray[np.float32], labels: NDArray[np.intp]) -> float:
    """Share of the rows of ``probabilities`` (N, n) whose largest entry is the label, 0 to 1."""
    return float(np.mean(probabilities.argmax(axis=1) == labels))


def top_k_accuracy(probabilities: NDArray[np.floating[Any]], labels: NDArray[np.integer[Any]], k: int) -> float:
    """Share of the rows of ``probabilities`` (N, n), N at least 1, whose label is among the ``k`` largest entries, 0 to
    1. Of equal entries the first counts as larger, so that k = 1 is ``accuracy``.
    """
    return float(np.mean(_ranks(probabilities, labels) < k))


def calibration_error(probabilities: NDArray[np.float32], labels: NDArray[np.intp], bins: int = 10) -> float:
    """Expected calibration error of the top answer, 0 (its confidence can be believed) to 1.

    The gap between mean confidence and accuracy in bins of equal width, weighted by the images in them
    (Naeini, Cooper and Hauskrecht 2015, as used by Guo et al. 2017).
    """
    return float(np.abs(_gaps(probabilities, labels, bins)).sum()) / len(labels)


def per_class(
    probabilities: NDArray[np.float32], labels: NDArray[np.intp], categories: Sequence[str]
) -> list[ClassFigures]:
    """Figures of each of ``categories``, in their order, from probabilities (N, n) and labels (N,)."""
    answers = probabilities.argmax(axis=1)
    return [
        ClassFigures(
            name, int(np.sum(labels == i)), int(np.sum(answers == i)), int(np.sum((labels == i) & (answers == i)))
        )
        for i, name in enumerate(categories)
    ]


def confusions(
    probabilities: NDArray[np.float32], labels: NDArray[np.intp], categories: Sequence[str]
) -> list[tuple[str, str, int]]:
    """Wrong answers as (label, answer, images), most frequent first, then by name."""
    counts: dict[tuple[str, str], int] = {}
    for label, answer in zip(labels, probabilities.argmax(axis=1), strict=True):
        if label != answer:
            pair = (categories[label], categories[answer])
            counts[pair] = counts.get(pair, 0) + 1
    return [(label, answer, n) for (label, answer), n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]


class Accumulator:
    """Figures of probabilities float (N, n) and labels int (N,), of which those under 0 are unknown.

    A class that neither a label nor an answer names counts for no mean over classes. Memory: O(n).
    """

    def __init__(self, asked: Asked) -> None:
        count = asked.categories
        self._images = np.zeros(count, np.int64)
        self._answers = np.zeros(count, np.int64)
        self._right = np.zeros(count, np.int64)
        self._gaps = np.zeros(_BINS)
        self._in_top = 0

    def add(
        self,
        predictions: NDArray[np.floating[Any]],
        labels: NDArray[np.integer[Any]],
        known: NDArray[np.bool_] | None = None,
        /,
    ) -> None:
        """As ``Accumulator.add`` of ``training.metrics.figures``."""
        count = len(self._images)
        check_probabilities(predictions, (len(labels), count))
        if labels.size and labels.max() >= count:
            raise ValueError(f"a label is {labels.max()} and there are {count} categories")
        there = rows(known, labels.shape) & (labels >= 0)
        predictions, labels = predictions[there], labels[there].astype(np.intp)
        if not len(labels):
            return
        answers = predictions.argmax(axis=1)
        self._images += np.bincount(labels, minlength=count)
        self._answers += np.bincount(answers, minlength=count)
        self._right += np.bincount(labels[labels == answers], minlength=count)
        self._gaps += _gaps(predictions, labels, _BINS)
        self._in_top += int(np.sum(_ranks(predictions, labels) < _TOP))

    def summary(self) -> Figures:
        """Accuracy; top-5 accuracy, None where five are all; balanced accuracy, the mean recall of the classes with
        images (Brodersen et al. 2010); the mean F1 over classes; Cohen's kappa (1960), None where chance is always
        right; the calibration error as ``calibration_error``.
        """
        total = int(self._images.sum())
        each = self.per_class()
        return {
            "accuracy": ratio(self._right.sum(), total),
            "top5_accuracy": ratio(self._in_top, total) if len(each) > _TOP else None,
            "balanced_accuracy": mean(one["recall"] for one in each),
            "macro_f1": mean(one["f1"] for one in each),
            "cohen_kappa": self._kappa(total),
            "calibration_error": ratio(float(np.abs(self._gaps).sum()), total),
        }

    def per_class(self) -> list[Figures]:
        """Precision, recall, F1 and support of each category, in order."""
        counts = zip(self._right.tolist(), self._images.tolist(), self._answers.tolist(), strict=True)
        return [
            {
                "precision": ratio(right, answers),
                "recall": ratio(right, images),
                "f1": f1(right, images, answers),
                "support": float(images),
            }
            for right, images, answers in counts
        ]

    def _kappa(self, total: int) -> float | None:
        if not total:
            return None
        by_chance = float(np.sum(self._images / total * (self._answers / total)))
        return ratio(float(self._right.sum()) / total - by_chance, 1 - by_chance if by_chance < 1 else 0)


def summary(
    asked: Asked,
    predictions: NDArray[np.floating[Any]],
    labels: NDArray[np.integer[Any]],
    known: NDArray[np.bool_] | None = None,
    /,
) -> Figures:
    """The figures of ``Accumulator`` all at once."""
    one = Accumulator(asked)
    one.add(predictions, labels, known)
    return one.summary()


def _ranks(probabilities: NDArray[np.floating[Any]], labels: NDArray[np.integer[Any]]) -> NDArray[np.intp]:
    """How many entries come before the label's, (N,)."""
    own = np.take_along_axis(probabilities, labels[:, None].astype(np.intp), axis=1)
    earlier = np.arange(probabilities.shape[1]) < labels[:, None]
    ranks: NDArray[np.intp] = ((probabilities > own) | ((probabilities == own) & earlier)).sum(axis=1)
    return ranks


def _gaps(probabilities: NDArray[np.floating[Any]], labels: NDArray[np.integer[Any]], bins: int) -> NDArray[np.float64]:
    """Confidence less rightness, summed in bins of confidence, (bins,)."""
    confidence = probabilities.max(axis=1).astype(np.float64)
    right = probabilities.argmax(axis=1) == labels
    index = np.minimum((confidence * bins).astype(np.intp), bins - 1)
    return np.bincount(index, confidence - right, minlength=bins).astype(np.float64)
