"""What whoever turns labels into numbers and back must be able to do, for one kind of answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from training.datasets.values import Value

__all__ = ["CLOSE", "Answers", "Said", "two_different"]

CLOSE = 0.5
"""The uncertainty from which an answer counts as doubtful in words."""


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """What is said of M pictures.

    Attributes:
        confidence: float (M,), 0 to 1, that the whole answer is right.
        uncertainty: float32 (M,), 0 (there is but one answer) to 1 (two are as good).
        value: row -> the answer.
        words: row -> the answer and its confidence, in a few words.
        doubt: row -> a sentence about what is not clear; "" where it is.
    """

    confidence: NDArray[np.float64]
    uncertainty: NDArray[np.float32]
    value: Callable[[int], Value]
    words: Callable[[int], str]
    doubt: Callable[[int], str]


class Answers(Protocol):
    """One kind of answer to one question."""

    @property
    def outputs(self) -> int:
        """Numbers an answer becomes, n."""

    def widen(self, values: Iterable[Value]) -> bool:
        """Make room for what ``values`` name and was not known; whether ``outputs`` has grown."""

    def target(self, value: Value) -> NDArray[np.float64]:
        """float64 (n,)."""

    def ready(self, values: Iterable[Value]) -> bool:
        """Whether ``values`` hold two different answers."""

    def calibrate(self, predicted: NDArray[np.float64], labels: Sequence[Value], leverage: NDArray[np.float64]) -> None:
        """Find how sure to sound from held-out predictions (M, n), what was right, and leverages (M,)."""

    def say(self, predicted: NDArray[np.float32], leverage: NDArray[np.float64]) -> Said:
        """Of predictions (M, n) and leverages (M,)."""


def two_different(answers: Iterable[object]) -> bool:
    """Whether there are."""
    first: list[object] = []
    for one in answers:
        if first and one != first[0]:
            return True
        first = first or [one]
    return False
