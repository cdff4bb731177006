"""The ``grade`` head: one value on a scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from models.heads.categories import Score
from models.heads.form import Form
from models.heads.tensors import floats, highest

__all__ = ["GradeResult", "decode", "pack"]

_MOST = 256
"""Whole grades on a scale; more are no grades that a person tells apart."""

_STEPS = 2048
"""Of half floats between 0.5 and 1: packed values are no finer than this."""


@dataclass(frozen=True, slots=True, eq=False)
class GradeResult:
    """A value on a scale.

    Attributes:
        categories: the names of the whole grades, lowest first, shared between all results of one model.
        probabilities: float32 (n,), sums to 1: how much of the value falls to each grade. A grade gets
            max(0, 1 - |value - grade| / step), so at most the two grades that the value lies between have any. They are
            a way to write the value, not how sure the network is.
        value: ``low`` to ``high``.
        low: the lowest grade.
        high: the highest grade.
        unsure_below: a value whose nearest grade gets less than this, 0 to 1, needs a second look.
        unknown_below: a value whose nearest grade gets less than this is not worth giving.
    """

    kind: ClassVar[str] = "grade"
    categories: tuple[str, ...]
    probabilities: NDArray[np.float32]
    value: float
    low: float
    high: float
    unsure_below: float = 0.0
    unknown_below: float = 0.0

    @property
    def best(self) -> Score:
        """The nearest grade, the lower of two; its confidence is at least 0.5."""
        return self.top(1)[0]

    @property
    def unknown(self) -> bool:
        """Whether the grade is not worth giving."""
        return self.best.confidence < self.unknown_below

    @property
    def unsure(self) -> bool:
        """Whether the grade needs a second look."""
        return self.unknown or self.best.confidence < self.unsure_below

    def top(self, k: int) -> list[Score]:
        """The ``k`` nearest grades, nearest first."""
        return highest(self.categories, self.probabilities, k)

    def to_json(self, top_k: int) -> dict[str, object]:
        """The value and its scale, such as {"grade": 8.3, "low": 1, "high": 10}."""
        return {"grade": self.value, "low": _short(self.low), "high": _short(self.high)}

    def paint(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The picture as it is, uint8 (H, W, 3): a grade says nothing of places in it."""
        return picture


def pack(
    tensors: Sequence[NDArray[Any]], form: Form, categories: Sequence[str], size: tuple[int, int]
) -> tuple[NDArray[np.float32], tuple[int, ...]]:
    """One output (N, 1) or (N,) of values to where they lie on the scale, float32 (N, 1) from 0 (``form.low``) to 1
    (``form.high``). What lies beyond the scale is brought to its end.

    Raises:
        ValueError: more than one number a picture, numbers that are none, or a scale that is none.
    """
    _grades(form, categories)
    values = floats(tensors[0])
    count = len(values) if values.ndim else 1
    if values.size != count:
        raise ValueError(f"it gives {values.size // max(1, count)} numbers a picture and a grade is one")
    fractions = (values.reshape(count, 1) - np.float32(form.low)) / np.float32(form.high - form.low)
    return np.clip(fractions, 0, 1), ()


def decode(
    fractions: NDArray[np.float32],
    categories: Sequence[str],
    *,
    unsure_below: float = 0.0,
    unknown_below: float = 0.0,
    form: Form = Form(),
) -> list[GradeResult]:
    """What ``pack`` gives, float32 (N, 1), to N results; thresholds 0 to 1. Values are rounded to the decimals that
    packing keeps: two of a scale from 1 to 10.

    Args:
        fractions: 0 to 1.
        categories: names of grades in equal steps from ``form.low`` to ``form.high``; none for its whole numbers.
        unsure_below: as in ``GradeResult``.
        unknown_below: as in ``GradeResult``.
        form: with the scale.

    Raises:
        ValueError: more than one number a row, or a scale that is none.
    """
    if fractions.ndim != 2 or fractions.shape[1] != 1:
        raise ValueError(f"expected grades of shape (N, 1), got {fractions.shape}")
    names, grades = _grades(form, categories)
    span = form.high - form.low
    decimals = max(0, math.floor(math.log10(_STEPS / span)))
    results = []
    for fraction in fractions[:, 0]:
        value = round(form.low + float(np.clip(fraction, 0, 1)) * span, decimals)
        value = min(max(value, form.low), form.high)
        weights = _weights(value, grades)
        results.append(GradeResult(names, weights, value, form.low, form.high, unsure_below, unknown_below))
    return results


def _grades(form: Form, categories: Sequence[str]) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Names of the grades, and where they lie, float64 (n,) in equal steps; n at least 1."""
    if not form.low < form.high:
        raise ValueError(f"its highest grade ({form.high:g}) is not above its lowest ({form.low:g})")
    if categories:
        return tuple(categories), np.linspace(form.low, form.high, len(categories))
    first, last = math.ceil(form.low), math.floor(form.high)
    if last - first >= _MOST:
        raise ValueError(f"it has the grades {first} to {last} and a scale has at most {_MOST}")
    if last <= first:  # too short a scale for two whole numbers
        return (f"{form.low:g}", f"{form.high:g}"), np.array([form.low, form.high])
    grades = np.arange(first, last + 1, dtype=np.float64)
    return tuple(str(int(grade)) for grade in grades), grades


def _weights(value: float, grades: NDArray[np.float64]) -> NDArray[np.float32]:
    if len(grades) == 1:
        return np.ones(1, np.float32)
    step = grades[1] - grades[0]
    within = min(max(value, grades[0]), grades[-1])  # a scale may go on a little beyond its whole numbers
    weights = np.maximum(0, 1 - np.abs(within - grades) / step)
    normed: NDArray[np.float32] = (weights / weights.sum()).astype(np.float32)
    return normed


def _short(value: float) -> float:
    """A whole number without ".0"."""
    return int(value) if float(value).is_integer() else value
