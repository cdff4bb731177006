"""Where a hand that labels is: in which order, at which picture, at which question, and what is still open. No Qt.

``read_order`` is for background threads, everything else for the page's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from desktop.pages.dataset.answering import HAND
from desktop.pages.dataset.wanted import Wanted

if TYPE_CHECKING:  # NumPy comes with them
    from training.datasets.heads import HeadDef
    from training.datasets.store import DatasetStore

__all__ = ["ORDERS", "Labelling", "Order", "Way", "read_order"]

ORDERS: Mapping[str, str] = MappingProxyType(
    {"shown": "As in Images", "open": "Unlabelled first", "next": "What teaches most"}
)
"""Key of an order -> what it is called."""


@dataclass(frozen=True, slots=True)
class Way:
    """What an order depends on.

    Attributes:
        dataset: its id.
        wanted: which pictures.
        order: a key of ``ORDERS``.
        head: the question that "open" and "next" are about; "" where the order is about none.
    """

    dataset: int
    wanted: Wanted
    order: str
    head: str


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """The pictures in a row.

    Attributes:
        way: what it was made by.
        ids: the items.
        places: item -> its place.
        open: question -> items that nobody has answered, also such as are not in ``ids``.
    """

    way: Way
    ids: Sequence[int]
    places: Mapping[int, int]
    open: Mapping[str, set[int]]


def read_order(store: DatasetStore, way: Way, heads: Sequence[str]) -> Order:
    """Read an order. Raises ``DatasetError`` or ``WorkspaceError``."""
    from training.datasets.records import Query

    shown: list[int] = store.ids(way.dataset, way.wanted.query(), order=way.wanted.order).tolist()
    unanswered = {head: set(store.ids(way.dataset, Query(head=head, unlabelled=True)).tolist()) for head in heads}
    left = unanswered.get(way.head, set())
    if way.order != "shown":
        shown = [item for item in shown if item in left] + [item for item in shown if item not in left]
    return Order(way, shown, dict(zip(shown, range(len(shown)), strict=True)), unanswered)


@dataclass(slots=True, eq=False)
class Labelling:
    """Where the hand is.

    Attributes:
        order: the pictures; None before they were read.
        current: the item that is labelled; None for none.
        turns: whether all questions of a picture come in turn before the next picture.
        wish: a key of ``ORDERS``.
        whys: item -> why it would teach much, a sentence.
        passed: (question, item) about which the person has said that nobody can tell.
    """

    order: Order | None = None
    current: int | None = None
    turns: bool = True
    wish: str = "shown"
    whys: Mapping[int, str] = field(default_factory=dict)
    passed: set[tuple[str, int]] = field(default_factory=set)

    @property
    def count(self) -> int:
        """Pictures in the row."""
        return len(self.order.ids) if self.order is not None else 0

    @property
    def place(self) -> int:
        """Of the current picture, -1 for none."""
        if self.order is None or self.current is None:
            return -1
        return self.order.places.get(self.current, -1)

    def item(self, place: int) -> int | None:
        """The item at a place; None behind either end."""
        return self.order.ids[place] if self.order is not None and 0 <= place < self.count else None

    def around(self, ahead: int, behind: int) -> list[int]:
        """The current item, those that are likely to come next, and the last ones."""
        here = self.place
        places = [here, *(here + step for step in range(1, ahead + 1)), *(here - step for step in range(1, behind + 1))]
        return [item for place in places if (item := self.item(place)) is not None]

    def is_open(self, head: str, item: int) -> bool:
        """Whether nobody has answered a question about an item."""
        return self.order is not None and item in self.order.open.get(head, ())

    def left(self, head: str) -> int:
        """Pictures in the row about which a question is open."""
        if self.order is None:
            return 0
        unanswered, places = self.order.open.get(head, set()), self.order.places
        return len(unanswered) if len(unanswered) <= 1 else sum(item in places for item in unanswered)

    # -- what happens -------------------------------------------------------------------------------------------------

    def take(self, order: Order, head: str) -> None:
        """Another order, at the same picture if it is still there; else at the first about which ``head`` is open."""
        self.order = order
        if self.current is None or self.current not in order.places:
            unanswered = order.open.get(order.way.head or head, set())
            self.current = next((item for item in order.ids if item in unanswered), order.ids[0] if order.ids else None)

    def suggest(self, items: Sequence[int], whys: Mapping[int, str]) -> bool:
        """Let ``items`` come next, behind the current picture; whether that changes anything."""
        if self.order is None or self.place < 0:
            return False
        self.whys = whys
        order, here = self.order, self.place
        behind = set(order.ids[: here + 1])
        ahead = [item for item in items if item in order.places and item not in behind]
        taken = behind | set(ahead)
        ids = [*order.ids[: here + 1], *ahead, *(item for item in order.ids[here + 1 :] if item not in taken)]
        if ids == list(order.ids):
            return False
        self.order = Order(order.way, ids, dict(zip(ids, range(len(ids)), strict=True)), order.open)
        return True

    def said(self, head: str, items: Sequence[int], *, labelled: bool) -> None:
        """Items have been labelled, or their labels were taken away."""
        if self.order is None:
            return
        unanswered = self.order.open.get(head)
        if unanswered is not None:
            (unanswered.difference_update if labelled else unanswered.update)(items)

    def go(self, item: int) -> bool:
        """To an item; whether it is in the row and another than now."""
        if self.order is None or item not in self.order.places or item == self.current:
            return False
        self.current = item
        return True

    def step(self, by: int) -> bool:
        """To a picture before or after; whether there is one."""
        item = self.item(self.place + by) if self.place >= 0 else None
        return item is not None and self.go(item)

    def next_open(self, head: str) -> int | None:
        """The next item, behind the current one and then from the start, about which a question is open.

        What a person has passed with "nobody can tell" is left out until all else is answered.
        """
        if self.order is None or not self.order.open.get(head):
            return None
        here, unanswered, again = self.place, self.order.open[head], None
        for step in range(1, self.count):
            item = self.order.ids[(here + step) % self.count]
            if item in unanswered:
                if (head, item) not in self.passed:
                    return item
                again = again if again is not None else item
        return again

    def after(self, head: str, heads: Sequence[HeadDef]) -> tuple[int, str] | None:
        """Where to go once the current picture's ``head`` is answered: item and question; None where all is done.

        With questions in turn, the next one that is answered by hand; after the last, the next picture's first. By the
        orders "open" and "next" only to what is open.
        """
        if self.order is None or self.current is None:
            return None
        names = [one.name for one in heads if one.kind in HAND] if self.turns else [head]
        if head in names[:-1]:
            return self.current, names[names.index(head) + 1]
        first = names[0] if head in names else head
        in_row = self.order.way.order == "shown"
        following = self.item(self.place + 1) if in_row else self.next_open(first)
        return None if following is None or following == self.current else (following, first)
