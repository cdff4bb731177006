"""Progress on standard error: a bar on a terminal, a line now and then anywhere else."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator

from models.progress import Progress

__all__ = ["Sparse", "shown"]

SPARSE_SECONDS = 10.0
"""Between two lines where standard error is not a terminal."""


@contextlib.contextmanager
def shown(*, quiet: bool) -> Iterator[Callable[[Progress], None] | None]:
    """How to show progress on standard error: a bar on a terminal, a line now and then elsewhere, or not at all."""
    if quiet:  # the answers themselves scroll past
        yield None
    elif not sys.stderr.isatty():
        yield Sparse()
    else:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        with Bar(
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
            redirect_stdout=False,  # else the answers themselves would be drawn above the bar, on standard error
            redirect_stderr=False,
        ) as bar:
            task = bar.add_task("", total=None, rate="")

            def show(progress: Progress) -> None:
                bar.update(task, completed=progress.done, total=progress.total, rate=f"{progress.rate:,.0f}/s")

            yield show


class Sparse:
    """Prints a line of progress now and then: for a log file, or a pipe.

    Args:
        clock: seconds that only ever grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last = clock()

    def __call__(self, progress: Progress) -> None:
        """Print, if it is time."""
        now = self._clock()
        if now - self._last >= SPARSE_SECONDS:
            self._last = now
            total = f" of {progress.total:,}" if progress.total is not None else ""
            left = f", {progress.seconds_left:,.0f} s left" if progress.seconds_left is not None else ""
            sys.stderr.write(f"{progress.done:,}{total} files, {progress.rate:,.0f}/s{left}\n")
            sys.stderr.flush()
