"""From pairs to groups: what is joined with what, directly or by way of others (union-find)."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["Clusters"]


class Clusters:
    """Numbers 0 to N - 1, of which some belong together.

    Args:
        count: N.
    """

    def __init__(self, count: int) -> None:
        self._parents = list(range(count))

    def join(self, one: int, other: int) -> None:
        """The two, and all that belongs with either, belong together."""
        first, second = self._root(one), self._root(other)
        # The smaller number leads, so that the answer does not depend on the order in which pairs come
        self._parents[max(first, second)] = min(first, second)

    def join_pairs(self, ones: Iterable[int], others: Iterable[int]) -> None:
        """``join`` for many."""
        for one, other in zip(ones, others, strict=True):
            self.join(one, other)

    def join_equal(self, keys: Sequence[Hashable | None]) -> None:
        """All with the same key belong together; those whose key is None or "" are left alone."""
        leaders: dict[Hashable, int] = {}
        for row, key in enumerate(keys):
            if key is not None and key != "":
                self.join(row, leaders.setdefault(key, row))

    def numbers(self) -> NDArray[np.intp]:
        """(N,): of each its group, named by the group's smallest number."""
        return np.array([self._root(row) for row in range(len(self._parents))], np.intp)

    def groups(self) -> list[list[int]]:
        """The groups of two and more, each rising, by their smallest number."""
        members: dict[int, list[int]] = {}
        for row in range(len(self._parents)):
            members.setdefault(self._root(row), []).append(row)
        return [rows for rows in members.values() if len(rows) > 1]

    def _root(self, row: int) -> int:
        parents = self._parents
        while parents[row] != row:
            parents[row] = parents[parents[row]]
            row = parents[row]
        return row
