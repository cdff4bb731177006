"""Where engines lie: a folder of their own, outside of the workspace, which would be slow to back up with them."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from models.errors import EngineError
from models.workspace import lock, reason

__all__ = ["alone", "disk_usage", "engines_folder", "free_space", "remove_folder"]


def engines_folder() -> Path:
    """The folder of all engines; it need not be there. ``SORTWERK_ENGINES``, else the platform's user-data folder."""
    named = os.environ.get("SORTWERK_ENGINES")
    if named:
        return Path(named).expanduser().absolute()
    import platformdirs

    return Path(platformdirs.user_data_dir("Sortwerk Engines", appauthor=False))


def free_space(path: Path) -> int:
    """Bytes that are free where ``path`` is, or would be."""
    while not path.exists() and path != path.parent:
        path = path.parent
    return shutil.disk_usage(path).free


def disk_usage(*folders: Path) -> int:
    """Bytes that all files in ``folders`` take; those with several names, as uv's cache shares them, once."""
    seen: set[tuple[int, int]] = set()
    total = 0
    waiting = [str(folder) for folder in folders]
    while waiting:
        with contextlib.suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                with contextlib.suppress(OSError):
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                        continue
                    found = entry.stat(follow_symlinks=False)
                    if found.st_nlink > 1 and found.st_ino:
                        if (found.st_dev, found.st_ino) in seen:
                            continue
                        seen.add((found.st_dev, found.st_ino))
                    total += found.st_size
    return total


def remove_folder(folder: Path) -> None:
    """Remove ``folder`` with all that is in it, if it is there. Its record goes first: what is left is half-made.

    Raises:
        EngineError: something in it can't be removed.
    """
    try:
        (folder / "engine.json").unlink(missing_ok=True)
        if folder.is_dir():
            shutil.rmtree(folder)
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        raise EngineError(
            f"The folder {error.filename or folder} can't be removed ({reason(error)}); "
            "close what uses it and try again."
        ) from error


@contextlib.contextmanager
def alone(engines: Path) -> Iterator[None]:
    """Hold the lock on ``engines`` (made when missing) while the block runs. The system lets go when its holder dies.

    Raises:
        EngineError: another program, or another thread of this one, holds it; or the folder can't be made.
    """
    try:
        engines.mkdir(parents=True, exist_ok=True)
        file = (engines / "engines.lock").open("ab")
    except OSError as error:
        raise EngineError(
            f"The folder of the engines {engines} can't be written ({reason(error)}); "
            "set SORTWERK_ENGINES to a folder that you may write to."
        ) from error
    with file:
        try:
            lock(file)
        except OSError as error:
            raise EngineError(
                f"Another Sortwerk is changing the engines in {engines} just now; wait until it has finished."
            ) from error
        yield
