"""Doing the steps of a journalled sorting, and finding out how far the steps of a dead one came.

Steps go in batches, each with two commits. First copies are written beside their targets, hidden and synced, and the
journal says so; then they are renamed, the sources of moves are removed, and the journal says that. So at any instant
the disk and the journal together say of every file where it is, and the disk waits for a few syncs a batch, not a file.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path

from desktop.actions.sorting_files import (
    copy,
    digest,
    has_content,
    is_one_file,
    make_folder,
    place,
    refused,
    remove,
    sync_folders,
)
from desktop.actions.sorting_journal import Journal, Sorting, Step, StepState
from models.errors import Cancelled, FileError, SortingError
from models.files import trouble
from models.sources import Failure, Source, find

__all__ = ["Change", "Forward", "hidden", "settle"]

Change = tuple[Step, StepState, FileError | None]
"""A step, its new state, and why it is not as it should be."""


def hidden(sorting: Sorting, step: Step) -> Path:
    """The hidden copy of a step, beside its target."""
    return step.target.with_name(f".sortwerk-{sorting.token}-{step.n}.part")


class Forward:
    """Does batches of one sorting.

    Args:
        journal: that the sorting is in.
        sorting: whose steps to do.
        before_each: called before each file; raises ``Cancelled`` to stop.
    """

    def __init__(self, journal: Journal, sorting: Sorting, before_each: Callable[[], None]) -> None:
        self._journal = journal
        self._sorting = sorting
        self._before_each = before_each
        self._members = lru_cache(maxsize=4)(_members)

    def batch(self, steps: Iterable[Step], *, may_rename: bool = True) -> None:
        """Do ``steps``, which are "planned": each is then "done", "stayed", or "planned" when all was stopped.

        Raises:
            Cancelled: by ``before_each``; what was begun has been finished.
            SortingError: no file can be put there any more.
        """
        ready: list[Change] = []
        stayed: list[Change] = []
        status: dict[int, os.stat_result] = {}
        stop: Exception | None = None
        for step in steps:
            try:
                self._before_each()
                ready.append((step, self._prepare(step, may_rename, status), None))
            except FileError as error:
                stayed.append((step, "stayed", error))
            except (SortingError, Cancelled) as error:
                stop = error
                break
        sync_folders(step.target.parent for step, state, _ in ready if state == "copied")
        self._journal.mark(self._sorting, ready + stayed)
        placed, crossing, full = self._place(ready)
        self._journal.mark(self._sorting, [self._without_source(change, status) for change in placed])
        if crossing:  # what the system calls one disk may still be two (bind mounts)
            self.batch(crossing, may_rename=False)
        stop = stop or full
        if stop is not None:
            raise stop

    def _prepare(self, step: Step, may_rename: bool, status: dict[int, os.stat_result]) -> StepState:
        """Have everything ready but the renaming; note the status of a source that was copied."""
        try:
            make_folder(step.target.parent)
            if os.path.lexists(step.target):
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
            device = step.target.parent.stat().st_dev
        except OSError as error:
            raise refused(step.source.name, step.target.parent, error) from error
        if step.moves and may_rename and _device(step.source.path) == device:
            if digest(step.source.path) != step.sha256:
                raise _changed(step)
            return "renaming"
        part = hidden(self._sorting, step)
        try:
            remove(part)  # of an earlier try that died
            sha256, read = copy(self._source(step), part)
        except OSError as error:
            raise refused(step.source.name, step.target.parent, error) from error
        if sha256 != step.sha256:
            remove(part)
            raise _changed(step)
        if read is not None:
            status[step.n] = read
        return "copied"

    def _place(self, ready: list[Change]) -> tuple[list[Change], list[Step], SortingError | None]:
        """Give each its name. Returns the changes, the steps that turned out to cross disks, and what stopped it."""
        changes: list[Change] = []
        crossing: list[Step] = []
        stop: SortingError | None = None
        for step, state, _ in ready:
            part = hidden(self._sorting, step)
            try:
                if stop is None:
                    place(step.source.path if state == "renaming" else part, step.target)
                    changes.append((step, "done", None))
                    continue
            except OSError as error:
                if state == "renaming" and error.errno == errno.EXDEV:
                    crossing.append(step)
                    continue
                try:
                    changes.append((step, "stayed", refused(step.source.name, step.target.parent, error)))
                except SortingError as full:
                    stop = full
            if stop is not None:
                changes.append((step, "planned", None))
            if state == "copied":
                remove(part)
        sync_folders([step.target.parent for step, state, _ in changes if state == "done"])
        sync_folders([step.source.path.parent for step, state, _ in ready if state == "renaming"])
        return changes, crossing, stop

    def _without_source(self, change: Change, status: dict[int, os.stat_result]) -> Change:
        """Remove the source of a move that was copied, now that the copy is durable."""
        step, state, _ = change
        if state != "done" or not step.moves or step.n not in status:
            return change
        now, before = _status(step.source.path), status[step.n]
        if now and (now.st_ino, now.st_size, now.st_mtime_ns) != (before.st_ino, before.st_size, before.st_mtime_ns):
            return change  # somebody has just written it anew: that is another file, and stays
        return _remove_source(step)

    def _source(self, step: Step) -> Source:
        """The step's source; of a zip's member with its place, so that the zip's list is read once, not each time."""
        if step.source.member is None:
            return step.source
        return self._members(step.source.path).get(step.source.member, step.source)


def settle(sorting: Sorting, step: Step) -> Change:
    """Find out how far a step of a dead sorting came, and make it "planned", "done" or "stayed".

    Uses only what holds whenever the program died: a hidden copy is whole once the journal says "copied", and it goes
    away only by becoming the target.
    """
    part, source, target = hidden(sorting, step), step.source.path, step.target
    if step.state != "copied":
        remove(part)
    if step.state == "planned":
        return step, "planned", None
    if step.state == "renaming":
        if not os.path.lexists(source):
            return _arrived(step)
        return _remove_source(step) if is_one_file(source, target) else (step, "planned", None)
    if os.path.lexists(part):
        placed = is_one_file(part, target)
        remove(part)
    else:
        placed = has_content(target, step.sha256)
    if not placed:
        return (step, "planned", None) if os.path.lexists(source) else _arrived(step)
    sync_folders([target.parent])
    return _remove_source(step) if step.moves and has_content(source, step.sha256) else (step, "done", None)


def _remove_source(step: Step) -> Change:
    """The end of a move: the source goes. Where it may not be removed, the target does, and the file stays."""
    try:
        remove(step.source.path)
    except OSError:
        remove(step.target)
        advice = "check that you may remove files from its folder"
        return step, "stayed", FileError(step.source.name, "can't be removed from its place, so it stayed", advice)
    sync_folders([step.source.path.parent])
    return step, "done", None


def _arrived(step: Step) -> Change:
    """What is true when the source is gone: its content is at the target, or somebody has taken it since."""
    if has_content(step.target, step.sha256):
        return step, "done", None
    return step, "stayed", FileError(step.source.name, "is neither at its old place nor its new one", "look for it")


def _device(path: Path) -> int:
    try:
        return path.lstat().st_dev
    except OSError as error:
        raise trouble(path, error) from error


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None


def _changed(step: Step) -> FileError:
    return FileError(step.source.name, "has changed since it was looked at, so it stayed", "sort it again")


def _members(path: Path) -> dict[str, Source]:
    found = find([path])
    return {item.member: item for item in found if not isinstance(item, Failure) and item.member is not None}
