"""Versions of a dataset, what differs between two, and what is in the trash. No Qt."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.pages.dataset.wanted import SPLIT_WORDS
from desktop.pages.dataset.wording import counted, value_words

if TYPE_CHECKING:  # NumPy comes with them
    from training.datasets.records import Dataset
    from training.datasets.store import DatasetStore
    from training.datasets.versions import Diff, Snapshot, Version

__all__ = ["NOW", "Kept", "compare", "diff_rows", "read_kept"]

NOW = ""
"""In place of a version's hash: the dataset as it is."""

_MOST = 8


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


def compare(store: DatasetStore, dataset: int, before: str, after: str) -> list[tuple[str, str]]:
    """What differs between two versions, each by its hash or ``NOW``: (what, words), for a background thread.

    Raises:
        DatasetError: there is no such version.
        WorkspaceError: it is damaged.
    """
    from training.datasets.versions import diff

    old, new = (_snapshot(store, dataset, one) for one in (before, after))
    return diff_rows(diff(old, new), new)


def diff_rows(found: Diff, after: Snapshot) -> list[tuple[str, str]]:
    """A difference in words; empty where there is none."""
    rows = []
    if found.added:
        rows.append(("Added", counted(len(found.added))))
    if found.removed:
        rows.append(("Gone", counted(len(found.removed))))
    heads = {head.name: head for head in after.heads}
    for name in heads:
        changes: Counter[tuple[str, str]] = Counter()
        for (_, head), (was, now) in found.relabelled.items():
            if head == name:
                changes[value_words(heads[name], was), value_words(heads[name], now)] += 1
        if changes:
            rows.append((name, f"{counted(changes.total())} labelled otherwise"))
            rows += [("", f"{was} → {now}: {count:,}") for (was, now), count in changes.most_common(_MOST)]
            if len(changes) > _MOST:
                rows.append(("", f"and {len(changes) - _MOST:,} other changes"))
    if found.resplit:
        rows.append(("Splits", f"{counted(len(found.resplit))} in another split"))
        moves = Counter(found.resplit.values())
        for (split_was, split_now), count in moves.most_common(_MOST):
            rows.append(("", f"{SPLIT_WORDS[split_was]} → {SPLIT_WORDS[split_now]}: {count:,}"))
    if found.heads:
        rows.append(("Questions", f"{', '.join(found.heads)}: new, gone, or with other categories"))
    return rows


def _snapshot(store: DatasetStore, dataset: int, version: str) -> Snapshot:
    return store.current(dataset) if version == NOW else store.snapshot(store.find_version(version))
