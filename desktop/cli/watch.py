"""``classify --watch``: one pass over what is there, then on with what comes or changes, until Ctrl+C."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.cli import progress
from desktop.cli.ending import interrupts
from desktop.cli.once import Asked
from desktop.cli.output import Lines, say, summary
from desktop.cli.sorting import done_into, ready_to_sort, say_sorted, sorting_work, workspace
from models.errors import Cancelled

if TYPE_CHECKING:  # NumPy, ONNX Runtime: not for --help
    from desktop.actions.classify import Answer, Failure
    from desktop.actions.sorting_plan import Mode
    from desktop.actions.watch import Watch
    from models.database import Database
    from models.sources import Source

__all__ = ["classify_and_watch"]


def classify_and_watch(asked: Asked, target: Path | None, mode: Mode) -> int:
    """Classify until Ctrl+C, and sort into ``target`` if there is one.

    Returns:
        How many files gave no answer, or could not be sorted, when they were last looked at.
    """
    from desktop.actions import watch
    from desktop.actions.classify import Classifier, ClassifyRequest

    with contextlib.ExitStack() as stack:
        cancel = stack.enter_context(interrupts())
        database = stack.enter_context(workspace()) if target is not None else None
        if database is not None and target is not None:
            ready_to_sort(database, target, mode)
        watching = stack.enter_context(contextlib.closing(watch.start(asked.paths, cancel, on_notice=say)))
        classifier = stack.enter_context(Classifier(asked.model))
        lines = Lines(classifier.spec.heads[0].categories, asked.top_k, as_json=asked.as_json)
        sorter = _Sorter(database, watching, target, mode) if database is not None and target is not None else None
        session = _Session(lines, sorter)
        with contextlib.suppress(Cancelled):
            with progress.shown(quiet=sys.stdout.isatty()) as show:
                session.take(classifier.classify(ClassifyRequest(asked.paths), cancel=cancel, on_progress=show))
            session.sort(at_length=True)
            if session.failing:
                say(session.summary())
            say("Watching for files that come or change; Ctrl+C ends it.")
            for files in watching:
                session.take(watch.answers(classifier, files, cancel))
                session.sort()
    say(f"Watching ended. {session.summary()}" if session.failing else "Watching ended; no files came.")
    return sum(session.failing.values())


@dataclass(frozen=True, slots=True)
class _Sorter:
    """Where the files of each batch go."""

    database: Database
    watch: Watch
    target: Path
    mode: Mode

    def sort(self, items: list[Answer | Failure], *, at_length: bool) -> tuple[dict[Source, Path], list[Source]]:
        """Sort one batch; return where each file is now, and which could not be sorted.

        With ``at_length``, progress is shown and Ctrl+C stops it between two files. Without, Ctrl+C waits for its end.
        """
        from desktop.actions.watch import sort_batch

        work = sorting_work() if at_length else contextlib.nullcontext((None, None))
        with work as (cancel, show):
            done = sort_batch(self.database, self.watch, items, self.target, self.mode, cancel=cancel, on_progress=show)
        if done.report is None:
            return done.places, []
        say_sorted(done.report, done_into(self.target, self.mode), done.skipped)
        return done.places, [failure.source for failure in done.report.failures]


@dataclass
class _Session:
    """Shows answers as they come, and remembers whose last one was a failure."""

    lines: Lines
    sorter: _Sorter | None
    failing: dict[Source, bool] = field(default_factory=dict)
    batch: list[Answer | Failure] = field(default_factory=list)

    def take(self, lists: Iterable[list[Answer | Failure]]) -> None:
        """Show each item at once, unless it is to say where it has been sorted to."""
        from desktop.actions.classify import Failure

        for items in lists:
            for item in items:
                self.failing[item.source] = isinstance(item, Failure)
                if self.sorter is None or not self.lines.as_json:
                    self.lines.show(item)
            sys.stdout.flush()  # whoever reads the stream sees each answer at once
            if self.sorter is not None:
                self.batch += items

    def sort(self, *, at_length: bool = False) -> None:
        """Sort what has been taken since the last time, if that is asked for."""
        if self.sorter is None or not self.batch:
            return
        batch, self.batch = self.batch, []
        places, stayed = self.sorter.sort(batch, at_length=at_length)
        self.failing |= dict.fromkeys(stayed, True)
        if self.lines.as_json:
            for item in batch:
                self.lines.show_sorted(item, places)
            sys.stdout.flush()

    def summary(self) -> str:
        """How many files were answered, and how many were not."""
        return summary(len(self.failing), sum(self.failing.values()))
