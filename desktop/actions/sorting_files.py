"""Moving bytes so that none are ever lost: nothing here overwrites, and what must last has been synced.

An ``OSError`` that leaves these functions is the target's; what is wrong with a source is a ``FileError``.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from models.errors import FileError, SortingError, one_line
from models.files import open_regular, trouble
from models.sources import Source
from models.workspace import reason

__all__ = [
    "copy",
    "digest",
    "has_content",
    "is_one_file",
    "make_folder",
    "place",
    "refused",
    "remove",
    "sync_folders",
]

CHUNK = 1 << 20

NO_LINKS = frozenset(
    {errno.EPERM, errno.EACCES, errno.EINVAL, errno.EMLINK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP}
)
"""What systems say where a file can't have a second name."""

STOPPERS = {
    errno.ENOSPC: "the disk is full; free some space",
    errno.EDQUOT: "your share of the disk is used up; free some space",
    errno.EROFS: "nothing can be written there; choose another folder, or unlock the disk",
    errno.EIO: "the disk reports a fault; check it",
    errno.ENODEV: "the disk is gone; connect it again",
}
"""What no later file would escape, and what to do."""


def digest(path: Path) -> bytes:
    """SHA-256 of the file's content.

    Raises:
        FileError: it can't be read.
    """
    try:
        with open_regular(path) as file:
            sha = hashlib.sha256()
            while chunk := file.read(CHUNK):
                sha.update(chunk)
            return sha.digest()
    except (OSError, ValueError) as error:
        raise trouble(path, error) from error


def has_content(path: Path, sha256: bytes) -> bool:
    """Whether ``path`` is a file of this content itself, not a link to one, which would be no second copy."""
    try:
        return not path.is_symlink() and digest(path) == sha256
    except (OSError, FileError):
        return False


def is_one_file(first: Path, second: Path) -> bool:
    """Whether both are there and are names of the same file. A link to a file is not that file."""
    try:
        return os.path.samestat(first.lstat(), second.lstat())
    except OSError:
        return False


def copy(source: Source, target: Path) -> tuple[bytes, os.stat_result | None]:
    """Write the source's content to the new file ``target``, synced, with the times and permissions it had.

    Returns:
        The SHA-256 of what was written, and the status of the source file as it was read (None for a zip's member).

    Raises:
        FileError: the source can't be read.
        OSError: the target can't be written. Either way no ``target`` is left.
    """
    sha = hashlib.sha256()
    status: os.stat_result | None = None
    try:
        with target.open("xb") as file:
            for chunk in _chunks(source):
                sha.update(chunk)
                file.write(chunk)
            file.flush()
            if source.member is None:
                status = _status(source.path)
                with contextlib.suppress(OSError):  # some file systems keep neither
                    os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns))
                    target.chmod(status.st_mode & 0o777)
            os.fsync(file.fileno())
    except FileExistsError:
        raise
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return sha.digest(), status


def place(source: Path, target: Path) -> None:
    """Rename ``source`` to ``target`` on the same file system; a file that is at ``target`` is never replaced.

    A second name and then the removal of the first can't overwrite. Where files have one name only (FAT), Windows
    refuses to overwrite by itself, and elsewhere the look before the renaming leaves the blink of an eye.

    Raises:
        FileExistsError: something is at ``target``.
        OSError: the system refuses; ``source`` is then where it was, and only there.
    """
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from error
        source.rename(target)
        return
    try:
        source.unlink()
    except OSError:
        target.unlink()
        raise


def remove(path: Path) -> None:
    """Delete the file, if it is there."""
    path.unlink(missing_ok=True)


def make_folder(path: Path) -> None:
    """Create the folder and those above it, to last through a power cut."""
    if not path.is_dir():
        make_folder(path.parent)
        path.mkdir(exist_ok=True)
        sync_folders([path.parent])


def sync_folders(folders: Iterable[Path]) -> None:
    """Make what was named and renamed in ``folders`` last, where the system lets a folder be synced (not Windows)."""
    if os.name == "nt":
        return
    for folder in dict.fromkeys(folders):
        with contextlib.suppress(OSError):  # gone, or a network file system that refuses
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def refused(name: str, folder: Path, error: OSError) -> FileError:
    """The sentence for one file that could not be put into ``folder``.

    Raises:
        SortingError: none of the files to come could be put there either.
    """
    if error.errno in STOPPERS:
        raise SortingError(
            f"The sorting has stopped at {one_line(name)}, because in {one_line(folder)} {STOPPERS[error.errno]}, "
            "then finish the sorting or take it back; no file is lost."
        ) from error
    if isinstance(error, FileExistsError):
        return FileError(
            name, f"stayed, because a file of that name has appeared in {one_line(folder)}", "sort it again"
        )
    return FileError(
        name, f"could not be put into {one_line(folder)} ({reason(error)})", "check that you may write and move there"
    )


def _chunks(source: Source) -> Iterator[bytes]:
    if source.member is not None:
        yield source.read()
        return
    try:
        with open_regular(source.path) as file:
            while chunk := file.read(CHUNK):
                yield chunk
    except (OSError, ValueError) as error:
        raise trouble(source.path, error) from error


def _status(path: Path) -> os.stat_result:
    try:
        return path.stat()
    except OSError as error:
        raise trouble(path, error) from error
