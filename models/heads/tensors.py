"""What the kinds share between a network's raw outputs and their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.heads.categories import Score

__all__ = ["LARGEST", "floats", "highest", "sigmoid"]

LARGEST = np.float32(60_000)
"""What half floats can hold: packed numbers travel as those."""

_NUMBERS = "fiub"  # NumPy's letters for floats, integers with and without sign, and truth values


def floats(tensor: NDArray[Any]) -> NDArray[np.float32]:
    """``tensor`` as float32, of the same shape.

    Raises:
        ValueError: it holds NaN, infinity, or no numbers at all.
    """
    if tensor.dtype.kind not in _NUMBERS:
        raise ValueError("it gives no numbers")
    with np.errstate(over="ignore"):  # a double that is too large becomes infinite, which is told below
        numbers = tensor.astype(np.float32)
    if not np.isfinite(numbers).all():
        raise ValueError("it gives numbers that are none (NaN)")
    return numbers


def sigmoid(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """1 / (1 + exp(-logits)), float32 of the same shape, 0 to 1; written so that no logit overflows."""
    probabilities: NDArray[np.float32] = (np.tanh(logits * np.float32(0.5)) + 1) * np.float32(0.5)
    return probabilities


def highest(categories: Sequence[str], probabilities: NDArray[np.float32], k: int) -> list[Score]:
    """The ``k`` highest of ``probabilities``, float32 (n,), highest first; of equals, the first listed."""
    order = np.argsort(-probabilities, kind="stable")[:k]
    return [Score(categories[i], float(probabilities[i])) for i in order]
