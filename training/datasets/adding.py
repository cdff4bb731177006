"""Files, folders and zips into a dataset: found, hashed, measured, without labels."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from models.errors import Cancelled, FileError, UnknownFormatError
from models.progress import Meter, Progress
from models.sources import Failure, Source, find
from training.datasets.copying import keep_copy
from training.datasets.formats.measuring import picture_size
from training.datasets.outcomes import Added
from training.datasets.records import NewItem, Place
from training.datasets.store import DatasetStore

__all__ = ["AddedFiles", "add_files", "place_of", "unread_content"]

_PICTURES = frozenset(
    {".bmp", ".dds", ".gif", ".jpeg", ".jpg", ".png", ".tga", ".tif", ".tiff", ".tim2", ".tm2", ".webp"}
)
"""Endings of what somebody takes for a picture: what can't be read among them is worth a finding."""


@dataclass(frozen=True, slots=True)
class AddedFiles:
    """What became of files.

    Attributes:
        added: as the store says.
        unreadable: full path -> a sentence, of those that became items that can't be read.
        left_out: likewise, of those that did not become items: no pictures, folders that can't be listed.
    """

    added: Added
    unreadable: dict[str, str]
    left_out: dict[str, str]


def add_files(
    store: DatasetStore,
    dataset_id: int,
    paths: Iterable[Path],
    *,
    copy_into: bool = False,
    source: str = "",
    cancel: threading.Event | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> AddedFiles:
    """Bring what lies at ``paths`` into a dataset, as one step and without labels. One file that fails stops nothing.

    A picture that can't be read becomes an item with the status "unreadable"; where not even its bytes can be had, its
    content is ``unread_content``.

    Args:
        store: of the datasets.
        dataset_id: of the dataset.
        paths: files, folders and zips, as ``models.sources.find`` takes them.
        copy_into: whether the pictures are copied into the workspace, so that the dataset does without the originals.
        source: where they come from, as ``NewItem.source``.
        cancel: set it to stop; then nothing has come in.
        on_progress: is told after each file.

    Raises:
        Cancelled: ``cancel`` was set.
        DatasetError: there is no such dataset.
        WorkspaceError: a copy can't be written.
    """
    folder = store.copies(store.dataset(dataset_id).id) if copy_into else None
    items: list[NewItem] = []
    unreadable: dict[str, str] = {}
    left_out: dict[str, str] = {}
    meter = Meter()
    found = list(_found(paths, cancel))
    for one in found:
        _stop_if(cancel)
        origin = one.source if isinstance(one, Failure) else one
        try:
            if isinstance(one, Failure):
                raise one.error
            items.append(_item(one, folder, source))
        except FileError as error:
            if _takes_part(origin, error):
                items.append(_unread(origin, error, source))
                unreadable[origin.label] = str(error)
            else:
                left_out[origin.label] = str(error)
            meter.count(1, 1)
        else:
            meter.count(1, 0)
        if on_progress is not None:
            on_progress(meter.progress(len(found)))
    return AddedFiles(store.add_items(dataset_id, items), unreadable, left_out)


def place_of(source: Source) -> Place:
    """Where a source lies, by its absolute path."""
    return Place(os.fsencode(source.path.absolute()), source.member or "")


def unread_content(place: Place) -> bytes:
    """What stands for the content of a file whose bytes can't be had, 32 bytes: a hash of where it is."""
    return hashlib.sha256(b"unread\0" + place.path + b"\0" + place.member.encode("utf-8", "surrogatepass")).digest()


def _item(source: Source, folder: Path | None, origin: str) -> NewItem:
    data = source.read_picture()
    content = hashlib.sha256(data).digest()
    width, height = picture_size(Path(source.name), data)
    place = found_at = place_of(source)
    if folder is not None:
        place = place_of(Source(keep_copy(folder, content, data, source.name)))
    return NewItem(
        content=content,
        path=place.path,
        member=place.member,
        source=origin,
        width=width,
        height=height,
        size=len(data),
        mtime_ns=_changed(place),
        found_at=found_at,
    )


def _unread(source: Source, error: FileError, origin: str) -> NewItem:
    place = place_of(source)
    try:
        data = source.read()
    except FileError:
        content, size = unread_content(place), 0
    else:
        content, size = hashlib.sha256(data).digest(), len(data)
    return NewItem(
        content=content,
        path=place.path,
        member=place.member,
        source=origin,
        size=size,
        mtime_ns=_changed(place),
        status="unreadable",
        note=str(error),
    )


def _takes_part(source: Source, error: FileError) -> bool:
    """Whether what failed was meant to be a picture. A table or a text beside the pictures was not."""
    if Path(source.name).suffix.casefold() in _PICTURES:
        return source.member is not None or source.path.is_file()
    return not isinstance(error, UnknownFormatError) and _is_picture(source)


def _is_picture(source: Source) -> bool:
    try:
        source.read_picture()
    except FileError:
        return False
    return True


def _changed(place: Place) -> int:
    try:
        return Path(os.fsdecode(place.path)).stat().st_mtime_ns
    except OSError:
        return 0


def _found(paths: Iterable[Path], cancel: threading.Event | None) -> Iterable[Source | Failure]:
    for one in find(paths):
        _stop_if(cancel)
        yield one


def _stop_if(cancel: threading.Event | None) -> None:
    if cancel is not None and cancel.is_set():
        raise Cancelled("The work was cancelled.")
