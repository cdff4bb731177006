"""What is taken for what: a table with a row for each label and a column for each answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["ConfusionMatrix"]


class ConfusionMatrix:
    """Counts of (label, answer), added batch by batch. Memory: O(n²).

    Attributes:
        counts: int64 (n, n): labels by answers.
    """

    def __init__(self, categories: int) -> None:
        self.counts: NDArray[np.int64] = np.zeros((categories, categories), np.int64)

    def add(self, labels: NDArray[np.integer[Any]], answers: NDArray[np.integer[Any]]) -> None:
        """Count pairs of one shape, each from 0 to n - 1; leave out what is unknown before.

        Raises:
            ValueError: other shapes or numbers.
        """
        count = len(self.counts)
        if labels.shape != answers.shape:
            raise ValueError(f"there are labels of shape {labels.shape} and answers of shape {answers.shape}")
        for name, values in (("label", labels), ("answer", answers)):
            if values.size and not 0 <= values.min() <= values.max() < count:
                raise ValueError(f"a {name} is {values.min()} to {values.max()} and there are {count} categories")
        pairs = labels.ravel().astype(np.int64) * count + answers.ravel().astype(np.int64)
        self.counts += np.bincount(pairs, minlength=count * count).reshape(count, count)

    def shares(self, of: Literal["labels", "answers", "all"] = "labels") -> NDArray[np.float64]:
        """``counts`` as shares of each row, of each column or of everything, float64 (n, n); NaN of nothing, so that
        a picture of it can leave these cells empty.
        """
        axis = {"labels": 1, "answers": 0, "all": None}[of]
        whole = self.counts.sum(axis=axis, keepdims=True).astype(np.float64)
        shares: NDArray[np.float64] = np.divide(
            self.counts, whole, out=np.full(self.counts.shape, np.nan), where=whole > 0
        )
        return shares

    def pairs(self, names: Sequence[str]) -> list[tuple[str, str, int]]:
        """Wrong answers as (label, answer, count), most frequent first, then by name."""
        found = [
            (names[label], names[answer], int(self.counts[label, answer]))
            for label, answer in np.argwhere(self.counts)
            if label != answer
        ]
        return sorted(found, key=lambda one: (-one[2], one[0], one[1]))
