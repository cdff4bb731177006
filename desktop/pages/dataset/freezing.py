"""Versions of a dataset, what differs between two, and what is in the trash. No Qt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.pages.dataset.wanted import SPLIT_WORDS
from desktop.pages.dataset.wording import counted, value_words

if TYPE_CHECKING:  # NumPy comes with them
    from training.datasets.records import Dataset, Place
    from training.datasets.store import DatasetStore
    from training.datasets.versions import Diff, Snapshot, Version

__all__ = ["NOW", "PICTURES", "Difference", "Kept", "compare", "differences", "read_kept"]

NOW = ""
"""In place of a version's hash: the dataset as it is."""

PICTURES = 24
"""Of each kind of difference that are shown at most."""

_MOST = 8


@dataclass(frozen=True, slots=True)
class Difference:
    """One kind of difference.

    Attributes:
        title: what became of the pictures.
        words: how many they are, or what else there is to say.
        places: where the first of them lie, ``PICTURES`` at most.
    """

    title: str
    words: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a dataset, and what is in the trash.

    Attributes:
        versions: the newest first.
        trashed: pictures of the dataset that are in the trash.
        datasets: datasets that are in the trash.
    """

    versions: tuple[Version, ...]
    trashed: int
    datasets: tuple[Dataset, ...]


def read_kept(store: DatasetStore, dataset: int) -> Kept:
    """Read it; for a background thread."""
    from training.datasets.records import Query

    versions = tuple(reversed(store.versions(dataset)))
    gone = tuple(one for one in store.datasets(trashed=True) if not one.name.endswith("(unfinished import)"))
    return Kept(versions, store.count(dataset, Query(trashed=True)), gone)


def compare(store: DatasetStore, dataset: int, before: str, after: str) -> list[Difference]:
    """What differs between two versions, each by its hash or ``NOW``; empty for nothing. For a background thread.

    Raises:
        DatasetError: there is no such version.
        WorkspaceError: it is damaged.
    """
    from training.datasets.versions import diff

    old, new = (_snapshot(store, dataset, one) for one in (before, after))
    return differences(diff(old, new), old, new)


def differences(found: Diff, before: Snapshot, after: Snapshot) -> list[Difference]:
    """A difference in words, with the pictures that it is about; empty where there is none."""
    rows: list[Difference] = []

    def say(title: str, contents: Sequence[bytes], words: str = "") -> None:
        snapshot = after if all(one in after.by_content for one in contents[:1]) else before
        places = tuple(snapshot.by_content[one].place for one in contents[:PICTURES])
        rows.append(Difference(title, words or counted(len(contents)), places))

    if found.added:
        say("Added", found.added)
    if found.removed:
        say("Gone", found.removed)
    for head in after.heads:
        changes: dict[tuple[str, str], list[bytes]] = defaultdict(list)
        for (content, name), (was, now) in found.relabelled.items():
            if name == head.name:
                changes[value_words(head, was), value_words(head, now)].append(content)
        ordered = sorted(changes.items(), key=lambda one: -len(one[1]))
        for (was_words, now_words), contents in ordered[:_MOST]:
            say(f"{head.name}: {was_words} → {now_words}", contents)
        if len(ordered) > _MOST:
            rest = [content for _, contents in ordered[_MOST:] for content in contents]
            say(f"{head.name}: {counted(len(ordered) - _MOST, 'other change')}", rest)
    moves: dict[tuple[str, str], list[bytes]] = defaultdict(list)
    for content, splits in found.resplit.items():
        moves[splits].append(content)
    for (split_was, split_now), contents in sorted(moves.items(), key=lambda one: -len(one[1])):
        say(f"{SPLIT_WORDS[split_was]} → {SPLIT_WORDS[split_now]}", contents)
    if found.described:
        say("Other metadata", list(found.described))
    if found.heads:
        rows.append(Difference("Questions", f"{', '.join(found.heads)}: new, gone, or asked otherwise", ()))
    return rows


def _snapshot(store: DatasetStore, dataset: int, version: str) -> Snapshot:
    return store.current(dataset) if version == NOW else store.snapshot(store.find_version(version))
