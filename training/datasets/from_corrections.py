"""A dataset of what a person has corrected on the Sort page."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from models.errors import DatasetError, one_line
from training.correction_record import DEFAULT_MODEL
from training.correction_store import TrainingDataStore
from training.datasets.heads import HeadDef
from training.datasets.names import known
from training.datasets.outcomes import Added
from training.datasets.records import Dataset, Label, NewItem, Place
from training.datasets.store import DatasetStore
from training.datasets.values import Category
from training.datasets.wording import GONE

__all__ = ["from_corrections"]


def from_corrections(
    store: DatasetStore,
    corrections: TrainingDataStore,
    model: str = DEFAULT_MODEL,
    *,
    name: str = "",
    heads: Sequence[str] | None = None,
) -> tuple[Dataset, Added]:
    """Make a dataset of a model's current corrections: the pictures by content, and what a person says they are.

    Args:
        store: where the dataset is made.
        corrections: what was said; nothing in it is changed.
        model: whose corrections, as in ``training.learner``.
        name: of the dataset; "" for "Corrections".
        heads: the questions, in order; None for all that were answered.

    Returns:
        The dataset, and what came in. A correction without a hash belongs to no picture that could come in, and one to
        "unknown" says nothing; both are left out.

    Raises:
        DatasetError: there is nothing to make a dataset of.
    """
    said = {head: corrections.labels(head, model=model) for head in (corrections.heads() if heads is None else heads)}
    labels: dict[bytes, dict[str, Label]] = defaultdict(dict)
    paths: dict[bytes, str] = {}
    for head, by_content in said.items():
        for content, label in by_content.items():
            category = known(label.category)
            if category is not None:
                labels[content][head] = Label(Category(category), label.annotator, label.timestamp, "person")
                paths[content] = label.path
    if not labels:
        raise DatasetError(f"The model {one_line(model)} has no corrections of pictures yet; correct some first.")
    sizes = {
        bytes.fromhex(one.texture_hash): (one.image_width or 0, one.image_height or 0)
        for one in corrections.corrections(model=model)
        if one.texture_hash is not None
    }
    items = [_item(content, paths[content], sizes.get(content, (0, 0)), some) for content, some in labels.items()]
    questions = [HeadDef(head, "categories") for head in said if any(head in some for some in labels.values())]
    dataset = store.create(name or "Corrections", questions)
    added = store.add_items(dataset.id, items, action="Brought in what was corrected", new_categories=True)
    return store.dataset(dataset.id), added


def _item(content: bytes, path: str, size: tuple[int, int], labels: Mapping[str, Label]) -> NewItem:
    place = _place(path)
    file = Path(os.fsdecode(place.path))
    try:
        facts = file.stat()
    except OSError:
        facts = None
    return NewItem(
        content=content,
        path=place.path,
        member=place.member,
        width=size[0],
        height=size[1],
        size=facts.st_size if facts is not None and not place.member else 0,
        mtime_ns=facts.st_mtime_ns if facts is not None else 0,
        labels=labels,
        status="ok" if facts is not None else "missing",
        note="" if facts is not None else GONE,
    )


def _place(path: str) -> Place:
    """Corrections name a member of a zip as if the zip were a folder."""
    whole = Path(path).absolute()
    if not whole.is_file():
        for parent in whole.parents:
            if parent.is_file():
                return Place(os.fsencode(parent), whole.relative_to(parent).as_posix())
    return Place(os.fsencode(whole))
