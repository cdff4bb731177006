"""How far a long piece of work is: counts, the rate it goes at lately, and the time left at that rate."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Meter", "Progress"]

WINDOW = 3.0
"""Seconds over which the rate is measured."""

MARK = 0.1
"""Seconds between two measured points."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is.

    Attributes:
        done: files finished, failures included.
        total: files found; None while finding goes on.
        failed: how many of ``done`` gave no answer.
        rate: files a second, over the last three seconds.
        seconds_left: at that rate; None while ``total`` or the rate is not known.
    """

    done: int
    total: int | None
    failed: int
    rate: float
    seconds_left: float | None


class Meter:
    """Counts what is done, and how fast it came lately.

    Args:
        clock: seconds that only ever grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._done = 0
        self._failed = 0
        self._marks: deque[tuple[float, int]] = deque([(clock(), 0)])

    def count(self, done: int, failed: int) -> None:
        """Add ``done`` files, of which ``failed`` gave no answer."""
        self._done += done
        self._failed += failed
        now = self._clock()
        if now - self._marks[-1][0] >= MARK:
            self._marks.append((now, self._done))
        while len(self._marks) > 1 and now - self._marks[1][0] >= WINDOW:
            self._marks.popleft()

    def progress(self, total: int | None) -> Progress:
        """Where things stand; ``total`` is None while it is not known."""
        since, before = self._marks[0]
        seconds = self._clock() - since
        rate = (self._done - before) / seconds if seconds > 0 else 0.0
        left = (total - self._done) / rate if total is not None and rate > 0 else None
        return Progress(self._done, total, self._failed, rate, left)
