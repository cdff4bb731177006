"""Datasets: made, brought in, sent out, put into the trash and back. The window and the command line come here."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from models.database import open_workspace
from models.errors import DatasetError, one_line
from models.progress import Progress
from training.datasets.bringing import Imported, bring_in
from training.datasets.formats import FORMATS, ReadOptions
from training.datasets.heads import HeadDef
from training.datasets.joining import Joined, join
from training.datasets.records import Dataset, Query, Split
from training.datasets.sending import Sent, send_out
from training.datasets.store import DatasetStore
from training.datasets.templates import find_template
from training.datasets.versions import Version

__all__ = [
    "FORMATS",
    "Imported",
    "Joined",
    "ReadOptions",
    "Sent",
    "Summary",
    "create_dataset",
    "export_dataset",
    "find_dataset",
    "import_dataset",
    "join_dataset",
    "opened",
    "remove_dataset",
    "restore_dataset",
    "summarise",
]


@dataclass(frozen=True, slots=True)
class Summary:
    """What is in a dataset.

    Attributes:
        dataset: itself.
        items: pictures in it.
        splits: split -> pictures; "" is none.
        sources: source -> pictures; "" is none.
        labelled: question -> pictures with an answer.
        counts: question -> category -> pictures, for questions with categories.
    """

    dataset: Dataset
    items: int
    splits: Mapping[Split, int]
    sources: Mapping[str, int]
    labelled: Mapping[str, int]
    counts: Mapping[str, Mapping[str, int]]


@contextlib.contextmanager
def opened() -> Iterator[DatasetStore]:
    """The datasets of the workspace, for the block. Raises ``WorkspaceError``: it can't be used."""
    with contextlib.closing(open_workspace()) as database:
        yield DatasetStore(database)


def find_dataset(store: DatasetStore, named: str, *, trashed: bool = False) -> Dataset:
    """The dataset called so, whatever the capitals, or of that number.

    Raises:
        DatasetError: there is none, or there are several.
    """
    there = store.datasets(trashed=trashed)
    found = [one for one in there if one.name.casefold() == named.strip().casefold()]
    found = found or [one for one in there if str(one.id) == named.strip()]
    if len(found) == 1:
        return found[0]
    if found:
        numbers = ", ".join(str(one.id) for one in found)
        raise DatasetError(f"Several datasets are called {one_line(named)}; name one by its number: {numbers}.")
    names = ", ".join(one_line(one.name) for one in there) or "none"
    where = " in the trash" if trashed else ""
    raise DatasetError(f"There is no dataset {one_line(named)}{where}; there are: {names}.")


def create_dataset(store: DatasetStore, name: str, heads: Sequence[HeadDef] = (), template: str = "") -> Dataset:
    """A dataset without pictures, with the questions of a template and further ones.

    Raises:
        DatasetError: the name can't be one, or there is no such template.
    """
    first = find_template(template).heads if template else ()
    return store.create(name, (*first, *heads), template)


def import_dataset(
    store: DatasetStore,
    path: Path,
    *,
    name: str = "",
    format: str | None = None,  # noqa: A002 - as training.datasets.bringing
    copy: bool = False,
    options: ReadOptions | None = None,
    cancel: threading.Event | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Imported:
    """Make a dataset of a folder of somebody's: ``training.datasets.bringing.bring_in``."""
    return bring_in(
        store, path, name=name, format=format, copy=copy, options=options, cancel=cancel, on_progress=on_progress
    )


def join_dataset(
    store: DatasetStore,
    dataset: Dataset,
    path: Path,
    *,
    format: str | None = None,  # noqa: A002 - as training.datasets.joining
    copy: bool = False,
    options: ReadOptions | None = None,
    cancel: threading.Event | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Joined:
    """Bring a folder of somebody's into a dataset that is there: ``training.datasets.joining.join``."""
    return join(
        store, dataset.id, path, format=format, copy=copy, options=options, cancel=cancel, on_progress=on_progress
    )


def export_dataset(
    store: DatasetStore,
    dataset: Dataset,
    folder: Path,
    format: str,  # noqa: A002 - as training.datasets.sending
    *,
    split: Split | None = None,
    version: Version | None = None,
    cancel: threading.Event | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Sent:
    """Write a dataset, one part of it, or a version into a new folder: ``training.datasets.sending.send_out``."""
    where = Query(split=split)
    return send_out(
        store, dataset.id, folder, format, where=where, version=version, cancel=cancel, on_progress=on_progress
    )


def summarise(store: DatasetStore, dataset: Dataset) -> Summary:
    """Count what is in a dataset."""
    items = store.count(dataset.id)
    return Summary(
        dataset,
        items,
        store.split_counts(dataset.id),
        store.source_counts(dataset.id),
        {one.name: items - store.count(dataset.id, Query(head=one.name, unlabelled=True)) for one in dataset.heads},
        {one.name: dict(store.category_counts(dataset.id, one.name)) for one in dataset.heads if one.categories},
    )


def remove_dataset(store: DatasetStore, dataset: Dataset) -> None:
    """Put a dataset into the trash, for 30 days."""
    store.trash(dataset.id)


def restore_dataset(store: DatasetStore, named: str | None) -> Dataset:
    """Bring back a dataset from the trash; the one removed last without a name.

    Raises:
        DatasetError: there is none.
    """
    if named is None:
        there = sorted(store.datasets(trashed=True), key=lambda one: (one.trashed or "", one.id))
        if not there:
            raise DatasetError("No removed dataset is left to bring back.")
        found = there[-1]
    else:
        found = find_dataset(store, named, trashed=True)
    store.restore(found.id)
    return store.dataset(found.id)
