"""Sort files into folders, and take it back: what the window's button and ``classify --sort-into`` both do.

``make_plan`` (``sorting_plan``) says what would be done; ``sort`` does it. When a program has died in the middle,
``unfinished`` finds that sorting and ``recover`` finishes it or takes it back.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from desktop.actions.sorting_back import take_back
from desktop.actions.sorting_files import refused
from desktop.actions.sorting_forward import Forward, settle
from desktop.actions.sorting_journal import Journal, Sorting, SortingState
from desktop.actions.sorting_lock import alone
from desktop.actions.sorting_plan import SortPlan, make_plan
from models.database import Database
from models.errors import Cancelled, SortingError, one_line
from models.progress import Meter, Progress
from models.sources import Failure, Source

__all__ = [
    "SortReport",
    "Sorting",
    "SortingError",
    "history",
    "make_plan",
    "recover",
    "sort",
    "sorted_before",
    "undo",
    "unfinished",
]

BATCH = 64
"""Files between two commits. Each costs some milliseconds of waiting for the disk."""

UNFINISHED = frozenset({"doing", "undoing"})

OnProgress = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class SortReport:
    """What came of a sorting, or of taking one back.

    Attributes:
        sorting: as it stands now.
        done: files that are where they should be now.
        failures: the others, and why.
        places: the source's absolute path and member -> where its content is now; empty after taking back.
    """

    sorting: Sorting
    done: int
    failures: tuple[Failure, ...]
    places: dict[Source, Path] = field(default_factory=dict, repr=False)

    def place(self, source: Source) -> Path | None:
        """Where ``source`` has been sorted to; None when it has not been."""
        return self.places.get(_absolute(source))


def sort(
    database: Database,
    plan: SortPlan,
    *,
    cancel: threading.Event | None = None,
    on_progress: OnProgress | None = None,
) -> SortReport:
    """Do what ``plan`` says. A file that can't be sorted stays where it is and is reported.

    Args:
        database: from ``models.database.open_workspace``.
        plan: from ``make_plan``.
        cancel: set it to stop between two files; ``recover`` goes on or takes back.
        on_progress: is told where things stand, a few times a second or after some dozens of files.

    Raises:
        Cancelled: ``cancel`` was set.
        SortingError: the disk is full or gone, or another sorting is unfinished.
        WorkspaceError: the journal can't be written; ``recover`` helps when it can be.
    """
    journal = Journal(database)
    with alone(journal.lock_file):
        _refuse_second(journal)
        report = _finish(journal, journal.begin(plan), cancel, on_progress)
    there = {_absolute(skip.source): skip.there for skip in plan.skips}
    return SortReport(report.sorting, report.done, plan.gone + report.failures, there | report.places)


def history(database: Database) -> list[Sorting]:
    """All sortings, the last one first."""
    return Journal(database).sortings()


def sorted_before(database: Database) -> set[Path]:
    """Every file that sortings not taken back have made: what ``make_plan`` should leave alone when it copies."""
    return Journal(database).sorted_before()


def unfinished(database: Database) -> Sorting | None:
    """The sorting that a program was stopped in, if there is one and nobody is at work on it."""
    journal = Journal(database)
    with contextlib.suppress(SortingError), alone(journal.lock_file):
        return _interrupted(journal)
    return None


def recover(
    database: Database,
    *,
    finish: bool,
    cancel: threading.Event | None = None,
    on_progress: OnProgress | None = None,
) -> SortReport | None:
    """Finish the interrupted sorting, or take it back; one that was being taken back is taken back to its end.

    Returns:
        What came of it; None when no sorting was interrupted.

    Raises:
        Cancelled, SortingError, WorkspaceError: as ``sort``.
    """
    journal = Journal(database)
    with alone(journal.lock_file):
        sorting = _interrupted(journal)
        if sorting is None:
            return None
        act = _finish if finish and sorting.state == "doing" else _undo
        return act(journal, sorting, cancel, on_progress)


def undo(
    database: Database, *, cancel: threading.Event | None = None, on_progress: OnProgress | None = None
) -> SortReport | None:
    """Take back the last sorting that has not been, finished or not; called again, the one before.

    Moved files go back to where they were, unless something is there; copies are deleted. What has changed since it
    was sorted is left where it is. Folders that the sorting made go when they are empty.

    Returns:
        What came of it; None when there is nothing to take back.

    Raises:
        Cancelled, SortingError, WorkspaceError: as ``sort``.
    """
    journal = Journal(database)
    with alone(journal.lock_file):
        sorting = next((one for one in journal.sortings() if one.sorted or one.state in UNFINISHED), None)
        return _undo(journal, sorting, cancel, on_progress) if sorting else None


def _finish(
    journal: Journal, sorting: Sorting, cancel: threading.Event | None, on_progress: OnProgress | None
) -> SortReport:
    _require_target(sorting)
    _settle(journal, sorting)
    planned = len(journal.steps(sorting, ["planned"]))
    with _progress(planned, cancel, on_progress) as (check, count):
        forward = Forward(journal, sorting, check)
        last = -1
        while steps := journal.steps(sorting, ["planned"], last, BATCH):
            forward.batch(steps)
            last = steps[-1].n
            count(len(steps))
    journal.turn(sorting, "done")
    done = journal.steps(sorting, ["done"])
    return _report(journal, sorting, "done", len(done), {step.source: step.target for step in done})


def _undo(
    journal: Journal, sorting: Sorting, cancel: threading.Event | None, on_progress: OnProgress | None
) -> SortReport:
    _require_target(sorting)
    if sorting.state == "doing":
        _settle(journal, sorting)
    journal.turn(sorting, "undoing")
    journal.mark(sorting, ((step, "back", None) for step in journal.steps(sorting, ["planned"])))
    waiting = len(journal.steps(sorting, ["done", "returning"]))
    with _progress(waiting, cancel, on_progress) as (check, count):
        while steps := journal.steps(sorting, ["done", "returning"], limit=BATCH):
            check()
            take_back(journal, sorting, steps)
            count(len(steps))
    for folder in journal.new_folders(sorting):
        with contextlib.suppress(OSError):  # not empty, or gone
            folder.rmdir()
    journal.turn(sorting, "undone")
    return _report(journal, sorting, "undone", len(journal.steps(sorting, ["back"])), {})


def _settle(journal: Journal, sorting: Sorting) -> None:
    """Bring the steps of a dead sorting into states that are true: "planned", "done" or "stayed"."""
    changes = []
    for step in journal.steps(sorting, ["planned", "renaming", "copied"]):
        try:
            change = settle(sorting, step)
        except OSError as error:
            change = step, "stayed", refused(step.source.name, step.target.parent, error)
        if change[1] != step.state:
            changes.append(change)
    journal.mark(sorting, changes)


def _require_target(sorting: Sorting) -> None:
    """A disk that is not connected must not look like thousands of files that somebody took away."""
    if not sorting.target.parent.is_dir() and (sorting.sorted or sorting.state == "undoing"):
        raise SortingError(
            f"{one_line(sorting.target)} can't be found; connect its disk, or make that folder again, then try again."
        )


def _report(
    journal: Journal, sorting: Sorting, state: SortingState, done: int, places: dict[Source, Path]
) -> SortReport:
    now = next(one for one in journal.sortings() if one.id == sorting.id)
    bad = journal.steps(sorting, ["stayed"] if state == "done" else ["left"])
    return SortReport(now, done, tuple(Failure(step.source, step.error) for step in bad if step.error), places)


def _interrupted(journal: Journal) -> Sorting | None:
    return next((one for one in journal.sortings() if one.state in UNFINISHED), None)


def _refuse_second(journal: Journal) -> None:
    other = _interrupted(journal)
    if other is not None:
        raise SortingError(
            f"A sorting into {one_line(other.target)} was interrupted; finish it or take it back, then sort again."
        )


@contextlib.contextmanager
def _progress(
    total: int, cancel: threading.Event | None, on_progress: OnProgress | None
) -> Iterator[tuple[Callable[[], None], Callable[[int], None]]]:
    """What looks for a cancel, and what counts files and tells."""
    meter = Meter()

    def check() -> None:
        if cancel is not None and cancel.is_set():
            raise Cancelled("The sorting was stopped.")

    def count(files: int) -> None:
        meter.count(files, 0)
        if on_progress is not None:
            on_progress(meter.progress(total))

    yield check, count


def _absolute(source: Source) -> Source:
    return Source(source.path.absolute(), source.member)
