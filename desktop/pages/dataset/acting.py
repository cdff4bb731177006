"""Everything that is done to datasets goes through here, one after another, each followed by reading what is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from desktop.jobs import Context, Job, Jobs
from desktop.notices import Notices
from desktop.pages.dataset.state import DatasetState, Read, fitting
from models.errors import SortwerkError

if TYPE_CHECKING:  # NumPy comes with them
    from training.datasets.outcomes import Step
    from training.datasets.store import DatasetStore

__all__ = ["Acting"]


@dataclass(slots=True)
class _Act:
    work: Callable[[DatasetStore], Any]
    done: Callable[[Any], None] | None
    failed: Callable[[str], None] | None
    outcome: Any = None
    problem: str = ""


@dataclass(slots=True)
class _Done:
    acts: list[_Act] = field(default_factory=list)
    read: Read | None = None
    problem: str = ""


class Acting(QObject):
    """Between the page, the background and the store.

    Args:
        on_screen: the items that are read along, so that they are painted at once.

    Signals:
        told: what came of something, for the job bar, and links to act on it.
        read: what is shown has been read anew.
        turned: a step that was undone or done again, once that is shown.

    Attributes:
        unsaved: takes back the last act that could not be saved yet, if there is one; whether there was.
    """

    told = Signal(str, list)
    read = Signal()
    turned = Signal(object)

    def __init__(
        self, state: DatasetState, jobs: Jobs, notices: Notices, on_screen: Callable[[], Sequence[int]], parent: QObject
    ) -> None:
        super().__init__(parent)
        self.state, self._jobs, self._notices, self._on_screen = state, jobs, notices, on_screen
        self._waiting: list[_Act] = []
        self._again = False
        self._job: Job | None = None
        self.unsaved: Callable[[], bool] = lambda: False

    @property
    def busy(self) -> bool:
        """Whether anything is being done or read."""
        return self._job is not None

    # -- what is done -------------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Read anew what is shown."""
        self._again = True
        self._start()

    def follow(self) -> None:
        """Read anew if somebody else has changed something: another window, or the command line."""
        if self.state.entries is not None and not self.busy:
            self._jobs.start(
                "Looking at datasets",
                lambda _: self.state.outdated(),
                on_done=lambda outdated: self.look() if outdated else None,
                on_error=self._notices.error,
                visible=False,
            )

    def act(
        self,
        work: Callable[[DatasetStore], Any],
        done: Callable[[Any], None] | None = None,
        failed: Callable[[str], None] | None = None,
    ) -> None:
        """Do something with the store in the background, then read anew.

        Args:
            work: what is done; raises ``SortwerkError`` where it can't be.
            done: called with what it returned, when that is shown.
            failed: called with a sentence instead; None for a notice.
        """
        self._waiting.append(_Act(work, done, failed))
        self._start()

    def change(self, work: Callable[[DatasetStore, int], int | None]) -> None:
        """Take a step in the dataset that is looked at, and say so with a way back."""
        dataset = self.state.selected
        if dataset is not None:
            self.act(lambda store: work(store, dataset), self.tell)

    def undo(self) -> None:
        """Take the last step back."""
        if self.unsaved():
            return
        self._turn(lambda store, dataset: store.undo(dataset), "Undone", ("Redo", self.redo))

    def redo(self) -> None:
        """Do the last step again that was taken back."""
        self._turn(lambda store, dataset: store.redo(dataset), "Done again", ("Undo", self.undo))

    def _turn(
        self, turn: Callable[[DatasetStore, int], Step | None], verb: str, link: tuple[str, Callable[[], None]]
    ) -> None:
        dataset = self.state.selected
        if dataset is None:
            return

        def done(step: Step | None) -> None:
            nothing = "There is nothing to undo." if verb == "Undone" else "There is nothing to do again."
            self.told.emit(nothing if step is None else f"{verb}: {step.action}.", [] if step is None else [link])
            if step is not None:
                self.turned.emit(step)

        self.act(lambda store: turn(store, dataset), done)

    def tell(self, step: int | None) -> None:
        """Say what a step was that has just been taken and read, with a way back; None for none."""
        last = self.state.shown.undo if self.state.shown is not None else None
        if step is not None and last is not None and last.id == step:
            self.told.emit(f"{last.action}.", [("Undo", self.undo)])

    # -- the background -----------------------------------------------------------------------------------------------

    def _start(self) -> None:
        if self._job is not None or not (self._waiting or self._again):
            return
        acts, self._waiting, self._again = self._waiting, [], False
        fresh = list(self._on_screen())
        self._job = self._jobs.start(
            "Reading datasets",
            partial(self._work, acts, fresh),
            on_done=self._done,
            on_error=self._notices.error,
            on_end=self._ended,
            visible=False,
        )

    def _work(self, acts: list[_Act], fresh: Sequence[int], _: Context[object]) -> _Done:
        done = _Done(acts)
        for act in acts:
            try:
                act.outcome = act.work(self.state.store)
            except SortwerkError as error:
                act.problem = str(error)
        try:
            done.read = self.state.read(self.state.selected, self.state.wanted, fresh)
        except SortwerkError as error:
            done.problem = str(error)
        return done

    def _done(self, done: _Done) -> None:
        if done.read is not None:
            first = self.state.entries is None
            self.state.take(done.read)
            shown = self.state.shown
            if shown is None or shown.wanted != self.state.wanted or shown.dataset.id != self.state.selected:
                self._settle(done.read, first=first)
            self.read.emit()
        else:
            self._notices.error(done.problem)
        for act in done.acts:
            if act.problem:
                (act.failed or self._notices.error)(act.problem)
            elif act.done is not None:
                act.done(act.outcome)

    def _settle(self, read: Read, *, first: bool) -> None:
        """What was read is not what is wanted by now: read again, or look at a dataset that is there."""
        shown = read.shown
        if shown is not None and shown.dataset.id == self.state.selected and not self._stale(read):
            self.state.wanted = shown.wanted  # the questions don't know all of it any more
        elif self.state.selected is not None:
            self._again = True
        elif read.entries:
            self.state.select(read.entries[-1].dataset.id)
            self._again = True

    def _stale(self, read: Read) -> bool:
        shown = read.shown
        return shown is None or shown.wanted != fitting(self.state.wanted, shown.dataset.heads)

    def _ended(self, _: Job) -> None:
        self._job = None
        self._start()
