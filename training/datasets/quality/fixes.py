"""Does what a finding proposes, through the store, as one step that can be undone and says in words what it did."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path

from models.errors import DatasetError, one_line
from training.datasets.quality.finding import DropQuestion, Finding, ForgetPlaces, Relabel, SetSplits, Trash
from training.datasets.records import Place, Query
from training.datasets.store import DatasetStore
from training.datasets.wording import pictures

__all__ = ["apply_fix"]

_NAMES = {
    "other-datasets": "that other datasets have",
    "near-duplicates": "saved more than once",
    "leaks": "like others in another split",
    "blur": "blurred",
    "exposure": "of the wrong brightness",
    "low-information": "with next to nothing in them",
    "odd-sizes": "of odd sizes",
    "missing": "whose file is missing",
    "unreadable": "that can't be read",
    "class-balance": "of categories that have too many",
    "scarce-categories": "of categories that have too few",
    "absent-categories": "of categories that a split lacks",
    "label-consistency": "with contradictory labels",
    "boxes-outside": "with boxes that left them",
    "empty-masks": "with empty masks",
    "mask-sizes": "with masks of another size",
    "coverage": "without a label",
    "set-aside": "without a label",
    "wrong-labels": "with probably wrong labels",
    "doubtful-labels": "with doubtful labels",
    "unknown-labels": "whose label was unknown",
}
"""Kind of finding -> which pictures a step was about, after what was done with how many."""

_UNANSWERED = ("coverage", "set-aside", "unknown-labels")
"""Kinds of findings about pictures that have no label."""


def apply_fix(
    store: DatasetStore, dataset_id: int, finding: Finding, *, only: Collection[int] | None = None, annotator: str = ""
) -> int | None:
    """Put right what ``finding`` is about.

    Args:
        store: of datasets.
        dataset_id: of the one that was checked.
        finding: from its report.
        only: the items that a person has chosen; None for all.
        annotator: who does it, where labels change and the fix does not say who gives them.

    Returns:
        The step, to be undone with ``store.undo``; None when there is nothing to change, or the finding has no fix.

    Raises:
        DatasetError: the dataset has changed meanwhile so that it can't be done; nothing is changed.
        WorkspaceError: the database can't be written.
    """
    fix = (finding if only is None else finding.only(only)).fix
    if fix is None or not fix.count:
        return None
    which = f"{pictures(fix.count)} {_NAMES.get(finding.kind, f'({finding.kind})')}"
    if isinstance(fix, Trash):
        return store.trash_items(dataset_id, fix.items, action=f"Moved {which} to the trash")
    if isinstance(fix, SetSplits):
        there = any(fix.splits.values())
        action = f"Moved {which} to other splits" if there else f"Took {which} out of the splits"
        frozen = False if fix.release else None
        return store.set_splits(dataset_id, fix.splits, frozen=frozen, groups=fix.groups, action=action)
    if isinstance(fix, Relabel):
        return _relabel(store, dataset_id, fix, finding.kind, annotator)
    if isinstance(fix, ForgetPlaces):
        return _forget(store, dataset_id, fix)
    if isinstance(fix, DropQuestion):
        return _drop(store, dataset_id, fix)
    return store.remove_unused_categories(dataset_id, fix.head, fix.categories)


def _relabel(store: DatasetStore, dataset_id: int, fix: Relabel, kind: str, annotator: str) -> int | None:
    labels = dict(fix.labels)
    if kind in _UNANSWERED:  # what a person has said since the check stays
        for item in store.labels(dataset_id, fix.head, list(labels)):
            del labels[item]
    which = f"{pictures(len(labels))} {_NAMES.get(kind, f'({kind})')}"
    gone = not any(value is not None for value in labels.values())
    action = f"Took the label of {fix.head} from {which}" if gone else f"Labelled {fix.head} of {which}"
    return store.set_labels(
        dataset_id, fix.head, labels, annotator=fix.annotator or annotator, origin=fix.origin, action=action
    )


def _drop(store: DatasetStore, dataset_id: int, fix: DropQuestion) -> int | None:
    if store.labels(dataset_id, fix.head):
        raise DatasetError(f"{one_line(fix.head)} has answers by now; check again.")
    left = [one for one in store.dataset(dataset_id).heads if one.name != fix.head]
    return store.set_heads(dataset_id, left, action=f"Removed the question {one_line(fix.head)}")


def _forget(store: DatasetStore, dataset_id: int, fix: ForgetPlaces) -> int | None:
    """Each item keeps its first place that still has a file; a place that is gone is none to keep."""
    further = store.further_places(dataset_id)
    kept: dict[int, tuple[Place, int]] = {}
    count = 0
    for item in store.items(dataset_id, where=Query(ids=[one for one in fix.items if one in further])):
        others = further[item.id]
        place = next((one for one in (item.place, *others) if _is_there(one)), item.place)
        kept[item.id] = place, item.mtime_ns if place == item.place else _changed(place)
        count += len(others)
    further_places = f"{count:,} further place{'' if count == 1 else 's'}"
    return store.keep_places(dataset_id, kept, action=f"Forgot {further_places} of {pictures(len(kept))}")


def _is_there(place: Place) -> bool:
    return Path(os.fsdecode(place.path)).is_file()


def _changed(place: Place) -> int:
    try:
        return Path(os.fsdecode(place.path)).stat().st_mtime_ns
    except OSError:
        return 0
