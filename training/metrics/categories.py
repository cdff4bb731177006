"""Figures for a ``categories`` head: how often it is right, where it is not, and how far to believe it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["ClassFigures", "accuracy", "calibration_error", "confusions", "per_class"]


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


def calibration_error(probabilities: NDArray[np.float32], labels: NDArray[np.intp], bins: int = 10) -> float:
    """Expected calibration error of the top answer, 0 (its confidence can be believed) to 1.

    The gap between mean confidence and accuracy in bins of equal width, weighted by the images in them
    (Naeini, Cooper and Hauskrecht 2015, as used by Guo et al. 2017).
    """
    confidence = probabilities.max(axis=1).astype(np.float64)
    right = probabilities.argmax(axis=1) == labels
    index = np.minimum((confidence * bins).astype(np.intp), bins - 1)
    gaps = (abs(float(np.sum(confidence[index == b]) - np.sum(right[index == b]))) for b in range(bins))
    return sum(gaps) / len(labels)


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
