"""Categories and tags as numbers: a column for each name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from training.calibration import DEFAULT_TEMPERATURE
from training.conformal import fit_temperature
from training.datasets.heads import HeadDef
from training.datasets.values import Category, Tags, Value
from training.labelling.answering import CLOSE, Said, two_different
from training.labelling.proposals import percent

__all__ = ["CategoryAnswers", "TagAnswers"]


class _Names:
    """What categories and tags share: a column for each name."""

    def __init__(self, head: HeadDef) -> None:
        self._names = list(head.categories)
        self._columns = {name: column for column, name in enumerate(self._names)}
        self._seen: NDArray[np.bool_] = np.zeros(len(self._names), bool)  # a name that no label has is not proposed
        self._temperature = DEFAULT_TEMPERATURE

    @property
    def outputs(self) -> int:
        return len(self._names)

    def widen(self, values: Iterable[Value]) -> bool:
        """As ``Answers``."""
        before = len(self._names)
        for name in sorted({name for value in values for name in _named(value)} - self._columns.keys()):
            self._columns[name] = len(self._names)
            self._names.append(name)
        self._seen = np.pad(self._seen, (0, len(self._names) - before))
        return len(self._names) > before

    def target(self, value: Value) -> NDArray[np.float64]:
        """As ``Answers``."""
        target = np.zeros(len(self._names))
        columns = [self._columns[name] for name in _named(value)]
        target[columns] = 1
        self._seen[columns] = True
        return target


class CategoryAnswers(_Names):
    """One of n: softmax of the outputs."""

    _new = 0.0  # the share of pictures that are of a category that no label has yet

    def ready(self, values: Iterable[Value]) -> bool:
        """As ``Answers``."""
        return two_different(value.name for value in values if isinstance(value, Category))

    def calibrate(self, predicted: NDArray[np.float64], labels: Sequence[Value], leverage: NDArray[np.float64]) -> None:
        """As ``Answers``. A temperature from few labels stays near the usual one: ten that are all right are no reason
        to be as sure as a number can be, nor two that are wrong to be as unsure.
        """
        columns = np.array([self._columns[name] for value in labels for name in _named(value)], np.intp)
        counts = np.bincount(columns, minlength=len(self._names))
        self._seen = counts > 0
        # As often as a category has been seen once only, one will come that has not been seen (Good and Turing, 1953)
        self._new = float((counts == 1).sum() / max(len(columns), 1))
        known = counts[columns] > 1  # without its one picture, a category can't be known
        self._temperature = DEFAULT_TEMPERATURE
        if known.any() and self._seen.sum() > 1:
            place = np.cumsum(self._seen) - 1
            self._temperature = fit_temperature(
                predicted[known][:, self._seen], place[columns[known]], usual=DEFAULT_TEMPERATURE
            )

    def say(self, predicted: NDArray[np.float32], leverage: NDArray[np.float64]) -> Said:
        """As ``Answers``."""
        logits = np.where(self._seen, predicted.astype(np.float64), -np.inf) / self._temperature
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares = odds / odds.sum(axis=1, keepdims=True) * (1 - self._new)
        order = np.argsort(-shares, axis=1, kind="stable")[:, :2]
        best, second = np.take_along_axis(shares, order, axis=1).T
        uncertainty = (1 - (best - second)).astype(np.float32)

        def words(row: int) -> str:
            first, other = (self._names[column] for column in order[row])
            return f"{first} {percent(best[row])}, {other} {percent(second[row])}"

        def doubt(row: int) -> str:
            first, other = (self._names[column] for column in order[row])
            return f"Two answers are close: {first} or {other}." if uncertainty[row] >= CLOSE else ""

        return Said(best, uncertainty, lambda row: Category(self._names[order[row, 0]]), words, doubt)


class TagAnswers(_Names):
    """Any of n: each output for itself."""

    def ready(self, values: Iterable[Value]) -> bool:
        """As ``Answers``."""
        return two_different(value.names for value in values if isinstance(value, Tags))

    def calibrate(self, predicted: NDArray[np.float64], labels: Sequence[Value], leverage: NDArray[np.float64]) -> None:
        """As ``Answers``."""
        truth = np.stack([self.target(value) for value in labels]) if labels else np.zeros((0, len(self._names)))
        self._seen = np.asarray(truth.any(axis=0), bool)
        self._temperature = DEFAULT_TEMPERATURE
        if self._seen.any():
            some = predicted[:, self._seen].ravel()
            self._temperature = fit_temperature(
                np.stack([1 - some, some], 1),
                truth[:, self._seen].ravel().astype(np.intp),
                usual=DEFAULT_TEMPERATURE,
            )

    def say(self, predicted: NDArray[np.float32], leverage: NDArray[np.float64]) -> Said:
        """As ``Answers``."""
        sides = np.clip((2 * predicted.astype(np.float64) - 1) / self._temperature, -60, 60)
        shares = np.where(self._seen, 1 / (1 + np.exp(-sides)), 0.0)
        sure = np.maximum(shares, 1 - shares)
        closest = sure.argmin(axis=1)
        confidence = sure.min(axis=1)

        def value(row: int) -> Tags:
            return Tags(frozenset(self._names[column] for column in np.flatnonzero(shares[row] >= 0.5)))

        def words(row: int) -> str:
            likely = [column for column in np.argsort(-shares[row], kind="stable") if shares[row, column] >= 0.25]
            return ", ".join(f"{self._names[column]} {percent(shares[row, column])}" for column in likely[:4]) or "none"

        def doubt(row: int) -> str:
            clear = 2 * (1 - confidence[row]) < CLOSE
            return "" if clear else f"Whether {self._names[closest[row]]} applies is not clear."

        return Said(confidence, (2 * (1 - confidence)).astype(np.float32), value, words, doubt)


def _named(value: Value) -> Sequence[str]:
    if isinstance(value, Category):
        return (value.name,)
    return sorted(value.names) if isinstance(value, Tags) else ()
