"""One sorting at a time on a workspace. The system lets go of the lock when its holder dies, however it dies."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from models.errors import SortingError
from models.workspace import lock

__all__ = ["alone"]


@contextlib.contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold the lock on the file ``path`` (made when missing, and left there) while the block runs.

    Raises:
        SortingError: another program, or another thread of this one, holds it.
    """
    with path.open("ab") as file:
        try:
            lock(file)
        except OSError as error:
            raise SortingError("Another Sortwerk is sorting files just now; wait until it has finished.") from error
        yield
