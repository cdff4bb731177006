"""Files that were moved or renamed, found again by what is in them."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from models.errors import Cancelled, FileError
from models.progress import Meter, Progress
from models.sources import Failure, find
from training.datasets.adding import place_of
from training.datasets.records import Item, Place, Status
from training.datasets.store import DatasetStore
from training.datasets.wording import GONE, pictures

__all__ = ["Relocated", "check_files", "relocate"]


@dataclass(frozen=True, slots=True)
class Relocated:
    """What became of missing files.

    Attributes:
        found: ids of the items whose file lies elsewhere now, rising.
        missing: of those that are still not found.
        step: to be undone; None when nothing was found.
    """

    found: tuple[int, ...]
    missing: tuple[int, ...]
    step: int | None


def check_files(store: DatasetStore, dataset_id: int) -> list[int]:
    """Look whether every file is where it was, and note those that are not, and those that are back, as one step.

    Returns:
        The ids of items without a file, rising.

    Raises:
        DatasetError: there is no such dataset.
    """
    items = store.items(dataset_id)
    gone = {item.id for item in items if not _is_there(item.place)}
    changes: dict[int, tuple[Status, str]] = {}
    for item in items:
        if item.id in gone and item.status != "missing":
            changes[item.id] = ("missing", GONE)
        elif item.id not in gone and item.status == "missing":
            changes[item.id] = ("ok", "")
    store.set_status(dataset_id, changes, action=f"Looked for the files of {pictures(len(items))}")
    return sorted(gone)


def relocate(
    store: DatasetStore,
    dataset_id: int,
    paths: Iterable[Path],
    *,
    cancel: threading.Event | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Relocated:
    """Find the items whose file is gone under ``paths``, as one step. Only files of a size that is missed are read.

    Args:
        store: of the datasets.
        dataset_id: of the dataset.
        paths: files, folders and zips, as ``models.sources.find`` takes them.
        cancel: set it to stop; then nothing has changed.
        on_progress: is told after each file.

    Raises:
        Cancelled: ``cancel`` was set.
        DatasetError: there is no such dataset.
    """
    missing = {item.content: item for item in store.items(dataset_id) if not _is_there(item.place)}
    found = _among_known(store, missing.values())
    sizes = {item.size for item in missing.values() if item.id not in found}  # 0: nobody knows
    meter = Meter()
    for one in find(paths):
        if cancel is not None and cancel.is_set():
            raise Cancelled("The work was cancelled.")
        if len(found) == len(missing):
            break
        try:
            if not isinstance(one, Failure) and (0 in sizes or one.size() in sizes):
                item = missing.get(hashlib.sha256(one.read()).digest())
                if item is not None:
                    found.setdefault(item.id, place_of(one))
            meter.count(1, 0)
        except FileError:
            meter.count(1, 1)  # what can't be read is not what is looked for
        if on_progress is not None:
            on_progress(meter.progress(None))
    moved = {item: (place, _changed(place)) for item, place in found.items()}
    step = store.move_items(dataset_id, moved)
    still = sorted(item.id for item in missing.values() if item.id not in found)
    return Relocated(tuple(sorted(found)), tuple(still), step)


def _among_known(store: DatasetStore, items: Iterable[Item]) -> dict[int, Place]:
    """Where the same content was seen before, and still is."""
    found = {}
    for item in items:
        for place in store.places(item.id)[1:]:
            if _has(place, item.content):
                found[item.id] = place
                break
    return found


def _has(place: Place, content: bytes) -> bool:
    try:
        return hashlib.sha256(place.source.read()).digest() == content
    except FileError:
        return False


def _is_there(place: Place) -> bool:
    return Path(os.fsdecode(place.path)).is_file()


def _changed(place: Place) -> int:
    return Path(os.fsdecode(place.path)).stat().st_mtime_ns
