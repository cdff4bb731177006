"""What the figures of all kinds share: their form, the question they are about, and sums with unknowns in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["Accumulator", "Asked", "Figures", "check_numbers", "check_probabilities", "f1", "mean", "ratio", "rows"]

Figures = dict[str, float | None]
"""Name -> figure; None where there is nothing to tell. The names are the same whatever was added."""

_BEYOND = 1e-3
"""How far half floats may bring a probability over 0 or 1."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What figures must know of the question.

    Attributes:
        categories: how many there are; 0 for kinds without.
        low: lowest grade of the scale; None where it has no end.
        high: highest grade, likewise.
        step: between two whole grades, more than 0.
        role: what an ``image`` is; "normals" are unit vectors, which 0 to 1 stands for -1 to 1 of.
    """

    categories: int = 0
    low: float | None = None
    high: float | None = None
    step: float = 1.0
    role: str = ""

    def __post_init__(self) -> None:
        if self.step <= 0:
            raise ValueError(f"the step of a scale is {self.step:g} and must be more than 0")


class Accumulator(Protocol):
    """Takes answers batch by batch and keeps no more of them than its figures need."""

    def add(self, predictions: Any, labels: Any, known: NDArray[np.bool_] | None = None, /) -> None:
        """Count a batch of N pictures.

        Args:
            predictions: in the form that the kind's module says.
            labels: likewise.
            known: bool, of the labels' shape or of its first axes: what is False is left out as if it had not been
                asked. Each kind also has a label that says so.

        Raises:
            ValueError: shapes, labels or numbers that can't be.
        """

    def summary(self) -> Figures:
        """All figures so far; call it whenever wanted."""

    def per_class(self) -> list[Figures]:
        """Figures of each category, in order, with "support": how many known labels name it."""


def ratio(part: float, whole: float) -> float | None:
    """``part`` / ``whole``; None of nothing."""
    return float(part) / float(whole) if whole else None


def f1(right: float, images: float, answers: float) -> float | None:
    """The harmonic mean of precision and recall, which is 2 right / (images + answers) (van Rijsbergen 1979; over
    pixels it is called Dice). None where there is neither.
    """
    return ratio(2 * right, images + answers)


def mean(values: Iterable[float | None]) -> float | None:
    """Of those that there are."""
    there = [value for value in values if value is not None]
    return sum(there) / len(there) if there else None


def check_numbers(what: str, values: NDArray[Any], shape: tuple[int, ...]) -> None:
    """Raise ``ValueError`` where ``values`` are of another shape, or hold NaN or infinity."""
    if values.shape != shape:
        raise ValueError(f"the {what} have the shape {values.shape} and not {shape}")
    if not np.isfinite(values).all():
        raise ValueError(f"the {what} hold numbers that are none")


def check_probabilities(values: NDArray[Any], shape: tuple[int, ...]) -> None:
    """Raise ``ValueError`` as ``check_numbers``, or where ``values`` are not 0 to 1."""
    check_numbers("probabilities", values, shape)
    if values.size and not -_BEYOND <= values.min() <= values.max() <= 1 + _BEYOND:
        raise ValueError(f"the probabilities are {values.min():g} to {values.max():g} and not 0 to 1")


def rows(known: NDArray[np.bool_] | None, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """``known``, which may have only the first axes, in full ``shape``; all True for None.

    Raises:
        ValueError: it has other axes.
    """
    if known is None:
        return np.ones(shape, np.bool_)
    if known.shape != shape[: known.ndim]:
        raise ValueError(f"what is known has the shape {known.shape} and the labels {shape}")
    return np.broadcast_to(known.astype(np.bool_).reshape(known.shape + (1,) * (len(shape) - known.ndim)), shape)
