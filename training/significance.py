"""How far a figure from a few pictures can be believed, and whether two models really differ."""

from __future__ import annotations

import math

__all__ = ["least_difference", "mcnemar", "wilson"]

_Z = 1.959964
"""Of the normal distribution, for 95 %."""


def wilson(right: int, total: int) -> tuple[float, float]:
    """Between which shares, 0 to 1, the true one lies with 95 %, when ``right`` of ``total`` were right (Wilson 1927).

    (0, 1) when ``total`` is 0.
    """
    if total == 0:
        return 0.0, 1.0
    share, square = right / total, _Z * _Z
    middle = (share + square / (2 * total)) / (1 + square / total)
    half = _Z / (1 + square / total) * math.sqrt(share * (1 - share) / total + square / (4 * total * total))
    return max(0.0, middle - half), min(1.0, middle + half)


def mcnemar(only_one: int, only_other: int) -> float:
    """The probability, 0 to 1, that two equally good models differ at least so much: the exact, two-sided test of
    McNemar (1947), which is a binomial test of the pictures that just one of the two gets right.

    Args:
        only_one: pictures that only the one gets right.
        only_other: pictures that only the other gets right.
    """
    total = only_one + only_other
    tail = sum(math.comb(total, k) for k in range(min(only_one, only_other) + 1))
    return min(1.0, float(2 * tail / 2**total))


def least_difference(apart: int, level: float = 0.05) -> int | None:
    """How many more of the ``apart`` pictures, which just one of two models gets right, one must have for its lead to
    be no chance (``mcnemar`` under ``level``); None when not even all of them would do.
    """
    return next(
        (lead for lead in range(apart % 2, apart + 1, 2) if mcnemar((apart + lead) // 2, (apart - lead) // 2) < level),
        None,
    )
