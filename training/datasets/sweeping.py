"""What nobody needs any more, swept out: blobs that nothing names, and what killed programs left half-written."""

from __future__ import annotations

import gzip
import logging
import re
import shutil
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

from models.errors import DatasetError
from training.datasets.checks import is_sha256
from training.datasets.work import Part

__all__ = ["BLOB_DAYS", "Sweeping"]

_log = logging.getLogger(__name__)

BLOB_DAYS = 1
"""How old a blob must be to be removed. It is put before the row that names it: younger ones may be on their way."""

_DAY = 86_400.0
_HOUR = 3_600.0
_PURGED = ".purged"
_PARTS = ".sortwerk-*.part"  # as models.workspace.atomic_file calls what it has not finished
_HASH = re.compile(rb"[0-9a-f]{64}")

# Whatever looks like the name of a blob counts as one: rather keep too much. What a step changed holds labels as text
# in text, whose quotes are escaped, so only the word itself is looked for.
_NAMING = """
    SELECT value FROM dataset_labels WHERE instr(value, 'blob')
    UNION ALL SELECT value FROM dataset_opinions WHERE instr(value, 'blob')
    UNION ALL SELECT before FROM dataset_changes WHERE kind IN ('label', 'opinion') AND instr(before, 'blob')
    UNION ALL SELECT after FROM dataset_changes WHERE kind IN ('label', 'opinion') AND instr(after, 'blob')
    UNION ALL SELECT blob FROM dataset_versions
"""


class Sweeping(Part):
    """The part of the store that sweeps up after the others. What can't be removed stays, and is only untidy."""

    def purge_blobs(self, before: float | None = None) -> int:
        """Remove blobs that no label, no step and no version names.

        Other programs may put blobs meanwhile: to put one that is there makes it young again, and what became young
        between the look and the removal is put back.

        Args:
            before: seconds since 1970; only what was last put earlier than that goes. None for ``BLOB_DAYS`` ago.

        Returns:
            How many went: none when a version can't be read, for nobody knows what it names.

        Raises:
            WorkspaceError: the database can't be read.
        """
        limit = time.time() - BLOB_DAYS * _DAY if before is None else before
        unnamed = {path.name.encode() for path in self._blobs() if _changed(path) < limit}
        if unnamed:
            for (text,) in self._database.query(_NAMING):
                unnamed.difference_update(_HASH.findall(text.encode()))
        if unnamed:  # only now: to read the versions takes longest
            try:
                self._spare_versions(unnamed)
            except (OSError, EOFError, zlib.error, DatasetError):
                _log.warning("A version can't be read, so no mask is removed", exc_info=True)
                return 0
        return sum(_remove(self.blobs.path(name.decode()), limit) for name in unnamed)

    def purge_blobs_daily(self) -> int:
        """``purge_blobs``, and unfinished files too, unless that was done within a day: it looks at every blob."""
        done = self.blobs.folder / _PURGED
        if not self.blobs.folder.is_dir() or 0 <= time.time() - _changed(done) < _DAY:
            return 0
        try:
            done.touch()
        except OSError:  # a workspace that can't be written has other ways to say so
            return 0
        self.sweep()
        return self.purge_blobs()

    def sweep(self) -> None:
        """Remove unfinished files, and copies for datasets that are gone.

        What is being written now is told by its age: none takes an hour.
        """
        limit = time.time() - _HOUR
        for root in (self.blobs.folder, self.folder / "datasets"):
            for path in list(root.rglob(_PARTS)):
                if path.is_dir():  # of a zip (training.datasets.unpacking), which may take longer to read
                    if _changed(path) < limit - _DAY:
                        shutil.rmtree(path, ignore_errors=True)
                elif _changed(path) < limit:
                    _unlink(path)
        self._remove_orphans()

    def _remove_orphans(self) -> None:
        # Folders first, then the table: one that is made in between is not listed.
        root = self.folder / "datasets"
        folders = [one for one in root.iterdir() if one.name.isdigit()] if root.is_dir() else []
        there = {str(number) for (number,) in self._database.query("SELECT id FROM datasets")} if folders else set()
        for folder in folders:
            if folder.name not in there:
                shutil.rmtree(folder, ignore_errors=True)

    def _blobs(self) -> Iterator[Path]:
        for path in self.blobs.folder.glob("??/*"):
            if is_sha256(path.name):
                yield path

    def _spare_versions(self, unnamed: set[bytes]) -> None:
        for (blob,) in self._database.query("SELECT DISTINCT blob FROM dataset_versions"):
            with gzip.open(self.blobs.path(blob)) as lines:
                for line in lines:
                    unnamed.difference_update(_HASH.findall(line))


def _remove(path: Path, limit: float) -> bool:
    """Whether it went. Moved away first: whoever puts the blob from now on finds that it is not there."""
    away = path.with_name(_PARTS.replace("*", path.name))
    try:
        path.rename(away)
        if away.stat().st_mtime >= limit:  # somebody has just put it
            away.replace(path)
            return False
    except OSError:  # another program was faster, or reads it
        return False
    return _unlink(away)


def _unlink(path: Path) -> bool:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        _log.warning("What nobody needs stays: %s", path, exc_info=True)
        return False
    return True


def _changed(path: Path) -> float:
    """Seconds since 1970; 0 for what is not there, or not any more."""
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
