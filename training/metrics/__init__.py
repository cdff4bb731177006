"""Figures about answers, one module per head kind (NumPy only: the engine's Python has no OpenCV).

Unknown labels are left out everywhere. A figure that nothing can be said about, such as the precision of what was never
answered, is None, never NaN or 0; only ``categories.ClassFigures``, which counts answers of the program's own heads,
says 0 there. ``KINDS`` is the one table that lists the kinds, so that whoever needs figures is written once for all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from training.metrics import boxes, categories, grade, image, mask, tags
from training.metrics.figures import Accumulator, Asked, Figures

__all__ = ["KINDS", "Accumulator", "Asked", "Figures", "Kind", "Summary"]


class Summary(Protocol):
    """All figures of some pictures at once."""

    def __call__(
        self, asked: Asked, predictions: Any, labels: Any, known: NDArray[np.bool_] | None = None, /
    ) -> Figures:
        """What ``Accumulator.add`` takes -> what ``Accumulator.summary`` gives."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind's answers are judged.

    Attributes:
        accumulator: makes an empty one for a question.
        summary: all at once.
        primary: the figure by which the best epoch is chosen.
        better: which way it gets better.
        per_class: the figure of one class that is shown first; "" where the kind has no classes.
    """

    accumulator: Callable[[Asked], Accumulator]
    summary: Summary
    primary: str
    better: Literal["higher", "lower"]
    per_class: str

    def improves(self, new: float | None, old: float | None, by: float = 0.0) -> bool:
        """Whether ``new`` is better than ``old`` by more than ``by``. No figure is worse than any."""
        if new is None or old is None:
            return new is not None
        return new - old > by if self.better == "higher" else old - new > by

    def goodness(self, figures: Figures, asked: Asked) -> float | None:
        """The primary figure such that higher is better and 1 is perfect, so that heads of several kinds can be
        averaged: of an error e that is 1 / (1 + e / step).
        """
        value = figures[self.primary]
        if value is None or self.better == "higher":
            return value
        return 1 / (1 + value / asked.step)


KINDS: Mapping[str, Kind] = {
    "categories": Kind(
        categories.Accumulator, categories.summary, categories.PRIMARY, categories.BETTER, categories.PER_CLASS
    ),
    "tags": Kind(tags.Accumulator, tags.summary, tags.PRIMARY, tags.BETTER, tags.PER_CLASS),
    "grade": Kind(grade.Accumulator, grade.summary, grade.PRIMARY, grade.BETTER, ""),
    "mask": Kind(mask.Accumulator, mask.summary, mask.PRIMARY, mask.BETTER, mask.PER_CLASS),
    "boxes": Kind(boxes.Accumulator, boxes.summary, boxes.PRIMARY, boxes.BETTER, boxes.PER_CLASS),
    "image": Kind(image.Accumulator, image.summary, image.PRIMARY, image.BETTER, ""),
}
"""Kind name -> how its answers are judged."""
