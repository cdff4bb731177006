"""What became of an act on a dataset: labels taken or not, items that came in, steps and what they changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from training.datasets.records import Label
from training.datasets.reviews import Opinion, Review
from training.datasets.values import Value

__all__ = ["Added", "Conflict", "Event", "Saved", "Step"]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A label that was not taken because the same content has another one already: ``kept`` stays, ``offered`` goes."""

    item: int
    head: str
    kept: Value
    offered: Value


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of labels that were to replace certain others.

    Attributes:
        step: to be undone; None when nothing has changed.
        conflicts: item -> what it is by now, of those that somebody else has labelled meanwhile, None for nothing; they
            are as that other left them.
    """

    step: int | None
    conflicts: Mapping[int, Label | None]


@dataclass(frozen=True, slots=True)
class Added:
    """What became of new items.

    Attributes:
        new: ids of those that were not here, or were in the trash, in the order given.
        known: an id for each of the others, whose content was here already or has just come in, likewise.
        conflicts: labels that were not taken.
        step: to be undone; None when nothing has changed.
        split_conflicts: ids of those that have another split than they came with; theirs stays.
    """

    new: tuple[int, ...]
    known: tuple[int, ...]
    conflicts: tuple[Conflict, ...]
    step: int | None
    split_conflicts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One thing a person did, undone and redone as a whole.

    Attributes:
        id: given by the store, never twice, rising.
        dataset: the id of its dataset.
        action: what was done, in words: "Relabelled 3 pictures".
        time: of when, ISO 8601 to the second, UTC.
        items: how many items it has changed.
    """

    id: int
    dataset: int
    action: str
    time: str
    items: int


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to one item.

    Attributes:
        step: the id of the step that did it.
        action: of that step.
        time: likewise.
        what: "label", "review", "opinion", "split", "trash", "file", "places", "source", "group" or "metadata".
        head: the question's number, where ``what`` is one of the first three; else 0.
        before: a ``Label`` where ``what`` is "label", a ``Review`` where it is "review", a tuple of ``Opinion`` where
            it is "opinion", else text; None for nothing.
        after: likewise.
    """

    step: int
    action: str
    time: str
    what: str
    head: int
    before: Label | Review | tuple[Opinion, ...] | str | None
    after: Label | Review | tuple[Opinion, ...] | str | None
