"""How long something takes on this computer: warmed up first, and not one number but a middle and a bad one."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

__all__ = ["Latency", "measure", "of_times"]

WARM_UP = 3
RUNS = 50
SECONDS = 8.0
"""After which no further run begins, once there are ``FEWEST``."""

FEWEST = 5


@dataclass(frozen=True, slots=True)
class Latency:
    """Times of single runs.

    Attributes:
        p50: milliseconds that half of the runs stay under.
        p95: milliseconds that 19 of 20 runs stay under.
        runs: how many were timed, warm-up not counted.
    """

    p50: float
    p95: float
    runs: int

    def words(self) -> str:
        """For a person."""
        return f"p50 {self.p50:.1f} ms, p95 {self.p95:.1f} ms ({self.runs} runs)"


def measure(run: Callable[[], object], *, runs: int = RUNS, seconds: float = SECONDS) -> Latency:
    """Time ``run`` by itself, after ``WARM_UP`` runs that do not count."""
    for _ in range(WARM_UP):
        run()
    times: list[float] = []
    end = time.perf_counter() + seconds
    while len(times) < runs and (len(times) < FEWEST or time.perf_counter() < end):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return of_times(times)


def of_times(times: list[float]) -> Latency:
    """From seconds of each run."""
    middle, bad = np.percentile(np.array(times) * 1000, [50, 95])
    return Latency(float(middle), float(bad), len(times))
