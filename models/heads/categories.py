"""The ``categories`` head: one of n, as probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from models.heads.form import Form

__all__ = ["UNKNOWN", "CategoriesResult", "Score", "decode", "pack", "softmax"]

UNKNOWN = "unknown"
"""What stands where a category's name would, when there is none to give. No category may be called so."""

_LEAST = np.float32(1e-9)
"""Under this a probability is as good as none."""

_LARGEST = np.float32(60_000)
"""What half floats can hold."""


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
        probabilities: float32 (n,), sums to 1, in the order of ``categories``. Empty while nothing has been learned.
        unsure_below: a best answer under this confidence, 0 to 1, is more often wrong than the others.
        unknown_below: a best answer under this confidence is not worth giving.
    """

    kind: ClassVar[str] = "categories"
    categories: tuple[str, ...]
    probabilities: NDArray[np.float32]
    unsure_below: float = 0.0
    unknown_below: float = 0.0
    _best: Score | None = field(default=None, init=False, repr=False)

    def top(self, k: int) -> list[Score]:
        """The ``k`` most probable categories, most probable first."""
        order = np.argsort(-self.probabilities, kind="stable")[:k]
        return [Score(self.categories[i], float(self.probabilities[i])) for i in order]

    @property
    def best(self) -> Score:
        """The most probable category; ``UNKNOWN`` with confidence 0 when there are none."""
        best = self._best
        if best is None:
            if self.categories:
                index = int(self.probabilities.argmax())
                best = Score(self.categories[index], float(self.probabilities[index]))
            else:
                best = Score(UNKNOWN, 0.0)
            # Kept, also in a frozen result: a window asks seven times for each of its pictures after every correction
            object.__setattr__(self, "_best", best)
        return best

    @property
    def unknown(self) -> bool:
        """Whether the best answer is not worth giving. One of a single category never is: it had no choice."""
        return len(self.categories) < 2 or self.best.confidence < self.unknown_below

    @property
    def unsure(self) -> bool:
        """Whether the best answer needs a second look."""
        return self.unknown or self.best.confidence < self.unsure_below

    def to_json(self, top_k: int) -> list[dict[str, object]]:
        """The form this kind takes under ``heads`` in ``sortwerk classify --json``."""
        return [{"category": s.category, "confidence": round(s.confidence, 4)} for s in self.top(top_k)]

    def paint(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The picture as it is, uint8 (H, W, 3): a category says nothing of places in it."""
        return picture


def pack(
    tensors: Sequence[NDArray[Any]], form: Form, categories: Sequence[str], size: tuple[int, int]
) -> tuple[NDArray[np.float32], tuple[int, ...]]:
    """One output (N, n) as logits, float32 (N, n): probabilities become their logarithms, of which softmax gives them
    back. Axes of length one behind the classes, as some poolings leave them, are dropped.

    Raises:
        ValueError: the output has another number of columns.
    """
    scores = tensors[0].astype(np.float32)
    scores = scores.reshape(len(scores), -1) if scores.ndim > 1 else scores[:, None]
    if scores.shape[1] != len(categories):
        raise ValueError(f"it gives {scores.shape[1]} numbers a picture for {len(categories)} categories")
    if form.values == "probabilities":
        scores = np.log(np.clip(scores, _LEAST, 1))
    return np.clip(scores, -_LARGEST, _LARGEST), ()


def decode(
    logits: NDArray[np.float32],
    categories: Sequence[str],
    *,
    unsure_below: float = 0.0,
    unknown_below: float = 0.0,
    form: Form = Form(),
) -> list[CategoriesResult]:
    """Softmax of calibrated ``logits``, float32 (N, n), to N results; ``categories`` has n names, thresholds 0 to 1.

    Raises:
        ValueError: the number of columns is not the number of categories.
    """
    if logits.ndim != 2 or logits.shape[1] != len(categories):
        raise ValueError(f"expected logits of shape (N, {len(categories)}), got {logits.shape}")
    names = tuple(categories)
    return [CategoriesResult(names, row, unsure_below, unknown_below) for row in softmax(logits)]


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Logits (N, n) to probabilities, float32 (N, n), n at least 0."""
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True, initial=-np.inf))
    probabilities: NDArray[np.float32] = (shifted / shifted.sum(axis=1, keepdims=True)).astype(np.float32)
    return probabilities
