"""Pictures decoded once: squares of one size in a memory-mapped file, shared by all runs over the same contents."""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
from collections.abc import Callable, Iterable
from io import FileIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.errors import TrainingError
from models.workspace import reason

__all__ = ["PixelCache", "prune"]

_MOST = 16 << 30
"""Bytes of a folder beside the file in use; what was not used for longest goes first."""


class PixelCache:
    """A row of uint8 (side, side, 3) for each id, made when it is first asked for. Safe from several threads.

    A second file has a byte for each row, set when the row is whole, so that a killed process leaves no half row. Rows
    are written, not stored through the map: a full disk is an error then, and not the end of the process.

    Args:
        folder: made where it is missing.
        ids: of the contents; the same ids and side are the same file.
        side: pixels.

    Raises:
        TrainingError: the files can't be made.
    """

    def __init__(self, folder: Path, ids: Iterable[str], side: int) -> None:
        names = sorted(set(ids))
        self._rows = {name: row for row, name in enumerate(names)}
        self._shape = (side, side, 3)
        self._size = side * side * 3
        self._lock = threading.Lock()
        digest = hashlib.sha256("\n".join([str(side), *names]).encode("utf-8", "surrogateescape")).hexdigest()[:24]
        self.path = folder / f"{digest}.pixels"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            prune(folder, self.path)
            self._file = _opened(self.path, max(1, len(names)) * self._size)
            self._ready = _opened(self.path.with_suffix(".ready"), max(1, len(names)))
            self._pixels = np.memmap(self.path, np.uint8, "r", shape=(max(1, len(names)), *self._shape))
            os.utime(self.path)  # used now, for ``prune``
            self._done = np.fromfile(self.path.with_suffix(".ready"), np.uint8)
        except OSError as error:
            raise self._trouble(error) from error

    def get(self, name: str, make: Callable[[], NDArray[np.uint8]]) -> NDArray[np.uint8]:
        """uint8 (side, side, 3), not to be written to: the row of ``name``, made by ``make`` if it is not there yet.

        Raises:
            TrainingError: the disk is full.
            FileError: so ``make`` says.
        """
        row = self._rows[name]
        if self._done[row]:
            kept: NDArray[np.uint8] = self._pixels[row]
            return kept
        pixels = np.ascontiguousarray(make())
        try:
            with self._lock:
                self._file.seek(row * self._size)
                self._file.write(pixels.data)
                self._ready.seek(row)
                self._ready.write(b"\1")
        except OSError as error:
            raise self._trouble(error) from error
        self._done[row] = 1
        return pixels

    def close(self) -> None:
        """Let go of the files."""
        self._file.close()
        self._ready.close()

    def _trouble(self, error: OSError) -> TrainingError:
        return TrainingError(
            f"Decoded pictures can't be kept in {self.path} ({reason(error)}); make room on the disk, or turn off "
            "“keep decoded”."
        )


def prune(folder: Path, keep: Path) -> None:
    """Remove the files of ``folder`` that were not used for longest where there is too much of them; never ``keep``."""
    total = 0
    found = [(path.stat(), path) for path in folder.glob("*.pixels") if path != keep]
    for facts, path in sorted(found, key=lambda one: -one[0].st_mtime):
        total += facts.st_size
        if total > _MOST:
            with contextlib.suppress(OSError):  # Windows: another run has it open
                path.with_suffix(".ready").unlink(missing_ok=True)
                path.unlink(missing_ok=True)


def _opened(path: Path, size: int) -> FileIO:
    file = FileIO(path, "r+" if path.exists() else "w+")
    file.truncate(size)
    return file
