"""How often may be asked: sliding windows, as in "at most 60 in any 60 seconds"."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping
from time import monotonic

__all__ = ["RateLimit"]


class RateLimit:
    """Counts what was let through. Safe to use from several threads at once.

    Args:
        limits: length of a window in seconds -> how many it may hold, at least 1.
        clock: seconds since whenever, never going back.
    """

    def __init__(self, limits: Mapping[float, int], clock: Callable[[], float] = monotonic) -> None:
        self._limits = dict(limits)
        self._clock = clock
        self._lock = threading.Lock()
        self._times: deque[float] = deque(maxlen=max(self._limits.values()))
        self._closed_until = float("-inf")

    def take(self) -> float:
        """Ask to go through: 0.0 when that is granted, and it counts; else the seconds, above 0, until it could be."""
        with self._lock:
            now = self._clock()
            wait = max(self._closed_until - now, *(self._wait(now, *limit) for limit in self._limits.items()))
            if wait > 0:
                return wait
            self._times.append(now)
            return 0.0

    def close(self, seconds: float) -> None:
        """Let nothing through for so long, as a server has asked for, or because it can't be reached."""
        with self._lock:
            self._closed_until = max(self._closed_until, self._clock() + seconds)

    def _wait(self, now: float, window: float, most: int) -> float:
        """A window is full until the ``most``-th last that went through has left it."""
        return self._times[-most] + window - now if len(self._times) >= most else 0.0
