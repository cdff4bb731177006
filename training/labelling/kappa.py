"""Agreement beyond chance, and what it is called."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["kappa_words", "weighted_kappa"]

_BANDS = ((0.8, "almost perfect"), (0.6, "substantial"), (0.4, "moderate"), (0.2, "fair"), (0.0, "slight"))
"""Landis and Koch, Biometrics 33 (1977): over each bound the agreement is called so."""


def weighted_kappa(
    ones: NDArray[np.intp],
    others: NDArray[np.intp],
    count: int,
    *,
    weights: Literal["none", "linear", "quadratic"] = "none",
) -> float | None:
    """Cohen's kappa: 1 - (observed disagreement) / (disagreement by chance).

    Without weights any two different answers disagree alike (Cohen, Educational and Psychological Measurement 20,
    1960). With them the disagreement of the i-th and the j-th of n is |i - j| / (n - 1), or its square (Cohen,
    Psychological Bulletin 70, 1968). Chance: both answer as often as they do, but independently.

    Args:
        ones: (N,), N at least 1, answers of the first from 0 to ``count`` - 1.
        others: (N,), of the second.
        count: n, at least 1.
        weights: as above.

    Returns:
        At most 1; 0 for as much as by chance. None where chance can't disagree: both always say the same one thing.
    """
    table = np.zeros((count, count))
    np.add.at(table, (ones, others), 1)
    table /= len(ones)
    by_chance = np.outer(table.sum(axis=1), table.sum(axis=0))
    places = np.arange(count)
    apart = np.abs(places[:, None] - places) / max(count - 1, 1)
    cost = (apart > 0).astype(np.float64) if weights == "none" else apart ** (1 if weights == "linear" else 2)
    expected = float((cost * by_chance).sum())
    if expected <= 0:
        return None
    return 1 - float((cost * table).sum()) / expected


def kappa_words(kappa: float | None) -> str:
    """What a kappa means, a sentence.

    The words are those of Landis and Koch, who call their bounds arbitrary: a kappa also depends on how often each
    answer is given.
    """
    if kappa is None:
        return "Both always say the same one thing, so nothing can be told from chance."
    name = next((name for bound, name in _BANDS if kappa > bound), "")
    if not name:
        return f"Kappa {kappa:.2f}: no more agreement than by chance."
    return f"Kappa {kappa:.2f}: {name} agreement, where 0 is chance and 1 is always."
