"""Items grouped by category and kept in order while they stream in. Plain Python; 100,000 items stay quick."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable

__all__ = ["Groups"]

Rank = float | str | tuple[object, ...]
Key = tuple[Rank, int]


class Groups:
    """Lists of item numbers by group, each sorted by ``rank``; an item is in one group at most.

    An item is ranked when it is added and keeps its place until it is added again, whatever becomes of its rank: what
    a person looks at must not jump about while the program learns. ``fill`` ranks all anew.
    """

    def __init__(self, rank: Callable[[int], Rank]) -> None:
        self._rank = rank
        self._lists: dict[str, list[int]] = {}
        self._group_of: dict[int, str] = {}
        self._keys: dict[int, Key] = {}

    def __len__(self) -> int:
        return len(self._group_of)

    def names(self) -> list[str]:
        """The groups that hold something, in alphabetical order."""
        return sorted((name for name, items in self._lists.items() if items), key=str.casefold)

    def items(self, group: str) -> list[int]:
        """The items of a group, in order; not to be changed."""
        return self._lists.get(group, [])

    def add(self, item: int, group: str) -> None:
        """Put an item into its place in ``group``, out of the group it is in."""
        self.remove(item)
        self._keys[item] = self._rank(item), item
        insort(self._lists.setdefault(group, []), item, key=self._keys.__getitem__)
        self._group_of[item] = group

    def remove(self, item: int) -> None:
        """Take an item out, if it is in."""
        place = self.place(item)
        if place is not None:
            group, index = place
            del self._lists[group][index]
            del self._group_of[item], self._keys[item]

    def fill(self, items: Iterable[tuple[int, str]]) -> None:
        """Replace everything by (item, group) pairs; faster than adding them one by one."""
        self._lists, self._group_of, self._keys = {}, {}, {}
        for item, group in items:
            self._lists.setdefault(group, []).append(item)
            self._group_of[item] = group
            self._keys[item] = self._rank(item), item
        for group_items in self._lists.values():
            group_items.sort(key=self._keys.__getitem__)

    def place(self, item: int) -> tuple[str, int] | None:
        """The item's group and its index there, or None."""
        group = self._group_of.get(item)
        if group is None:
            return None
        return group, bisect_left(self._lists[group], self._keys[item], key=self._keys.__getitem__)
