"""One picture's label for others: copied from the previous one, to near duplicates, to the rest of a burst or series.

Everything here only plans: what the plan says is done by ``carry_out``, as one step.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from models.errors import DatasetError, one_line
from training.datasets.outcomes import Saved
from training.datasets.quality.facts import Facts
from training.datasets.records import Item, Query
from training.datasets.store import DatasetStore
from training.datasets.values import Category, Value, to_text
from training.datasets.wording import pictures
from training.labelling.scaling import PLACED, alike, scaled
from training.series import series_key

__all__ = ["Plan", "carry_out", "copy_label", "to_burst", "to_near_duplicates"]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be said of which pictures.

    Attributes:
        head: the name of the question.
        labels: item -> answer.
        expected: item -> the text of the label that it has now, None for none.
        action: what the step is called.
        words: what would be done, a sentence.
        notes: item -> what to know about its label, a sentence ("Brought from 800 x 600 to 400 x 300.").
        left_out: item -> why it gets none, a sentence.
    """

    head: str
    labels: Mapping[int, Value]
    expected: Mapping[int, str | None]
    action: str
    words: str
    notes: Mapping[int, str] = field(default_factory=dict)
    left_out: Mapping[int, str] = field(default_factory=dict)


def carry_out(store: DatasetStore, dataset_id: int, plan: Plan, *, annotator: str = "") -> Saved:
    """Give the labels of a plan, as one step; what another window has labelled since it was made stays.

    Raises:
        DatasetError: the question has changed, or a picture is gone; nothing is done.
        WorkspaceError: the database can't be written.
    """
    return store.save_labels(
        dataset_id, plan.head, plan.labels, expected=plan.expected, annotator=annotator, action=plan.action
    )


def copy_label(
    store: DatasetStore, dataset_id: int, head: str, source: int, targets: Sequence[int], *, overwrite: bool = True
) -> Plan:
    """The label of ``source`` for ``targets``, such as that of the previous picture for this one.

    Shapes and masks are stretched to pictures of another size, and the plan says so.

    Raises:
        DatasetError: there is no such dataset, head or item, ``source`` has no label, or it is one that no other
            picture can have.
    """
    return _plan(store, dataset_id, head, source, targets, overwrite=overwrite, stretch=True, what="")


def to_near_duplicates(
    store: DatasetStore, facts: Facts, dataset_id: int, head: str, source: int, *, overwrite: bool = False
) -> Plan:
    """The label of ``source`` for all that show the same picture (``training.datasets.quality.likeness``).

    Of shapes and masks only for those that are the same picture beyond doubt and as wide for their height: a copy with
    its edges cut off has everything elsewhere.

    Args:
        store: of datasets.
        facts: gathered of this dataset.
        dataset_id: of it.
        head: the name of the question.
        source: the item whose label it is.
        overwrite: whether those that have another label get this one.

    Raises:
        DatasetError: as ``copy_label``.
    """
    places = np.flatnonzero(facts.ids == source)
    placed = store.dataset(dataset_id).head(head).kind in PLACED
    targets: list[int] = []
    doubtful: list[int] = []
    if len(places):
        row, near = int(places[0]), facts.near
        if placed:
            ours = (near.ones == row) | (near.others == row)
            others = np.where(near.ones == row, near.others, near.ones)
            targets = facts.ids[others[ours & near.same]].tolist()
            doubtful = facts.ids[others[ours & ~near.same]].tolist()
        else:
            group = next((rows for rows in facts.near_groups if row in rows), [])
            targets = [int(facts.ids[one]) for one in group if one != row]
    left_out = dict.fromkeys(doubtful, "Its edges may be cut off, so places in it may be others; label it by hand.")
    return _plan(
        store, dataset_id, head, source, targets, overwrite=overwrite, what="near duplicate", left_out=left_out
    )


def to_burst(store: DatasetStore, dataset_id: int, head: str, source: int, *, overwrite: bool = False) -> Plan:
    """The label of ``source`` for the rest of its burst: those of its group, or where it has none, of its series.

    A series is what is called alike but for numbers, in one folder (``training.series``). What holds over half of all
    pictures, or several categories already, is the numbering of a camera, and none.

    Raises:
        DatasetError: as ``copy_label``.
    """
    (item,) = store.items(dataset_id, where=Query(ids=[source])) or (None,)
    if item is None:
        raise DatasetError(f"{pictures(1)} is not in the dataset any more; look again.")
    if item.group:
        ids = [int(one) for one in store.ids(dataset_id, Query(group=item.group))]
        what = f"picture of the group {one_line(item.group)}"
    else:
        ids = _series(store, dataset_id, head, item)
        what = "picture of its series"
    targets = [one for one in ids if one != source]
    return _plan(store, dataset_id, head, source, targets, overwrite=overwrite, what=what)


def _series(store: DatasetStore, dataset_id: int, head: str, item: Item) -> list[int]:
    """The items that are called as ``item`` but for numbers; none where that only numbers pictures."""
    items = store.items(dataset_id)
    key = series_key(_path(item))
    own = [one for one in items if series_key(_path(one)) == key]
    answers = {value.name for one in own if isinstance(value := one.labels.get(head), Category)}
    if 2 * len(own) > len(items) or len(answers) > 1:
        return []
    return [one.id for one in own]


def _path(item: Item) -> Path:
    source = item.place.source
    return source.path / source.member if source.member else source.path


def _plan(
    store: DatasetStore,
    dataset_id: int,
    head: str,
    source: int,
    targets: Sequence[int],
    *,
    overwrite: bool,
    what: str,
    stretch: bool = False,
    left_out: Mapping[int, str] | None = None,
) -> Plan:
    question = store.dataset(dataset_id).head(head)
    value = store.labels(dataset_id, head, [source]).get(source)
    if value is None:
        raise DatasetError(f"The picture has no label of {one_line(head)} to copy; label it first.")
    if value.kind == "image":
        raise DatasetError(f"The answer to {one_line(head)} belongs to one picture alone; choose it for each picture.")
    wanted = [one for one in dict.fromkeys(targets) if one != source]
    items = {one.id: one for one in store.items(dataset_id, where=Query(ids=[source, *wanted]))}
    if source not in items:
        raise DatasetError(f"{pictures(1)} is not in the dataset any more; look again.")
    own = (items[source].width, items[source].height)
    labels: dict[int, Value] = {}
    expected: dict[int, str | None] = {}
    notes: dict[int, str] = {}
    left = dict(left_out or {})
    for number in wanted:
        if number not in items:
            continue
        item = items[number]
        there = item.labels.get(head)
        if there is not None and (not overwrite or there == value):
            same = "Its label says so already." if there == value else "It has another label, which stays."
            left[number] = same
            continue
        size = (item.width, item.height)
        if question.kind in PLACED and size != own:
            if min(*size, *own) < 1:
                left[number] = "Its size is not known, so nothing can be placed in it; look for its file first."
                continue
            if not stretch and not alike(own, size):
                left[number] = f"It is {_words(size)} and not {_words(own)}, so places in it are others."
                continue
            verb = "Brought" if alike(own, size) else "Stretched"
            notes[number] = f"{verb} from {_words(own)} to {_words(size)} pixels."
        labels[number] = scaled(value, own, size, store.blobs)
        expected[number] = None if there is None else to_text(there)
    name = what or "picture"
    action = f"Copied a label of {one_line(head)} to {_counted(len(labels), name)}"
    words = f"{_counted(len(labels), name)} would get this label."
    words += f" {_reasons(left.values())}" if left else ""
    return Plan(head, labels, expected, action, words, notes, left)


def _reasons(why: Iterable[str]) -> str:
    found: dict[str, int] = {}
    for one in why:
        found[one] = found.get(one, 0) + 1
    return " ".join(f"{pictures(count)} left out: {reason[:1].lower()}{reason[1:]}" for reason, count in found.items())


def _words(size: tuple[int, int]) -> str:
    return f"{size[0]:,} × {size[1]:,}"


def _counted(count: int, what: str) -> str:
    if what.startswith("picture"):
        return f"{pictures(count)}{what.removeprefix('picture')}"
    return f"{count:,} {what}{'' if count == 1 else 's'}"
