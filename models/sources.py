"""Where pictures come from: files, folders, zips. Finds and reads them; decodes nothing, and imports nothing heavy."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from models import archives
from models.errors import ArchiveError, FileError, UnreadableFileError
from models.files import not_a_file, open_regular, trouble
from models.images.formats import SNIFF_BYTES, sniff, unknown
from models.images.limits import MAX_BYTES, empty, too_many_bytes
from models.walking import is_hidden, natural_key, walk

__all__ = ["Failure", "Source", "find", "natural_key"]


@dataclass(frozen=True, slots=True)
class Source:
    """One file, or one member of a zip, that may be a picture.

    Attributes:
        path: of the file, or of the zip.
        member: the member's name inside the zip, with forward slashes; None for a file.
        place: where in the zip its bytes are, as ``find`` read it from the zip's list. Spares each read that list;
            sources are equal without it.
    """

    path: Path
    member: str | None = None
    place: archives.Member | None = field(default=None, repr=False, compare=False)

    @property
    def name(self) -> str:
        """The file's name without its folders."""
        return (self.path.name or str(self.path)) if self.member is None else self.member.rpartition("/")[2]

    @property
    def label(self) -> str:
        """The full path; of a member "archive.zip/inner/a.png"."""
        return str(self.path) if self.member is None else f"{self.path}{os.sep}{self.member}"

    def read(self, limit: int | None = None) -> bytes:
        """The content, or only its first ``limit`` bytes. Safe from several threads; never waits for a pipe.

        Raises:
            EmptyFileError: zero bytes.
            UnreadableFileError: missing, forbidden, not a regular file.
            ImageTooLargeError: a file of more than ``MAX_BYTES``, and no limit given.
            ArchiveError: the member, or its whole zip, can't be read.
        """
        try:
            with open_regular(self.path) as file:
                return self._read(file, limit)
        except (OSError, ValueError) as error:
            raise trouble(self.path, error) from error

    def read_picture(self) -> bytes:
        """The whole content of what begins like a picture; of anything else only the beginning is read.

        Raises:
            UnknownFormatError: the content is no picture this program reads.
            FileError: as ``read``.
        """
        try:
            with open_regular(self.path) as file:
                head = self._read(file, SNIFF_BYTES)
                if sniff(head, self.name) is None:
                    raise unknown(head, self.name)
                file.seek(0)
                return self._read(file, None)
        except (OSError, ValueError) as error:
            raise trouble(self.path, error) from error

    def size(self) -> int:
        """Bytes of the unpacked content. Raises ``UnreadableFileError`` or ``ArchiveError``."""
        if self.place is not None:
            return self.place.size
        try:
            if self.member is None:
                return self.path.stat().st_size
            with open_regular(self.path) as file:
                return self._find_place(file).size
        except (OSError, ValueError) as error:
            raise trouble(self.path, error) from error

    def _read(self, file: BinaryIO, limit: int | None) -> bytes:
        if self.member is not None:
            return archives.read(file, self.place or self._find_place(file), self.name, limit)
        if limit is None and os.fstat(file.fileno()).st_size > MAX_BYTES:
            raise too_many_bytes(self.name)
        # Sizes lie: in /proc a file of 0 bytes has content, and a log grows while it is read.
        content = file.read(MAX_BYTES + 1 if limit is None else limit)
        if content is None:  # a regular file of /proc that would have to be waited for
            raise UnreadableFileError(self.name, "has no content yet", "leave it out")
        if len(content) > MAX_BYTES:
            raise too_many_bytes(self.name)
        if not content and limit != 0:
            raise empty(self.name)
        return content

    def _find_place(self, file: BinaryIO) -> archives.Member:
        for inner, found in archives.members(file, self.path.name):
            if inner == self.member:
                if isinstance(found, FileError):
                    raise found
                return found
        raise ArchiveError(self.name, "is not in its archive any more", "drop the archive again")


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that gives no answer, and why."""

    source: Source
    error: FileError

    def __post_init__(self) -> None:
        """Let go of how it came about: the frames of a traceback would keep the pictures and the model of their run."""
        self.error.__traceback__ = self.error.__cause__ = self.error.__context__ = None


def find(paths: Iterable[Path | Source]) -> Iterator[Source | Failure]:
    """Everything under ``paths`` that may be a picture, in natural order folder by folder.

    Folders are walked, a folder's files before its subfolders; files named ``.zip`` are looked into; all others come
    as they are, unopened. Hidden files and folders are skipped, unless named in ``paths`` themselves. A folder that
    several links lead to comes once. What can't be listed is a ``Failure``. Lazy: yields while walking. Never raises.
    A ``Source`` among ``paths`` comes as it is.
    """
    for path in paths:
        if isinstance(path, Source):
            yield path
            continue
        try:
            mode = path.stat().st_mode
        except (OSError, ValueError) as error:
            yield Failure(Source(path), trouble(path, error))
            continue
        if stat.S_ISDIR(mode):
            for found, fault in walk(str(path)):
                yield from _file(Path(found)) if fault is None else [Failure(Source(Path(found)), fault)]
        elif stat.S_ISREG(mode):
            yield from _file(path)
        else:
            yield Failure(Source(path), not_a_file(path.name, mode))


def _file(path: Path) -> Iterator[Source | Failure]:
    if path.suffix.lower() == ".zip":
        yield from _zip(path)
    else:
        yield Source(path)


def _zip(path: Path) -> Iterator[Source | Failure]:
    try:
        with open_regular(path) as file:
            head = file.read(SNIFF_BYTES)
            if sniff(head, path.name) is not None:
                yield Source(path)  # a picture, whatever it is called
                return
            if not head:
                raise empty(path.name)
            listed = sorted(archives.members(file, path.name), key=lambda pair: natural_key(pair[0]))
    except FileError as error:
        yield Failure(Source(path), error)
    except (OSError, ValueError) as error:
        yield Failure(Source(path), trouble(path, error))
    else:
        for inner, found in listed:
            if any(is_hidden(part) for part in inner.split("/")):
                continue
            yield Failure(Source(path, inner), found) if isinstance(found, FileError) else Source(path, inner, found)
