"""Follows the runs that are trained now, wherever they were started, and reads what others have said. One a window.

Each run that is trained has a job of its own, which the job bar shows; its events are read a few times a second in that
job's thread. The training is a process of its own and goes on when the window is closed.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.jobs import Context, Job, Jobs, JobState
from desktop.notices import Notices
from desktop.pages.train.entries import ACTIVE, Entry
from desktop.pages.train.history import History
from desktop.pages.train.state import TrainState
from desktop.pages.train.words import bar_words
from models.progress import Progress

if TYPE_CHECKING:  # pydantic comes with it
    from training.runs.events import Event as RunEvent

__all__ = ["Following"]

_EVERY = 0.25  # seconds between two looks at the events
_STATE_EVERY = 4  # of these looks, one asks whether the process lives
_AT_ONCE = 4000  # events that the window takes in one go
_PARTS = 1000  # of the job bar's length

_News = tuple["Sequence[RunEvent]", int, str]


class Following(QObject):
    """Between the folders of runs and the state.

    Args:
        state: what is known of runs.
        jobs: the background.
        notices: for what there is to tell.

    Signals:
        ended: id of a run whose process has ended while it was followed.
        pause_wanted: id of a run that the person wants to pause, in the job bar.
    """

    ended = Signal(str)
    pause_wanted = Signal(str)

    def __init__(self, state: TrainState, jobs: Jobs, notices: Notices, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state, self._jobs, self._notices = state, jobs, notices
        self._followed: dict[str, Job] = {}
        self._reading: set[str] = set()
        self._looks = 0
        state.changed.subscribe(lambda _: self._read_needed())

    def look(self) -> None:
        """See which runs there are now, and follow those that are trained."""
        self._looks += 1
        number = self._looks

        def seen(entries: list[Entry]) -> None:
            if number == self._looks:
                self.state.take(entries)
                for entry in self.state.active:
                    self.follow(entry.id)

        self._jobs.start(
            "Looking at the runs",
            lambda _: self.state.look(),
            on_done=seen,
            on_error=self._notices.error,
            visible=False,
        )

    def follow(self, run: str) -> None:
        """Read what a run says from now on until its process ends."""
        entry = self.state.find(run)
        if entry is None or run in self._followed:
            return
        self._reading.discard(run)
        self.state.forget(run)

        def work(context: Context[_News]) -> str:
            return _follow(entry, context)

        def take(news: _News) -> None:
            events, offset, state = news
            self.state.set_offset(run, offset)
            self.state.take_events(run, events, state)
            history = self.state.histories[run]
            job.progress = Progress(round(history.share * _PARTS), _PARTS, 0, 0.0, None)
            job.changed.emit()

        def say(_: Progress) -> str:
            history = self.state.histories.get(run)
            return bar_words(self.state.find(run) or entry, history or History())

        job = self._jobs.start(
            f"Training {entry.name}",
            work,
            on_item=take,
            on_done=lambda state: self.state.set_state(run, state),
            on_error=self._notices.error,
            on_end=lambda job: self._end(run, job),
            say=say,
        )
        job.stop_words = "Pause"
        job.on_stop = lambda: self.pause_wanted.emit(run)
        self._followed[run] = job
        job.changed.emit()

    def _end(self, run: str, job: Job) -> None:
        self._followed.pop(run, None)
        if job.state is not JobState.CANCELLED:
            self.ended.emit(run)

    def _forget(self, run: str, _: Job) -> None:
        self._reading.discard(run)

    def _read_needed(self) -> None:
        """Read the events of what is looked at."""
        for run in self.state.needed:
            entry = self.state.find(run)
            if entry is None or run in self._reading or run in self._followed:
                continue
            self._reading.add(run)

            def read(_: Context[None], entry: Entry = entry) -> tuple[History, int]:
                return _read(entry)

            def done(found: tuple[History, int], run: str = run) -> None:
                if run in self._reading and run not in self._followed:
                    self.state.take_history(run, *found)

            self._jobs.start(
                "Reading a run",
                read,
                on_done=done,
                on_error=self._notices.error,
                on_end=partial(self._forget, run),
                visible=False,
            )


def _follow(entry: Entry, context: Context[_News]) -> str:
    """Hand over what a run says until its process ends; how it stands then. Ends sooner when the window closes."""
    from training.runs.folder import RunFolder
    from training.runs.state import state_of

    run, offset, look = RunFolder(entry.path), 0, 0
    state: str = state_of(run)
    while True:
        alive = state in ACTIVE
        events, offset = run.tail(offset)
        for first in range(0, len(events), _AT_ONCE):
            context.emit((events[first : first + _AT_ONCE], offset, state))
        if not alive and not events:
            return state
        if not events:
            context.cancel.wait(_EVERY)
        if context.cancel.is_set():
            return state
        look += 1
        if alive and look % _STATE_EVERY == 0:
            now = state_of(run)
            if now != state and not events:
                context.emit(((), offset, now))
            state = now


def _read(entry: Entry) -> tuple[History, int]:
    from training.runs.folder import RunFolder

    run, offset, history = RunFolder(entry.path), 0, History()
    while True:
        events, after = run.tail(offset)
        if after == offset:
            return history, offset
        history.feed(events)
        offset = after
