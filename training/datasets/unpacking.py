"""A zip of somebody's dataset as the folder that it was, for formats read folders; for a while, inside of limits."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from models import archives
from models.errors import DatasetError, FileError, one_line
from models.files import open_regular, trouble
from models.walking import is_hidden
from models.workspace import reason
from training.datasets.formats import find_format, recognise
from training.datasets.formats.naming import inside, is_picture
from training.datasets.formats.plan import Plan, ReadOptions, stop_if
from training.datasets.formats.problems import Problems
from training.datasets.records import Place

__all__ = ["Unpacked", "as_folder", "file_place"]

SPARE = 256 << 20
"""Bytes that stay free on the disk."""

_PARTS = (".sortwerk-", ".part")  # training.datasets.sweeping removes what a killed program leaves


class Unpacked:
    """A folder, or a zip that is becoming one. Made by ``as_folder``.

    Attributes:
        folder: in which the dataset lies: the given one, or that of the zip, below folders that hold nothing else.
        is_zip: whether it goes away again.
        problems: a sentence each about what could not be unpacked.
    """

    def __init__(self, path: Path, root: Path | None, cancel: threading.Event | None) -> None:
        self.folder = path
        self.is_zip = root is not None
        self.problems = Problems()
        self._path = path
        self._root = root or path
        self._cancel = cancel
        self._pictures: dict[Path, archives.Member] = {}

    def fill(self) -> None:
        """Unpack the pictures too, which until now are files without content; nothing where that is done.

        Raises:
            DatasetError: the disk has no room.
            Cancelled: as ``as_folder`` was told.
        """
        waiting, self._pictures = self._pictures, {}
        if waiting:
            with self._opened() as file:
                self._check_room(waiting.values())
                for target, member in waiting.items():
                    stop_if(self._cancel)
                    self._unpack(file, target, member)

    def place(self, path: Path) -> Place:
        """Where a file of the folder lies for good: itself, or the member of the zip."""
        if not self.is_zip:
            return file_place(path)
        return Place(os.fsencode(self._path.absolute()), path.relative_to(self._root.absolute()).as_posix())

    def recognise(self) -> str:
        """The name of its format. Raises ``DatasetError``: it is in none."""
        try:
            return recognise(self.folder)
        except DatasetError as error:
            if not self.is_zip:
                raise
            raise DatasetError(
                f"What is in {one_line(self._path)} is in no format that is known; add it to a dataset as pictures "
                "without labels."
            ) from error

    def plan(self, format: str | None, options: ReadOptions) -> Plan:  # noqa: A002 - the word that people know
        """What lies in it, read as ``format``; None to recognise it. The pictures are unpacked then, as by ``fill``.

        Raises:
            DatasetError: it is in no known format, or holds nothing of it; or the disk has no room.
            Cancelled: as ``as_folder`` was told.
        """
        found = format or ("csv" if options.labels or options.columns else self.recognise())
        self.fill()
        return find_format(found).read(self.folder, options)

    def outline(self) -> None:
        """Unpack all but the pictures of a zip; they become files without content."""
        with self._opened() as file:
            try:
                listed = list(archives.members(file, self._path.name))
            except FileError as error:
                raise DatasetError(str(error)) from error
            size = sum(found.size for _, found in listed if isinstance(found, archives.Member))
            if size > archives.RATIO_FROM_BYTES and size > archives.MAX_RATIO * self._path.stat().st_size:
                raise DatasetError(
                    f"{one_line(self._path.name)} unpacks to far more than pictures would; leave it out, it may harm."
                )
            documents: dict[Path, archives.Member] = {}
            for name, found in listed:
                target = inside(self._root, name)
                if any(is_hidden(part) for part in name.split("/")):
                    continue
                if isinstance(found, FileError) or target is None:
                    said = str(found) if isinstance(found, FileError) else f"{one_line(name)} has no usable name."
                    self.problems.note("{n:,} more files of the zip can't be unpacked.", said)
                    continue
                (self._pictures if is_picture(name) else documents)[target] = found
            self._check_room(documents.values())
            for target in self._pictures:
                self._write(target, b"")
            for target, member in documents.items():
                stop_if(self._cancel)
                self._unpack(file, target, member)
        while (below := _only_folder(self.folder)) is not None:
            self.folder = below

    @contextlib.contextmanager
    def _opened(self) -> Iterator[BinaryIO]:
        try:
            file = open_regular(self._path)
        except FileError as error:
            raise DatasetError(str(error)) from error
        except (OSError, ValueError) as error:
            raise DatasetError(str(trouble(self._path, error))) from error
        with file:
            yield file

    def _check_room(self, members: Iterable[archives.Member]) -> None:
        wanted = sum(one.size for one in members)
        free = shutil.disk_usage(self._root).free
        if wanted + SPARE > free:
            raise DatasetError(
                f"{one_line(self._path.name)} unpacks to {wanted >> 20:,} MiB, and {free >> 20:,} MiB are free; free "
                "some space and try again."
            )

    def _unpack(self, file: BinaryIO, target: Path, member: archives.Member) -> None:
        try:
            # An empty text says something in some formats.
            content = archives.read(file, member, target.name) if member.size else b""
        except FileError as error:
            self.problems.note("{n:,} more files of the zip can't be unpacked.", str(error))
            return
        self._write(target, content)

    def _write(self, target: Path, content: bytes) -> None:
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        except OSError as error:
            self.problems.note(
                "{n:,} more files of the zip can't be unpacked.",
                f"{one_line(target.name)} can't be unpacked ({reason(error)}); unpack the zip yourself.",
            )


@contextlib.contextmanager
def as_folder(path: Path, into: Path | None = None, *, cancel: threading.Event | None = None) -> Iterator[Unpacked]:
    """A dataset as a folder, for the block: ``path`` itself, or what is in the zip that it is.

    A zip's pictures have no content until ``Unpacked.fill``: to recognise a format takes none.

    Args:
        path: of the folder, file or zip.
        into: in which a zip is unpacked, made where it is missing; None for the system's folder of temporary files.
        cancel: set it to stop.

    Raises:
        DatasetError: the zip can't be read, there is no room for it, or it unpacks to more than anything honest.
        Cancelled: ``cancel`` was set.
    """
    if path.suffix.casefold() != ".zip" or not path.is_file():
        yield Unpacked(path, None, cancel)
        return
    with contextlib.ExitStack() as stack:
        try:
            if into is not None:
                into.mkdir(parents=True, exist_ok=True)
            root = Path(tempfile.mkdtemp(prefix=_PARTS[0], suffix=_PARTS[1], dir=into))
        except OSError as error:
            raise DatasetError(
                f"{one_line(path.name)} can't be unpacked ({reason(error)}); free some space and try again."
            ) from error
        stack.callback(shutil.rmtree, root, ignore_errors=True)
        unpacked = Unpacked(path, root, cancel)
        unpacked.folder = root
        unpacked.outline()
        yield unpacked


def file_place(path: Path) -> Place:
    """Of a file that stays where it is."""
    return Place(os.fsencode(path))


def _only_folder(folder: Path) -> Path | None:
    """The folder in ``folder``, where nothing else is."""
    found = list(folder.iterdir())
    return found[0] if len(found) == 1 and found[0].is_dir() else None
