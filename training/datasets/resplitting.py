"""Dividing a dataset in the store: what ``training.datasets.splitting`` draws, from items and back to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from models.errors import DatasetError
from training.datasets.heads import HeadDef, named_categories
from training.datasets.quality.clusters import Clusters
from training.datasets.records import SPLITS, Item, Split
from training.datasets.splitting import How, Pictures, Ratios, split
from training.datasets.store import DatasetStore
from training.series import series, series_key

__all__ = ["Proposal", "Resplit", "propose", "release_test", "resplit"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A division that nothing was done with yet.

    Attributes:
        splits: item -> split, of all items.
        moves: those that would be in another split than now.
        notices: what can't be had, a sentence each.
    """

    splits: Mapping[int, Split]
    moves: Mapping[int, Split]
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Resplit:
    """What became of a division.

    Attributes:
        counts: split -> pictures, afterwards.
        moved: pictures that are in another split than before.
        notices: what could not be had, a sentence each.
        step: to be undone; None when nothing has changed.
    """

    counts: Mapping[Split, int]
    moved: int
    notices: tuple[str, ...]
    step: int | None


def resplit(
    store: DatasetStore,
    dataset_id: int,
    how: How,
    ratios: Ratios | None = None,
    *,
    head: str | None = None,
    seed: int = 0,
    look_alikes: Sequence[Collection[int]] = (),
    real: Sequence[str] = ("real",),
    freeze_test: bool = False,
) -> Resplit:
    """Divide the items that are not frozen, as one step; freezing the test set is another.

    "grouped" and "source" keep together what ``look_alikes`` says, what has the same group, and what is numbered as
    one series (``training.series``), as a burst is.

    Args:
        store: of datasets.
        dataset_id: of the one to divide.
        how: see ``training.datasets.splitting.split``.
        ratios: likewise.
        head: the question whose categories every split should have its share of; None for the first with categories.
            Of a picture with several the rarest counts.
        seed: another one draws another split.
        look_alikes: groups of item ids, such as the near duplicates of a quality report.
        real: names of the sources that are real.
        freeze_test: fix the test set afterwards: later divisions and fixes leave it alone.

    Raises:
        DatasetError: it can't be done, and what to do instead; nothing is changed.
        WorkspaceError: the database can't be used.
    """
    found = propose(store, dataset_id, how, ratios, head=head, seed=seed, look_alikes=look_alikes, real=real)
    counts = Counter(found.splits.values())
    words = " / ".join(f"{counts[name]:,}" for name in SPLITS[:3])
    step = store.set_splits(dataset_id, found.moves, action=f"Divided into {words}") if found.moves else None
    if freeze_test:
        test = {item: now for item, now in found.splits.items() if now == "test"}
        step = store.set_splits(dataset_id, test, frozen=True, action="Froze the test set") or step
    return Resplit({name: counts[name] for name in SPLITS}, len(found.moves), found.notices, step)


def propose(
    store: DatasetStore,
    dataset_id: int,
    how: How,
    ratios: Ratios | None = None,
    *,
    head: str | None = None,
    seed: int = 0,
    look_alikes: Sequence[Collection[int]] = (),
    real: Sequence[str] = ("real",),
) -> Proposal:
    """What ``resplit`` would do; nothing is changed. Arguments and errors are the same."""
    dataset = store.dataset(dataset_id)
    items = store.items(dataset_id)
    question = dataset.head(head) if head is not None else next((one for one in dataset.heads if one.categories), None)
    if how == "stratified" and question is None:
        raise DatasetError(f"{dataset.name} has no question with categories to stratify by; divide it by ratio.")
    strata = _strata(items, question)
    groups = _groups(items, strata, look_alikes) if how in ("grouped", "source") else list(range(len(items)))
    pictures = Pictures(
        contents=[one.content for one in items],
        splits=[one.split for one in items],
        frozen=[one.frozen for one in items],
        strata=strata,
        groups=groups,
        sources=[one.source for one in items],
    )
    divided = split(pictures, how, ratios, seed=seed, real=real)
    splits = {one.id: now for one, now in zip(items, divided.splits, strict=True)}
    moves = {one.id: splits[one.id] for one in items if splits[one.id] != one.split}
    return Proposal(splits, moves, divided.notices)


def release_test(store: DatasetStore, dataset_id: int) -> int | None:
    """Let a frozen set be divided again, as one step. Returns it; None when nothing is frozen."""
    frozen: dict[int, Split] = {one.id: one.split for one in store.items(dataset_id) if one.frozen}
    return store.set_splits(dataset_id, frozen, frozen=False, action="Released the test set") if frozen else None


def _strata(items: Sequence[Item], head: HeadDef | None) -> list[str | None]:
    """The rarest category that each names; None for those without a label."""
    if head is None:
        return [None] * len(items)
    named = [named_categories(head, one.labels[head.name]) if head.name in one.labels else frozenset() for one in items]
    counts = Counter(name for names in named for name in names)
    return [min(names, key=lambda name: (counts[name], name)) if names else None for names in named]


def _groups(items: Sequence[Item], strata: Sequence[str | None], look_alikes: Sequence[Collection[int]]) -> list[int]:
    clusters = Clusters(len(items))
    rows = {one.id: row for row, one in enumerate(items)}
    for group in look_alikes:
        known = [rows[item] for item in group if item in rows]
        clusters.join_pairs(known[:1] * (len(known) - 1), known[1:])
    clusters.join_equal([one.group for one in items])
    for source in {one.source for one in items}:
        # Of each source by itself: 30 of 30 numbered pictures are no series, and would be one among 60 of another
        names = {
            row: name
            for row, (one, name) in enumerate(zip(items, strata, strict=True))
            if one.source == source and name is not None
        }
        found = series({row: series_key(PurePath(items[row].place.source.label)) for row in names}, names)
        clusters.join_equal([found.get(row) for row in range(len(items))])
    return [int(number) for number in clusters.numbers()]
