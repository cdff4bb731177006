"""Two questions answered together: which categories of one head go with which of another, such as part and colour.

The heads' own answers stay as they are. Beside them stands the most probable pair, given a table of the pairs that are
known: P(a, b) = P1(a) P2(b) w(a, b) / Z, a product of experts (Hinton 2002) with the table as the third expert. The
weight w is 1 for a known pair and ``rare`` for another, so that a rare pair is still found when both heads are sure.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.heads.categories import CategoriesResult

__all__ = ["LONGEST_NAME", "RARE", "Combinations", "Joint"]

LONGEST_NAME = 200
"""Characters in the name of a head or category; as in ``models.spec``."""

RARE = 0.1
"""Weight of a pair that is not in the table, where nothing else is said (docs/combinations.md has the figures)."""

_LEAST = 1e-12
"""No weight is taken for less, lest products of small numbers become 0 everywhere."""

_CELLS = 1 << 18
"""Pairs of categories, over all pictures, that are weighed at once: 2 MiB."""


@dataclass(frozen=True, slots=True)
class Joint:
    """The most probable pair of two heads' categories.

    Attributes:
        categories: one of the first head, one of the second; ``UNKNOWN`` for a head that has none yet.
        confidence: the pair's probability among all pairs, 0 to 1.
        known: the table has the pair, or has nothing to say about it.
        changed: it is not the pair of the heads' own best answers.
    """

    categories: tuple[str, str]
    confidence: float
    known: bool
    changed: bool


@dataclass(frozen=True, slots=True)
class Combinations:
    """The pairs that are known. A category that no pair names, of either head, goes with everything.

    The same pairs listed the other way round say the same. Heads and categories that a model does not have are no
    fault: a table may know more than the model.

    Attributes:
        heads: the names of the first and the second head.
        known: category of the first head -> those of the second that go with it; none of them empty.
        rare: weight of a pair that is not known, over 0 and at most 1; 1 leaves the heads to themselves.

    Raises:
        ValueError: a name or number that is not so.
    """

    heads: tuple[str, str]
    known: Mapping[str, frozenset[str]]
    rare: float = RARE

    def __post_init__(self) -> None:
        if self.heads[0] == self.heads[1]:
            raise ValueError(f"both heads are called {self.heads[0]!r}")
        if not (math.isfinite(self.rare) and 0 < self.rare <= 1):
            raise ValueError(f"rare is over 0 and at most 1, not {self.rare}")
        # A copy, for whoever gave it may change theirs
        object.__setattr__(self, "known", {name: frozenset(others) for name, others in self.known.items()})
        for name in (*self.heads, *self.known, *self._listed_second()):
            if not 0 < len(name) <= LONGEST_NAME:
                raise ValueError(f"a name has 1 to {LONGEST_NAME} characters, not {len(name)}")
        for name, others in self.known.items():
            if not others:
                raise ValueError(f"{name!r} goes with nothing; leave it out, or name what it goes with")

    def allows(self, first: str, second: str) -> bool:
        """Whether a category of the first head and one of the second are a known pair, or one not spoken about."""
        return bool(self.allowed((first,), (second,))[0, 0])

    def allowed(self, first: Sequence[str], second: Sequence[str]) -> NDArray[np.bool_]:
        """``allows`` for all pairs of n categories of the first head and m of the second, (n, m)."""
        listed = self._listed_second()
        open_to_all = np.array([name not in listed for name in second], np.bool_)
        table = np.ones((len(first), len(second)), np.bool_)
        for row, name in enumerate(first):
            others = self.known.get(name)
            if others is not None:
                table[row] = open_to_all | np.array([other in others for other in second], np.bool_)
        return table

    def probabilities(self, first: CategoriesResult, second: CategoriesResult) -> NDArray[np.float64]:
        """P(a, b) of one picture, float64 (n, m), sums to 1; n and m at least 1."""
        weighed = _weighed([first], [second], self._weights(self.allowed(first.categories, second.categories)))[0]
        probabilities: NDArray[np.float64] = weighed / weighed.sum()
        return probabilities

    def decode(self, first: CategoriesResult, second: CategoriesResult) -> Joint:
        """The most probable pair for one picture; as ``decode_many``, which is faster for many."""
        return self.decode_many([first], [second])[0]

    def decode_many(self, first: Sequence[CategoriesResult], second: Sequence[CategoriesResult]) -> list[Joint]:
        """The most probable pair for each of N pictures; of equally probable ones the first in the heads' order.

        Args:
            first: what the first head says of each, all with the same categories.
            second: what the second head says of each, likewise.

        Raises:
            ValueError: not as many of one as of the other, or not the same categories throughout.
        """
        if len(first) != len(second):
            raise ValueError(f"{len(first)} answers of the first head and {len(second)} of the second")
        if not first:
            return []
        names, others = _categories(first), _categories(second)
        if not names or not others:
            return [
                Joint((a.best.category, b.best.category), 0.0, known=True, changed=False)
                for a, b in zip(first, second, strict=True)
            ]
        allowed = self.allowed(names, others)
        weights = self._weights(allowed)
        joints: list[Joint] = []
        at_once = max(1, _CELLS // weights.size)
        for start in range(0, len(first), at_once):
            some = slice(start, start + at_once)
            weighed = _weighed(first[some], second[some], weights).reshape(-1, weights.size)
            best = weighed.argmax(axis=1)
            confidences = np.take_along_axis(weighed, best[:, None], axis=1)[:, 0] / weighed.sum(axis=1)
            for a, b, index, confidence in zip(
                first[some], second[some], best.tolist(), confidences.tolist(), strict=True
            ):
                row, column = divmod(index, len(others))
                changed = row != int(a.probabilities.argmax()) or column != int(b.probabilities.argmax())
                joints.append(Joint((names[row], others[column]), confidence, bool(allowed[row, column]), changed))
        return joints

    def to_json(self) -> dict[str, object]:
        """The form it takes in ``metadata.json``, the same for the same table."""
        known = {name: sorted(others) for name, others in self.known.items()}
        return {"heads": list(self.heads), "known": known, "rare": self.rare}

    def _listed_second(self) -> frozenset[str]:
        return frozenset[str]().union(*self.known.values())

    def _weights(self, allowed: NDArray[np.bool_]) -> NDArray[np.float64]:
        return np.where(allowed, 1.0, max(self.rare, _LEAST))


def _categories(results: Sequence[CategoriesResult]) -> tuple[str, ...]:
    names = results[0].categories
    if any(result.categories is not names and result.categories != names for result in results):
        raise ValueError("the answers of one head have different categories")
    return names


def _weighed(
    first: Sequence[CategoriesResult], second: Sequence[CategoriesResult], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """P1(a) P2(b) w(a, b), float64 (N, n, m). Products of two float32 are exact: with w = 1 the best pair is the pair
    of the best.
    """
    a, b = (np.stack([result.probabilities for result in some]).astype(np.float64) for some in (first, second))
    products: NDArray[np.float64] = a[:, :, None] * b[:, None, :] * weights
    return products
