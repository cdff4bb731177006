"""Files by content: masks, targets and versions. Written whole before any row names them, never changed."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from models.errors import DatasetError, WorkspaceError
from models.workspace import atomic_file, reason
from training.datasets.checks import is_sha256

__all__ = ["BlobStore"]


class BlobStore:
    """A folder of files that are called by the SHA-256 of what is in them, ``ab/abcdef...``.

    Any number of threads and processes may put and read at once: two who put the same write the same.

    Args:
        folder: made with the first blob.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, data: bytes) -> str:
        """Keep ``data``; it is on the disk when this returns. What is there already is not written again.

        Nothing removes it within a day (``training.datasets.sweeping``): time to write down who names it.

        Returns:
            Its SHA-256, 64 small hexadecimal digits.

        Raises:
            WorkspaceError: the folder can't be written.
        """
        sha = hashlib.sha256(data).hexdigest()
        path = self.path(sha)
        try:
            if _is_there(path, len(data)):
                return sha
            path.parent.mkdir(parents=True, exist_ok=True)
            with atomic_file(path) as file:
                file.write(data)
        except OSError as error:
            raise WorkspaceError(
                f"{path} can't be written ({reason(error)}); free some space and try again."
            ) from error
        return sha

    def path(self, sha: str) -> Path:
        """Where the blob is, or would be.

        Raises:
            DatasetError: ``sha`` is no SHA-256.
        """
        if not is_sha256(sha):
            raise DatasetError("What should be a SHA-256 is none; correct the file.")
        return self.folder / sha[:2] / sha

    def has(self, sha: str) -> bool:
        """Whether it is there."""
        return self.path(sha).is_file()

    def read(self, sha: str) -> bytes:
        """What was put.

        Raises:
            WorkspaceError: it is gone, can't be read, or is not what it was.
        """
        path = self.path(sha)
        try:
            data = path.read_bytes()
        except OSError as error:
            raise WorkspaceError(f"{path} can't be read ({reason(error)}); bring it back from a backup.") from error
        if hashlib.sha256(data).hexdigest() != sha:
            raise WorkspaceError(f"{path} is damaged; bring it back from a backup.")
        return data


def _is_there(path: Path, size: int) -> bool:
    """Whether the blob is there whole. If so it is as young as a new one, which keeps it from being swept out."""
    try:
        if path.stat().st_size != size:
            return False
        os.utime(path)
    except FileNotFoundError:
        return False
    return True
