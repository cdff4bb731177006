"""Opening the files people name: only regular ones, never waiting, and one sentence when the system says no."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from models.errors import UnreadableFileError

__all__ = ["not_a_file", "open_regular", "trouble"]

TROUBLE: Mapping[int, tuple[str, str]] = MappingProxyType(
    {
        errno.ENOENT: ("is not there", "check its name and place"),
        errno.ENOTDIR: ("is not there", "check its name and place"),
        errno.EACCES: ("may not be read by you", "ask its owner, or change its permissions"),
        errno.EPERM: ("may not be read by you", "ask its owner, or change its permissions"),
        errno.ELOOP: ("is a link that leads back to itself", "remove the link"),
        errno.ENAMETOOLONG: ("has too long a path", "move it to a folder nearer the top"),
        errno.EISDIR: ("is a folder where a file was expected", "drop the folder itself"),
        errno.EIO: ("can't be read, the disk reports a fault", "copy it from somewhere else"),
        errno.EMFILE: ("can't be opened, too many files are open", "close other programs and try again"),
    }
)
"""What the system says -> what is wrong, what to do."""

KINDS = (
    (stat.S_ISDIR, "is a folder where a file was expected", "drop the folder itself"),
    (stat.S_ISFIFO, "is a pipe, not a file", "leave it out"),
    (stat.S_ISSOCK, "is a socket, not a file", "leave it out"),
    (stat.S_ISBLK, "is a device, not a file", "leave it out"),
    (stat.S_ISCHR, "is a device, not a file", "leave it out"),
)


def open_regular(path: Path) -> BinaryIO:
    """Open a regular file for reading.

    A pipe without a writer would block an ordinary ``open`` for ever; here it is refused at once.

    Raises:
        UnreadableFileError: anything but a regular file.
        OSError: the system refuses.
        ValueError: the name holds a zero character.
    """
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        raise not_a_file(path.name, mode)
    return os.fdopen(descriptor, "rb")


def not_a_file(name: str, mode: int) -> UnreadableFileError:
    """The sentence for a thing of ``st_mode`` ``mode`` that is no regular file."""
    for matches, reason, advice in KINDS:
        if matches(mode):
            return UnreadableFileError(name, reason, advice)
    return UnreadableFileError(name, "is not a file", "leave it out")


def trouble(path: Path, error: OSError | ValueError) -> UnreadableFileError:
    """The sentence for what the system said when asked for ``path``."""
    name = path.name or str(path)
    if isinstance(error, FileNotFoundError) and _is_link(path):
        return UnreadableFileError(name, "is a link to something that is gone", "remove the link")
    if not isinstance(error, OSError):
        return UnreadableFileError(name, "has a name the system can't use", "rename it")
    if error.errno is not None and error.errno in TROUBLE:
        return UnreadableFileError(name, *TROUBLE[error.errno])
    said = (error.strerror or "the system gives no reason").lower()
    return UnreadableFileError(name, f"can't be read ({said})", "copy it to another place and try again")


def _is_link(path: Path) -> bool:
    try:
        return path.is_symlink()
    except OSError:
        return False
