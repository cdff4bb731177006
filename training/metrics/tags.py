"""Figures for a ``tags`` head: each tag for itself, and all together."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from training.metrics.curves import average_precision
from training.metrics.figures import Asked, Figures, check_probabilities, f1, mean, ratio, rows

__all__ = ["BETTER", "PER_CLASS", "PRESENT", "PRIMARY", "Accumulator", "summary"]

PRIMARY: Final = "map"
BETTER: Final = "higher"
PER_CLASS: Final = "f1"

PRESENT: Final = 0.5
"""From this probability on a tag applies, as in ``models.heads.tags``, which the engine's Python can't import."""


class Accumulator:
    """Figures of probabilities float (N, n) and labels (N, n): 1 where a tag applies, 0 where not, -1 where nobody
    knows; bool does for the first two.

    A tag that neither a label nor an answer names counts for no mean over tags. Memory: six bytes a picture and tag,
    since average precision needs all scores.
    """

    def __init__(self, asked: Asked) -> None:
        self._count = asked.categories
        self._probabilities: list[NDArray[np.float32]] = []
        self._labels: list[NDArray[np.int8]] = []

    def add(
        self,
        predictions: NDArray[np.floating[Any]],
        labels: NDArray[Any],
        known: NDArray[np.bool_] | None = None,
        /,
    ) -> None:
        """As ``Accumulator.add`` of ``training.metrics.figures``."""
        shape = (len(labels), self._count)
        check_probabilities(predictions, shape)
        if labels.shape != shape or not np.isin(labels, (-1, 0, 1)).all():
            raise ValueError(f"labels must be 0, 1 or -1 in the shape {shape}, not {labels.shape}")
        self._probabilities.append(predictions.astype(np.float32))
        self._labels.append(np.where(rows(known, shape), labels, -1).astype(np.int8))

    def summary(self) -> Figures:
        """Micro and macro F1 at the threshold ``PRESENT`` (Tsoumakas and Katakis 2007), with the precision and recall
        that the first is made of; "map", the mean of the tags' average precisions; subset accuracy, the share of the
        pictures of which every tag is known that have every tag right.
        """
        _, labels, answers = self._all()
        known = labels >= 0
        right, images, found = (int(np.sum(one)) for one in (answers & (labels == 1), labels == 1, answers & known))
        each = self.per_class()
        whole = known.all(axis=1) & (self._count > 0)
        exact = (answers == (labels == 1)).all(axis=1) & whole
        return {
            "map": mean(one["average_precision"] for one in each),
            "macro_f1": mean(one["f1"] for one in each),
            "micro_f1": f1(right, images, found),
            "micro_precision": ratio(right, found),
            "micro_recall": ratio(right, images),
            "subset_accuracy": ratio(int(exact.sum()), int(whole.sum())),
        }

    def per_class(self) -> list[Figures]:
        """Precision, recall, F1, average precision and support of each tag, in order."""
        probabilities, labels, answers = self._all()
        return [_of_tag(*columns) for columns in zip(probabilities.T, labels.T, answers.T, strict=True)]

    def _all(self) -> tuple[NDArray[np.float32], NDArray[np.int8], NDArray[np.bool_]]:
        """Probabilities, labels and whether each tag is answered, (N, n)."""
        probabilities = np.concatenate([np.empty((0, self._count), np.float32), *self._probabilities])
        labels = np.concatenate([np.empty((0, self._count), np.int8), *self._labels])
        self._probabilities, self._labels = [probabilities], [labels]
        return probabilities, labels, probabilities >= PRESENT


def summary(
    asked: Asked,
    predictions: NDArray[np.floating[Any]],
    labels: NDArray[Any],
    known: NDArray[np.bool_] | None = None,
    /,
) -> Figures:
    """The figures of ``Accumulator`` all at once."""
    one = Accumulator(asked)
    one.add(predictions, labels, known)
    return one.summary()


def _of_tag(scores: NDArray[np.float32], labels: NDArray[np.int8], answers: NDArray[np.bool_]) -> Figures:
    known = labels >= 0
    positive = labels == 1
    right, images, found = int(np.sum(answers & positive)), int(positive.sum()), int(np.sum(answers & known))
    return {
        "precision": ratio(right, found),
        "recall": ratio(right, images),
        "f1": f1(right, images, found),
        "average_precision": average_precision(scores[known], positive[known]),
        "support": float(images),
    }
