"""One sorting at a time on a workspace. The system lets go of the lock when its holder dies, however it dies."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from models.errors import SortingError

__all__ = ["alone"]


@contextlib.contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold the lock on the file ``path`` (made when missing, and left there) while the block runs.

    Raises:
        SortingError: another program, or another thread of this one, holds it.
    """
    with path.open("ab") as file:
        try:
            _lock(file)
        except OSError as error:
            raise SortingError("Another Sortwerk is sorting files just now; wait until it has finished.") from error
        yield


if sys.platform == "win32":
    import msvcrt

    def _lock(file: BinaryIO) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: BinaryIO) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
