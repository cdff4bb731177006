"""The ``tags`` head: any number of n, each for itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from models.heads.categories import UNKNOWN, Score
from models.heads.form import Form
from models.heads.tensors import LARGEST, floats, highest, sigmoid

__all__ = ["PRESENT", "TagsResult", "decode", "pack"]

PRESENT = 0.5
"""From this probability on a tag applies."""

_LEAST = np.float32(1e-6)
"""Nearer to 0 or 1 a probability is as good as certain."""


@dataclass(frozen=True, slots=True, eq=False)
class TagsResult:
    """A probability for each tag.

    Attributes:
        categories: the tags, shared between all results of one model.
        probabilities: float32 (n,), 0 to 1 each, in the order of ``categories``; they need not sum to 1.
        unsure_below: a best tag under this confidence, 0 to 1, needs a second look.
        unknown_below: a best tag under this confidence is not worth giving.
    """

    kind: ClassVar[str] = "tags"
    categories: tuple[str, ...]
    probabilities: NDArray[np.float32]
    unsure_below: float = 0.0
    unknown_below: float = 0.0

    @property
    def present(self) -> tuple[str, ...]:
        """The tags that apply, in the order of ``categories``."""
        return tuple(name for name, p in zip(self.categories, self.probabilities, strict=True) if p >= PRESENT)

    @property
    def best(self) -> Score:
        """The most probable tag; ``UNKNOWN`` with confidence 0 where none applies."""
        first = self.top(1)
        return first[0] if first and first[0].confidence >= PRESENT else Score(UNKNOWN, 0.0)

    @property
    def unknown(self) -> bool:
        """Whether no tag applies, or none is worth giving."""
        best = self.best
        return best.category == UNKNOWN or best.confidence < self.unknown_below

    @property
    def unsure(self) -> bool:
        """Whether the best tag needs a second look."""
        return self.unknown or self.best.confidence < self.unsure_below

    def top(self, k: int) -> list[Score]:
        """The ``k`` most probable tags, most probable first, whether they apply or not."""
        return highest(self.categories, self.probabilities, k)

    def to_json(self, top_k: int) -> list[dict[str, object]]:
        """The form this kind takes under ``heads`` in ``sortwerk classify --json``."""
        return [{"category": s.category, "confidence": round(s.confidence, 4)} for s in self.top(top_k)]

    def paint(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The picture as it is, uint8 (H, W, 3): a tag says nothing of places in it."""
        return picture


def pack(
    tensors: Sequence[NDArray[Any]], form: Form, categories: Sequence[str], size: tuple[int, int]
) -> tuple[NDArray[np.float32], tuple[int, ...]]:
    """One output (N, n) as logits, float32 (N, n): of probabilities p, log(p / (1 - p)). Axes of length one behind the
    tags are dropped.

    Raises:
        ValueError: the output has another number of columns, or numbers that are none.
    """
    scores = floats(tensors[0])
    count = len(scores) if scores.ndim else 0
    if count == 0 or scores.size != count * len(categories):
        given = scores.size // max(1, count)
        raise ValueError(f"it gives {given} numbers a picture for {len(categories)} categories")
    scores = scores.reshape(count, len(categories))
    if form.values == "probabilities":
        scores = np.clip(scores, _LEAST, 1 - _LEAST)
        scores = np.log(scores) - np.log1p(-scores)
    return np.clip(scores, -LARGEST, LARGEST), ()


def decode(
    logits: NDArray[np.float32],
    categories: Sequence[str],
    *,
    unsure_below: float = 0.0,
    unknown_below: float = 0.0,
    form: Form = Form(),
) -> list[TagsResult]:
    """Sigmoid of ``logits``, float32 (N, n), to N results; ``categories`` has n names, thresholds 0 to 1.

    Raises:
        ValueError: the number of columns is not the number of categories.
    """
    if logits.ndim != 2 or logits.shape[1] != len(categories):
        raise ValueError(f"expected logits of shape (N, {len(categories)}), got {logits.shape}")
    names = tuple(categories)
    return [TagsResult(names, row, unsure_below, unknown_below) for row in sigmoid(logits)]
