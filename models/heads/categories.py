"""The ``categories`` head: one of n, as probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

__all__ = ["CategoriesResult", "Score", "decode"]


@dataclass(frozen=True, slots=True)
class Score:
    """One category and the probability given to it, 0 to 1."""

    category: str
    confidence: float


@dataclass(frozen=True, slots=True, eq=False)
class CategoriesResult:
    """Probabilities over a head's categories.

    Attributes:
        categories: names, shared between all results of one model.
        probabilities: float32 (n,), sums to 1, in the order of ``categories``.
    """

    kind: ClassVar[str] = "categories"
    categories: tuple[str, ...]
    probabilities: NDArray[np.float32]

    def top(self, k: int) -> list[Score]:
        """The ``k`` most probable categories, most probable first."""
        order = np.argsort(-self.probabilities, kind="stable")[:k]
        return [Score(self.categories[i], float(self.probabilities[i])) for i in order]

    @property
    def best(self) -> Score:
        """The most probable category."""
        index = int(np.argmax(self.probabilities))
        return Score(self.categories[index], float(self.probabilities[index]))

    def to_json(self, top_k: int) -> list[dict[str, object]]:
        """The form this kind takes under ``heads`` in ``sortwerk classify --json``."""
        return [{"category": s.category, "confidence": round(s.confidence, 4)} for s in self.top(top_k)]


def decode(logits: NDArray[np.float32], categories: Sequence[str]) -> list[CategoriesResult]:
    """Softmax of calibrated ``logits``, float32 (N, n), to N results; ``categories`` has n names.

    Raises:
        ValueError: the number of columns is not the number of categories.
    """
    if logits.ndim != 2 or logits.shape[1] != len(categories):
        raise ValueError(f"expected logits of shape (N, {len(categories)}), got {logits.shape}")
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    probabilities = (shifted / shifted.sum(axis=1, keepdims=True)).astype(np.float32)
    names = tuple(categories)
    return [CategoriesResult(names, row) for row in probabilities]
