"""What ``classify --sort-into`` and ``undo`` share: the journal, Ctrl+C between two files, and what came of it."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from desktop.cli import progress
from desktop.cli.ending import INTERRUPTED, interrupts
from desktop.cli.output import say, say_failure
from models.errors import Cancelled, SortingError, one_line

if TYPE_CHECKING:
    from desktop.actions.sorting import SortReport
    from desktop.actions.sorting_plan import Mode
    from models.database import Database
    from models.progress import Progress

__all__ = ["done_into", "ready_to_sort", "say_sorted", "sorting_work", "workspace"]

HOW_TO_GO_ON = "take it back with 'sortwerk undo', or finish it with 'sortwerk undo --finish'"


@contextlib.contextmanager
def workspace() -> Iterator[Database]:
    """The workspace's database, closed in the end. Raises ``WorkspaceError`` when it can't be opened."""
    from models.database import open_workspace

    database = open_workspace()
    try:
        yield database
    finally:
        database.close()


def ready_to_sort(database: Database, target: Path, mode: Mode) -> None:
    """Find out before any work whether sorting into ``target`` can begin.

    Raises:
        SortingError: an earlier sorting was interrupted, or the target can't be a folder or can't be written.
    """
    from desktop.actions import sorting

    interrupted = sorting.unfinished(database)
    if interrupted is not None:
        raise SortingError(
            f"A sorting into {one_line(interrupted.target)} was interrupted; {HOW_TO_GO_ON}, then sort again."
        )
    sorting.make_plan([], target, mode)


@contextlib.contextmanager
def sorting_work() -> Iterator[tuple[threading.Event, Callable[[Progress], None] | None]]:
    """What sorting needs of the terminal: Ctrl+C stops it between two files, and its progress is shown."""
    try:
        with interrupts() as cancel, progress.shown(quiet=False) as show:
            yield cancel, show
    except Cancelled as stopped:
        say(f"Stopped, and nothing is lost; {HOW_TO_GO_ON}.")
        raise typer.Exit(INTERRUPTED) from stopped


def done_into(target: Path, mode: Mode) -> str:
    """What sorting does to files, for ``say_sorted``."""
    return f"{'moved' if mode == 'move' else 'copied'} to {one_line(target)}"


def say_sorted(report: SortReport, done: str, there: int = 0) -> int:
    """Tell what came of a sorting; return how many files failed.

    Args:
        report: of the sorting.
        done: what happened to the files, as the end of a sentence that starts with their number.
        there: how many were in their place before.
    """
    for failure in report.failures:
        say_failure(failure)
    parts = [f"{report.done:,} file{'s' if report.done != 1 else ''} {done}"]
    if there:
        parts.append(f"{there:,} there already")
    if report.failures:
        parts.append(f"{len(report.failures):,} left where they are")
    say(f"{', '.join(parts)}.")
    return len(report.failures)
