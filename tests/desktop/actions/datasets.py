"""Datasets in the workspace whose files are real, for tests of what is asked about them."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from models.database import open_workspace
from training.datasets.heads import HeadDef
from training.datasets.records import NewItem, Split
from training.datasets.store import DatasetStore
from training.datasets.values import Category

__all__ = ["category_dataset"]


def category_dataset(
    name: str, files: Mapping[Path, str | None], *, head: str = "material", splits: Sequence[Split] = ()
) -> int:
    """A dataset of ``files`` with one question; returns its id."""
    categories = tuple(sorted({label for label in files.values() if label is not None}))
    with contextlib.closing(open_workspace()) as database:
        store = DatasetStore(database)
        dataset = store.create(name, [HeadDef(head, "categories", categories)]).id
        items = [
            NewItem(
                hashlib.sha256(os.fsencode(path)).digest(),
                os.fsencode(path),
                labels={head: Category(label) if label is not None else None},
                split=splits[place] if splits else "",
            )
            for place, (path, label) in enumerate(files.items())
        ]
        store.add_items(dataset, items)
    return dataset
