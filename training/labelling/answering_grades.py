"""Grades as numbers, from 0 to 1 on their scale."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from training.datasets.heads import HeadDef
from training.datasets.values import Grade, Value
from training.labelling.answering import CLOSE, Said, two_different

__all__ = ["GradeAnswers"]

FEWEST = 10
"""Held-out labels that tell how far off grades are."""

_MISSED = 0.25
"""The deviation of a grade, as a share of its scale, until there are as many."""


class GradeAnswers:
    """Grades, learned on a scale from 0 to 1."""

    outputs = 1

    def __init__(self, head: HeadDef) -> None:
        self._ends = head.scale
        self._step = head.options.get("step")
        self._low, self._high = 0.0, 1.0
        self._begun = False
        self._deviation = _MISSED

    def widen(self, values: Iterable[Value]) -> bool:
        """As ``Answers``."""
        if not self._begun:  # where a scale has no ends, the first labels tell; later ones may lie beyond
            grades = [value.value for value in values if isinstance(value, Grade)]
            if grades:
                low, high = self._ends
                self._low = min(grades) if low is None else low
                self._high = max(grades) if high is None else high
                self._high = self._high if self._high > self._low else self._low + 1.0
                self._begun = True
        return False

    def target(self, value: Value) -> NDArray[np.float64]:
        """As ``Answers``."""
        grade = value.value if isinstance(value, Grade) else self._low
        return np.array([(grade - self._low) / (self._high - self._low)])

    def ready(self, values: Iterable[Value]) -> bool:
        """As ``Answers``."""
        return two_different(value.value for value in values if isinstance(value, Grade))

    def calibrate(self, predicted: NDArray[np.float64], labels: Sequence[Value], leverage: NDArray[np.float64]) -> None:
        """As ``Answers``."""
        self._deviation = _MISSED
        if len(labels) >= FEWEST:
            truth = np.array([self.target(value)[0] for value in labels])
            # A row that was left out has a leverage of h / (1 - h) over the others
            apart = 1 + leverage / np.maximum(1 - leverage, 1e-6)
            self._deviation = max(float(np.sqrt(np.mean((predicted[:, 0] - truth) ** 2 / apart))), 1e-6)

    def say(self, predicted: NDArray[np.float32], leverage: NDArray[np.float64]) -> Said:
        """As ``Answers``."""
        span = self._high - self._low
        tolerance = (self._step or 0.1 * span) / span
        deviations = self._deviation * np.sqrt(1 + leverage)
        confidence = np.array([math.erf(tolerance / (math.sqrt(2) * one)) for one in deviations])

        def value(row: int) -> Grade:
            grade = self._low + float(predicted[row, 0]) * span
            grade = round(grade / self._step) * self._step if self._step else round(grade, 2)
            low, high = self._ends
            return Grade(
                round(min(max(grade, -math.inf if low is None else low), math.inf if high is None else high), 9)
            )

        def spread(row: int) -> str:
            return f"{value(row).value:g}, give or take {deviations[row] * span:.2g}"

        def doubt(row: int) -> str:
            return f"The grade is hard to tell: {spread(row)}." if confidence[row] < CLOSE else ""

        # How far from what is known: the leverage saturates at 1 for what is like nothing
        uncertainty = (leverage / (1 + leverage) * 2).clip(0, 1).astype(np.float32)
        return Said(confidence, uncertainty, value, spread, doubt)
