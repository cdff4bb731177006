"""The files under a folder, as everything here that looks into folders sees them: without what systems hide."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from models.errors import FileError, UnreadableFileError
from models.files import not_a_file, trouble

__all__ = ["is_hidden", "is_hidden_by_windows", "natural_key", "walk"]

HIDDEN = frozenset({"thumbs.db", "desktop.ini", "__macosx", "$recycle.bin", "system volume information"})
"""What systems leave in folders, in lower case; dot files are hidden too."""

HIDDEN_ATTRIBUTES = 0x2 | 0x4
"""FILE_ATTRIBUTE_HIDDEN, FILE_ATTRIBUTE_SYSTEM of Windows."""

DIGITS = re.compile(r"(\d{1,18})")
"""Splits into text, digits, text, ...: the same kind at the same index, so keys compare. Python refuses to turn
thousands of digits into a number at once."""

Identity = tuple[int, int]
"""Device and file number: what a folder is, whatever links lead to it."""


def walk(top: str, *, deep: bool = True) -> Iterator[tuple[str, FileError | None]]:
    """The regular files under ``top`` with None, and what can't be looked at with what is wrong.

    In natural order, a folder's files before its subfolders. Hidden files and folders are skipped, but not ``top``. A
    folder that several links lead to comes once. Lazy: yields while walking. Never raises.

    Args:
        top: of a folder; every path that comes begins with it.
        deep: False leaves subfolders out.
    """
    # Depth first, without recursion: a tree may be deeper than Python's stack.
    seen: set[Identity] = set()
    waiting: list[tuple[str, frozenset[Identity]]] = [(top, frozenset())]
    while waiting:
        folder, above = waiting.pop()
        try:
            status = os.stat(folder)  # noqa: PTH116 - a Path for each of a hundred thousand files would cost a second
            identity = (status.st_dev, status.st_ino)
            if identity in above:
                yield folder, _leads_back(folder)
            if identity in seen:
                continue
            seen.add(identity)
            with os.scandir(folder) as entries:
                listed = sorted(entries, key=lambda entry: natural_key(entry.name))
        except OSError as error:
            yield folder, trouble(Path(folder), error)
            continue
        folders = []
        for entry in listed:
            try:
                if is_hidden(entry.name) or is_hidden_by_windows(entry):
                    continue
                if entry.is_file():
                    yield entry.path, None
                elif not entry.is_dir():
                    yield entry.path, not_a_file(entry.name, entry.stat().st_mode)
                elif deep:
                    folders.append((entry.path, above | {identity}))
            except OSError as error:
                yield entry.path, trouble(Path(entry.path), error)
        waiting += reversed(folders)


def natural_key(name: str) -> tuple[list[str | int], str]:
    """Sort key under which "a2" comes before "a10" and capitals count only between otherwise equal names."""
    parts: list[str | int] = list(DIGITS.split(name.casefold()))
    parts[1::2] = [int(digits) for digits in parts[1::2]]
    return parts, name


def is_hidden(name: str) -> bool:
    """Whether a file or folder called ``name`` is hidden wherever it is."""
    return (name.startswith(".") and name not in {".", ".."}) or name.lower() in HIDDEN


def is_hidden_by_windows(entry: os.DirEntry[str] | Path) -> bool:
    """Whether Windows has marked it as hidden; never elsewhere. Raises ``OSError`` when it can't be asked."""
    if sys.platform == "win32":
        status = entry.stat(follow_symlinks=False)
        return bool(status.st_file_attributes & HIDDEN_ATTRIBUTES)
    return False


def _leads_back(folder: str) -> UnreadableFileError:
    return UnreadableFileError(
        Path(folder).name, "is a link to a folder it lies in, which has no end", "remove the link"
    )
