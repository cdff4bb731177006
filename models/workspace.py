"""Where things are kept: the workspace folder, and files that are written whole or not at all. Imports little: a start
needs it before the first paint.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from models.errors import WorkspaceError

__all__ = ["atomic_file", "choose", "default_folder", "folder", "lock", "pointer_file", "reason"]


def default_folder() -> Path:
    """The platform's user-data folder for this program, for example ``~/.local/share/Sortwerk``."""
    import platformdirs  # costs some milliseconds that a start with SORTWERK_HOME need not pay

    return Path(platformdirs.user_data_dir("Sortwerk", appauthor=False))


def pointer_file() -> Path:
    """The small text file that names the chosen workspace; it lies in the platform's config folder."""
    import platformdirs

    return Path(platformdirs.user_config_dir("Sortwerk", appauthor=False)) / "workspace.txt"


def folder() -> Path:
    """The workspace folder, created when it is missing.

    ``SORTWERK_HOME`` decides; without it the folder once chosen (``choose``); without that ``default_folder()``.

    Raises:
        WorkspaceError: the folder can't be created.
    """
    home = os.environ.get("SORTWERK_HOME")
    path = Path(home).expanduser() if home else (_chosen() or default_folder())
    return _created(path)


def choose(path: Path | None) -> Path:
    """Keep the workspace at ``path`` from the next start on (None: back to the default); return that folder.

    Nothing is moved: what lies in the folder used so far stays there.

    Raises:
        WorkspaceError: the folder can't be created, or the choice can't be remembered.
    """
    chosen = _created((path or default_folder()).expanduser().absolute())
    pointer = pointer_file()
    try:
        if path is None:
            pointer.unlink(missing_ok=True)
        else:
            pointer.parent.mkdir(parents=True, exist_ok=True)
            with atomic_file(pointer) as file:
                file.write(os.fsencode(chosen))
    except OSError as error:
        raise WorkspaceError(
            f"The choice of {chosen} could not be remembered in {pointer} ({reason(error)}); "
            "set the environment variable SORTWERK_HOME to that folder instead."
        ) from error
    return chosen


def _chosen() -> Path | None:
    try:
        text = os.fsdecode(pointer_file().read_bytes()).strip("\r\n")
    except OSError:
        return None
    return Path(text) if text and Path(text).is_absolute() else None


def _created(path: Path) -> Path:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WorkspaceError(
            f"The workspace folder {path} can't be created ({reason(error)}); "
            "set SORTWERK_HOME to a folder that you may write to."
        ) from error
    return path.absolute()


@contextlib.contextmanager
def atomic_file(path: Path) -> Iterator[BinaryIO]:
    """Write a file whole or not at all: the block fills a new file beside ``path`` that takes its place at the end.

    When the block raises, or the program dies, whatever was at ``path`` is still there, unchanged. A symbolic link is
    followed, so that the file it names is the one replaced.

    Raises:
        OSError: the folder is missing or not writable, or the disk is full.
    """
    target = path.resolve()
    beside = target.with_name(f".sortwerk-{os.urandom(8).hex()}.part")
    try:
        with beside.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _sync_folder(path: Path) -> None:
    """Make a rename in ``path`` last through a power cut, where the system lets a folder be synced (not on Windows)."""
    if os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # some network file systems refuse; the rename itself is done
            os.fsync(handle)
    finally:
        os.close(handle)


if sys.platform == "win32":
    import msvcrt

    def lock(file: BinaryIO) -> None:
        """Lock ``file`` until it is closed; the system lets go of it when its holder dies, however it dies.

        Raises:
            OSError: another program, or another opening of it in this one, has locked it.
        """
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def lock(file: BinaryIO) -> None:
        """Lock ``file`` until it is closed; the system lets go of it when its holder dies, however it dies.

        Raises:
            OSError: another program, or another opening of it in this one, has locked it.
        """
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


def reason(error: OSError) -> str:
    """What the system says, as part of a sentence."""
    return (error.strerror or type(error).__name__).lower()
