"""What things are taken for, found where nothing is, or missed: a confusion matrix with the background."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from training.metrics.confusion import ConfusionMatrix
from training.metrics.figures import Figures, f1, ratio

__all__ = ["LEAST", "OVERLAP", "BoxConfusion"]

LEAST: Final = 0.25
"""From this score on a box is shown, as in ``models.heads.boxes``, which the engine's Python can't import."""

OVERLAP: Final = 0.5
"""From this intersection over union on a detection is of the thing (PASCAL VOC, Everingham et al. 2010)."""


class BoxConfusion:
    """Takes one picture at a time. The last row is what nothing there was taken for, the last column what was missed.

    Only detections with a score of ``LEAST`` or more count. Each goes to at most one truth and each truth to at most
    one detection: pairs of the same category first, then those that overlap most. What lies in a crowd is left out.

    Attributes:
        matrix: (n + 1, n + 1), labels by answers.
    """

    def __init__(self, categories: int) -> None:
        self.matrix = ConfusionMatrix(categories + 1)

    def add(
        self,
        labels: NDArray[np.integer[Any]],
        scores: NDArray[np.floating[Any]],
        truth_labels: NDArray[np.integer[Any]],
        crowd: NDArray[np.bool_],
        overlaps: NDArray[np.float64],
    ) -> None:
        """Count a picture.

        Args:
            labels: of the detections, (D,).
            scores: of the detections, (D,).
            truth_labels: (G,).
            crowd: (G,): whether a truth is many things at once.
            overlaps: (D, G), as ``training.metrics.overlap`` gives.
        """
        shown = scores >= LEAST
        labels, scores, overlaps = labels[shown], scores[shown], overlaps[shown]
        in_crowd = (overlaps[:, crowd] >= OVERLAP).any(axis=1)
        truth_labels, overlaps = truth_labels[~crowd], overlaps[:, ~crowd]
        background = len(self.matrix.counts) - 1
        said, missed = np.full(len(truth_labels), background), np.ones(len(labels), np.bool_)
        free = np.ones(len(truth_labels), np.bool_)
        one, other = np.nonzero(overlaps >= OVERLAP)
        wrong = labels[one] != truth_labels[other]
        for pair in np.lexsort((other, -scores[one], -overlaps[one, other], wrong)):
            place, truth = one[pair], other[pair]
            if missed[place] and free[truth]:
                missed[place], free[truth], said[truth] = False, False, labels[place]
        alone = labels[missed & ~in_crowd]
        self.matrix.add(truth_labels, said)
        self.matrix.add(np.full(len(alone), background), alone)

    def summary(self) -> Figures:
        """Precision, recall and F1 over all categories at the score ``LEAST`` and the overlap ``OVERLAP``."""
        counts = self.matrix.counts
        right, things, answers = int(np.trace(counts[:-1, :-1])), int(counts[:-1].sum()), int(counts[:, :-1].sum())
        return {
            "precision": ratio(right, answers),
            "recall": ratio(right, things),
            "f1": f1(right, things, answers),
        }
