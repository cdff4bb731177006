"""Which pictures of a dataset a person wants to see, and how that is said. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # NumPy comes with it
    from training.datasets.records import Order, Query, Split

__all__ = ["ORDERS", "SPLIT_WORDS", "Wanted", "split_words"]

SPLIT_WORDS: Mapping[str, str] = MappingProxyType(
    {"train": "Train", "val": "Validation", "test": "Test", "": "In no split"}
)
"""Split -> what it is called here."""

ORDERS: Mapping[Order, str] = MappingProxyType(
    {
        "added": "As added",
        "newest": "Newest first",
        "name": "Name",
        "source": "Source",
        "split": "Split",
        "group": "Group",
        "pixels": "Smallest first",
    }
)
"""Order -> words."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the grid is to show.

    Attributes:
        head: the question that ``category`` and ``unlabelled`` are about; None where it does not matter.
        category: only what is labelled so; None for all.
        unlabelled: only what nobody has answered.
        split: only of it, "" for what is in none; None for all.
        source: likewise.
        text: part of the path.
        faulty: only what can't be read.
        trashed: what is in the trash instead.
        chosen: only these items, such as those of a finding; None for all.
        said: what ``chosen`` are, in a few words.
        order: how they are sorted.
    """

    head: str | None = None
    category: str | None = None
    unlabelled: bool = False
    split: Split | None = None
    source: str | None = None
    text: str = ""
    faulty: bool = False
    trashed: bool = False
    chosen: tuple[int, ...] | None = None
    said: str = ""
    order: Order = "added"

    def query(self) -> Query:
        """The same for the store."""
        from training.datasets.records import Query

        about = self.category is not None or self.unlabelled
        return Query(
            head=self.head if about else None,
            category=self.category,
            unlabelled=self.unlabelled,
            split=self.split,
            source=self.source,
            text=self.text,
            status="unreadable" if self.faulty else None,
            trashed=self.trashed,
            ids=self.chosen,
        )

    @property
    def title(self) -> str:
        """What stands over the pictures."""
        if self.trashed:
            return "In the trash"
        if self.chosen is not None:
            return self.said
        if self.faulty:
            return "Can't be read"
        if self.unlabelled:
            return f"{self.head}: unlabelled" if self.head else "Unlabelled"
        return self.category if self.category is not None else "All pictures"

    @property
    def narrow(self) -> bool:
        """Whether it leaves any picture out."""
        return self != Wanted(head=self.head, order=self.order)


def split_words(split: str, *, frozen: bool = False) -> str:
    """A picture's split as a person reads it."""
    return SPLIT_WORDS.get(split, split) + (", fixed" if frozen else "")
