"""Hears from the system which paths under some folders have changed. No more than a hint: it may fail or miss some.

Rust's notify (library watchfiles) does the work: inotify on Linux, FSEvents on macOS, ReadDirectoryChangesW on Windows.
What it can't do, ``models.watching`` makes up for by looking itself: it is told nothing of changes that another
computer makes on a network drive, loses some when very many come at once, and gives up at a name that is no valid text.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence

import watchfiles

__all__ = ["TICK", "Listener"]

TICK = 0.1
"""Seconds that one ``hear`` waits at most while nothing happens."""

STEP_MS = 50
"""How often the library looks whether something has come, or it should stop."""

_log = logging.getLogger(__name__)


class Listener:
    """Listens from the moment it is made; what happens between two ``hear`` is kept.

    Args:
        folders: absolute paths without links in them; heard paths begin with one of them.
        deep: whether to listen to their subfolders too, those that come later included.
        cancel: set it, and ``hear`` returns at once.
    """

    def __init__(self, folders: Sequence[str], cancel: threading.Event, *, deep: bool) -> None:
        self._changes = watchfiles.watch(
            *folders,
            watch_filter=None,
            debounce=int(TICK * 1000),
            step=STEP_MS,
            rust_timeout=int(TICK * 1000),
            yield_on_timeout=True,
            stop_event=cancel,
            recursive=deep,
            ignore_permission_denied=True,
        )
        self._alive = True
        self._heard: set[str] | None = self._next()  # the library begins with the first question

    @property
    def alive(self) -> bool:
        """Whether it hears anything still. One that does not never will again; make another."""
        return self._alive

    def hear(self) -> set[str]:
        """Paths that have appeared, changed or gone since the last time; empty when none did within ``TICK``."""
        first, self._heard = self._heard, None
        return first or self._next()

    def close(self) -> None:
        """Stop listening, and end the library's thread."""
        self._alive = False
        self._changes.close()

    def _next(self) -> set[str]:
        try:
            return {path for _, path in next(self._changes, ())}
        except (OSError, RuntimeError, ValueError) as error:  # no watch left, gone, a name that is no text
            _log.info("No longer listening: %s", error)
            self.close()
            return set()
