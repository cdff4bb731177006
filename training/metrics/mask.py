"""Figures for a ``mask`` head: counted over the pixels of all pictures."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from training.metrics.confusion import ConfusionMatrix
from training.metrics.figures import Asked, Figures, f1, mean, ratio, rows

__all__ = ["BETTER", "PER_CLASS", "PRIMARY", "UNKNOWN_PIXEL", "Accumulator", "summary"]

PRIMARY: Final = "mean_iou"
BETTER: Final = "higher"
PER_CLASS: Final = "iou"

UNKNOWN_PIXEL: Final = 255
"""A pixel that nobody knows, as in ``training.datasets.masks``."""


class Accumulator:
    """Figures of masks and labels, integers (N, H, W), or (H, W) for one picture: indices of categories; a label of 255
    is unknown.

    Pixels of all pictures are counted together, as PASCAL VOC does (Everingham et al. 2010), so that a class which a
    picture lacks costs nothing there. A class that neither a label nor an answer has counts for no mean over classes.

    Attributes:
        confusion: labels by answers, in pixels.
    """

    def __init__(self, asked: Asked) -> None:
        self.confusion = ConfusionMatrix(asked.categories)

    def add(
        self,
        predictions: NDArray[np.integer[Any]],
        labels: NDArray[np.integer[Any]],
        known: NDArray[np.bool_] | None = None,
        /,
    ) -> None:
        """As ``Accumulator.add`` of ``training.metrics.figures``."""
        if predictions.shape != labels.shape:
            raise ValueError(f"the masks have the shape {predictions.shape} and their labels {labels.shape}")
        there = rows(known, labels.shape) & (labels != UNKNOWN_PIXEL)
        self.confusion.add(labels[there], predictions[there])

    def summary(self) -> Figures:
        """Means over classes of IoU (Jaccard 1912), Dice (1945) and accuracy, which is recall; the share of pixels that
        are right; IoU weighted by the classes' pixels (Long, Shelhamer and Darrell 2015).
        """
        each = self.per_class()
        total = int(self.confusion.counts.sum())
        weighted = sum((one["iou"] or 0) * (one["support"] or 0) for one in each)
        return {
            "mean_iou": mean(one["iou"] for one in each),
            "mean_dice": mean(one["dice"] for one in each),
            "pixel_accuracy": ratio(int(np.trace(self.confusion.counts)), total),
            "mean_accuracy": mean(one["recall"] for one in each),
            "frequency_weighted_iou": ratio(weighted, total),
        }

    def per_class(self) -> list[Figures]:
        """IoU, Dice, precision, recall and support, in pixels, of each category, in order."""
        counts = self.confusion.counts
        columns = (np.diag(counts), counts.sum(axis=1), counts.sum(axis=0))
        return [
            {
                "iou": ratio(right, images + answers - right),
                "dice": f1(right, images, answers),
                "precision": ratio(right, answers),
                "recall": ratio(right, images),
                "support": float(images),
            }
            for right, images, answers in zip(*(column.tolist() for column in columns), strict=True)
        ]


def summary(
    asked: Asked,
    predictions: NDArray[np.integer[Any]],
    labels: NDArray[np.integer[Any]],
    known: NDArray[np.bool_] | None = None,
    /,
) -> Figures:
    """The figures of ``Accumulator`` all at once."""
    one = Accumulator(asked)
    one.add(predictions, labels, known)
    return one.summary()
