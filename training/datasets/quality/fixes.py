"""Does what a finding proposes, through the store, as one step that can be undone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from training.datasets.quality.finding import DropCategories, Finding, Relabel, SetSplits, Trash
from training.datasets.store import DatasetStore

__all__ = ["apply_fix"]

_NAMES = {
    "exact-duplicates": "duplicates",
    "near-duplicates": "near duplicates",
    "leaks": "leaks between splits",
    "blur": "blurred pictures",
    "exposure": "pictures of the wrong brightness",
    "low-information": "empty pictures",
    "odd-sizes": "odd sizes",
    "missing": "missing files",
    "unreadable": "unreadable files",
    "class-balance": "the balance of categories",
    "unused-categories": "unused categories",
    "label-consistency": "contradictory labels",
    "boxes-outside": "boxes outside of the picture",
    "empty-masks": "empty masks",
    "mask-sizes": "masks of the wrong size",
    "coverage": "unlabelled pictures",
    "wrong-labels": "wrong labels",
    "doubtful-labels": "doubtful labels",
}
"""Kind of finding -> what its step is called after "Fixed"."""


def apply_fix(
    store: DatasetStore, dataset_id: int, finding: Finding, *, only: Collection[int] | None = None, annotator: str = ""
) -> int | None:
    """Put right what ``finding`` is about.

    Args:
        store: of datasets.
        dataset_id: of the one that was checked.
        finding: from its report.
        only: the items that a person has chosen; None for all.
        annotator: who does it, where labels change.

    Returns:
        The step, to be undone with ``store.undo``; None when there is nothing to change, or the finding has no fix.

    Raises:
        DatasetError: the dataset has changed meanwhile so that it can't be done; nothing is changed.
        WorkspaceError: the database can't be written.
    """
    fix = (finding if only is None else finding.only(only)).fix
    action = f"Fixed {_NAMES.get(finding.kind, finding.kind)}"
    if fix is None or not fix.count:
        return None
    if isinstance(fix, Trash):
        return store.trash_items(dataset_id, fix.items, action=action)
    if isinstance(fix, SetSplits):
        return store.set_splits(dataset_id, fix.splits, action=action)
    if isinstance(fix, Relabel):
        return store.set_labels(dataset_id, fix.head, fix.labels, annotator=annotator, action=action)
    return _drop(store, dataset_id, fix)


def _drop(store: DatasetStore, dataset_id: int, fix: DropCategories) -> int | None:
    heads = [
        replace(head, categories=tuple(name for name in head.categories if name not in fix.categories))
        if head.name == fix.head
        else head
        for head in store.dataset(dataset_id).heads
    ]
    return store.set_heads(dataset_id, heads)
