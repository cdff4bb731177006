"""A training that was started, by this program or an earlier one: asked how it stands, told what is wanted of it."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import time
from dataclasses import dataclass

import psutil

from models.errors import TrainingError, one_line
from training.launching.processes import reap
from training.runs.events import Event
from training.runs.folder import RunFolder
from training.runs.living import is_alive
from training.runs.state import ACTIVE, RunState, state_of

__all__ = ["Followed", "Handle", "follow"]

_LOOK = 0.05
"""Seconds between two looks while somebody waits."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What is new of a run.

    Attributes:
        events: said since the last look.
        offset: to go on from.
        state: how it stands now.
    """

    events: list[Event]
    offset: int
    state: RunState


def follow(run: RunFolder, offset: int = 0) -> Followed:
    """What was said after ``offset`` bytes; where that is nothing, this costs a few looks at small files.

    A look gives 8 MB of events at most: as long as it gives any, there may be more.
    """
    reap()
    state = state_of(run)  # before the events: whoever sees the end has seen all that was said before it
    events, offset = run.tail(offset)
    return Followed(events, offset, state)


@dataclass(frozen=True, slots=True)
class Handle:
    """One training. It may be asked from several threads.

    Attributes:
        run: its folder.
    """

    run: RunFolder

    @property
    def state(self) -> RunState:
        """How it stands."""
        reap()
        return state_of(self.run)

    @property
    def alive(self) -> bool:
        """Whether its process is there, even if it has said its last word."""
        reap()
        return is_alive(self.run)

    def pause(self) -> None:
        """Ask it to finish the step, keep everything and end; ``resume`` goes on from there.

        Raises:
            TrainingError: nothing is being trained in this folder.
        """
        self._ask("pause")

    def stop(self) -> None:
        """Ask it to stop training, keep the best and hand that over.

        Raises:
            TrainingError: as ``pause``.
        """
        self._ask("stop")

    def unpause(self) -> None:
        """Take back a ``pause`` or ``stop`` that it has not seen yet.

        Raises:
            TrainingError: as ``pause``.
        """
        self._ask("run")

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until its process is gone; False if that takes longer than ``seconds``."""
        until = None if seconds is None else time.monotonic() + seconds
        while self.alive:
            if until is not None and time.monotonic() >= until:
                return False
            time.sleep(_LOOK)
        return True

    def kill(self, seconds: float = 10.0) -> None:
        """End its process and all that it has started at once; what was learned since the last checkpoint is lost.

        Raises:
            TrainingError: it runs on another machine, or can't be ended.
        """
        process = self.run.process()
        if process is None or not self.alive:
            return
        if process.host != socket.gethostname():
            raise TrainingError(f"The training {one_line(self.run.id)} runs on {one_line(process.host)}; end it there.")
        with contextlib.suppress(psutil.Error):
            first = psutil.Process(process.pid)
            family = [first, *first.children(recursive=True)]
            if sys.platform != "win32":
                with contextlib.suppress(OSError):
                    if os.getpgid(process.pid) == process.pid:  # a session of its own, as launch() makes it
                        os.killpg(process.pid, signal.SIGKILL)
            for one in family:
                with contextlib.suppress(psutil.Error):
                    one.kill()
        if not self.wait(seconds):
            raise TrainingError(f"The training {one_line(self.run.id)} can't be ended; restart the computer.")

    def _ask(self, want: str) -> None:
        if self.state not in ACTIVE:
            raise TrainingError(f"The training {one_line(self.run.id)} does not run; there is nothing to {want}.")
        self.run.set_want(want)  # type: ignore[arg-type]  # one of the three
