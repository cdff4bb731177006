"""What a check says: something wrong with some pictures, how bad it is, and what would put all of it right at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal

from training.datasets.records import Origin, Split
from training.datasets.values import Value

__all__ = [
    "SEVERITIES",
    "DropCategories",
    "DropQuestion",
    "Finding",
    "Fix",
    "ForgetPlaces",
    "Offer",
    "Relabel",
    "SetSplits",
    "Severity",
    "Trash",
]

Severity = Literal["error", "warning", "hint"]
"""An error spoils what is trained or measured; a warning probably does; a hint is worth a look."""

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "hint")
"""Worst first."""


@dataclass(frozen=True, slots=True)
class Trash:
    """Put items into the trash, where they stay for 30 days."""

    items: tuple[int, ...]

    @property
    def count(self) -> int:
        """Items that it changes."""
        return len(self.items)

    def only(self, items: Collection[int]) -> Trash:
        """The same for some of the items."""
        return Trash(tuple(item for item in self.items if item in items))


@dataclass(frozen=True, slots=True)
class SetSplits:
    """Put items into other splits.

    Attributes:
        splits: item -> "train", "val", "test" or "" for none.
        release: whether those whose split is fixed are moved too, and are fixed no more.
        groups: item -> the group that it is of from now on, where one that must not be parted is cut.
    """

    splits: Mapping[int, Split]
    release: bool = False
    groups: Mapping[int, str] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """Items that it changes."""
        return len(self.splits)

    def only(self, items: Collection[int]) -> SetSplits:
        """The same for some of the items."""
        splits = {item: split for item, split in self.splits.items() if item in items}
        groups = {item: group for item, group in self.groups.items() if item in items}
        return replace(self, splits=MappingProxyType(splits), groups=MappingProxyType(groups))


@dataclass(frozen=True, slots=True)
class Relabel:
    """Give items other labels for one head: item -> value, None to take the label away.

    Attributes:
        head: the name of the question.
        labels: by item.
        origin: what kind of a source says so; a model gives labels only to what still has none.
        annotator: who says so; "" for whoever carries it out.
    """

    head: str
    labels: Mapping[int, Value | None]
    origin: Origin = "person"
    annotator: str = ""

    @property
    def count(self) -> int:
        """Items that it changes."""
        return len(self.labels)

    def only(self, items: Collection[int]) -> Relabel:
        """The same for some of the items."""
        some = {item: value for item, value in self.labels.items() if item in items}
        return replace(self, labels=MappingProxyType(some))


@dataclass(frozen=True, slots=True)
class DropCategories:
    """Remove categories that nothing is labelled with from a head."""

    head: str
    categories: tuple[str, ...]

    @property
    def count(self) -> int:
        """Categories that it removes."""
        return len(self.categories)

    def only(self, items: Collection[int]) -> DropCategories:
        """The same: no item is concerned."""
        return self


@dataclass(frozen=True, slots=True)
class ForgetPlaces:
    """Let items lie in one place only, and forget the others where their content lies; the files stay."""

    items: tuple[int, ...]

    @property
    def count(self) -> int:
        """Items that it changes."""
        return len(self.items)

    def only(self, items: Collection[int]) -> ForgetPlaces:
        """The same for some of the items."""
        return ForgetPlaces(tuple(item for item in self.items if item in items))


@dataclass(frozen=True, slots=True)
class DropQuestion:
    """Ask a question no more that nobody has answered."""

    head: str

    @property
    def count(self) -> int:
        """Questions that it removes."""
        return 1

    def only(self, items: Collection[int]) -> DropQuestion:
        """The same: no item is concerned."""
        return self


Fix = Trash | SetSplits | Relabel | DropCategories | DropQuestion | ForgetPlaces


@dataclass(frozen=True, slots=True)
class Offer:
    """One way to put a finding right: the fix, and what the button says of it ("Move 12 to the trash")."""

    fix: Fix
    words: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, with all pictures that it concerns.

    Attributes:
        kind: of the check that found it, and its name on the command line ("near-duplicates").
        severity: how bad it is.
        items: ids of the items concerned, the worst first; empty where it concerns none (a category without pictures).
        words: a sentence for the person.
        fix: what puts it right, as one step that can be undone. Every finding of the checks has one.
        fix_words: what the button says ("Move 12 to the trash").
        others: further ways, in a menu beside it.
        groups: which of the items belong together, each group's best first; empty where each stands for itself.
        scores: how sure or how bad, for each of ``items``, more is worse; empty where there is no order.
        head: the question it is about; "" for none.
        notes: item -> what to know about it ("probably wood").
    """

    kind: str
    severity: Severity
    items: tuple[int, ...]
    words: str
    fix: Fix | None = None
    fix_words: str = ""
    others: tuple[Offer, ...] = ()
    groups: tuple[tuple[int, ...], ...] = ()
    scores: tuple[float, ...] = ()
    head: str = ""
    notes: Mapping[int, str] = field(default_factory=dict)

    def only(self, items: Collection[int]) -> Finding:
        """The same with its fix for some of the items, as a person has chosen them."""
        return self if self.fix is None else replace(self, fix=self.fix.only(items))

    @property
    def offers(self) -> tuple[Offer, ...]:
        """All ways to put it right, the first one first."""
        return (*(() if self.fix is None else (Offer(self.fix, self.fix_words),)), *self.others)

    def offering(self, offers: Sequence[Offer]) -> Finding:
        """The same with these ways to put it right, the best first."""
        if not offers:
            return replace(self, fix=None, fix_words="", others=())
        return replace(self, fix=offers[0].fix, fix_words=offers[0].words, others=tuple(offers[1:]))

    def choosing(self, place: int) -> Finding:
        """The same with the one of ``offers`` at ``place`` as its only one."""
        return self.offering(self.offers[place : place + 1])
