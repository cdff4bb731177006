"""A dictionary that forgets what was not used for longest once it holds too much."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

__all__ = ["Lru"]

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Lru(Generic[K, V]):
    """Keeps values up to a total ``cost`` of ``limit`` (any unit; the caller says each value's cost)."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._entries: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self.cost = 0

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, key: K) -> bool:
        return key in self._entries

    def get(self, key: K) -> V | None:
        """The value, now the freshest, or None."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        self._entries.move_to_end(key)
        return entry[0]

    def put(self, key: K, value: V, cost: int = 1) -> None:
        """Keep ``value``, forgetting the stalest ones while the total cost is over the limit."""
        self.discard(key)
        self._entries[key] = (value, cost)
        self.cost += cost
        while self.cost > self._limit and len(self._entries) > 1:
            _, (_, dropped) = self._entries.popitem(last=False)
            self.cost -= dropped

    def discard(self, key: K) -> None:
        """Forget one value, if it is there."""
        entry = self._entries.pop(key, None)
        if entry is not None:
            self.cost -= entry[1]

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()
        self.cost = 0
