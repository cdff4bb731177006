"""The items that have been read lately, so that what is on screen is painted without asking the database. No Qt."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # NumPy comes with it
    from training.datasets.records import Item

__all__ = ["MOST", "ItemCache"]

MOST = 20_000
"""Items that are kept."""


class ItemCache:
    """Items by id; any thread may use it.

    Attributes:
        generation: rises whenever items may have changed: what was read before that is not taken.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._items: OrderedDict[int, Item] = OrderedDict()
        self.generation = 0

    def get(self, number: int) -> Item | None:
        """The item, or None when it is not at hand."""
        return self._items.get(number)

    def renew(self, items: Iterable[Item]) -> None:
        """Forget everything, and know ``items`` instead."""
        with self._lock:
            self.generation += 1
            self._items = OrderedDict((item.id, item) for item in items)

    def add(self, items: Iterable[Item], generation: int) -> None:
        """Know ``items`` too, if they were read in the present ``generation``."""
        with self._lock:
            if generation != self.generation:
                return
            for item in items:
                self._items[item.id] = item
            while len(self._items) > MOST:
                self._items.popitem(last=False)
