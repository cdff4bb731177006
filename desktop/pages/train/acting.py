"""What a person does with runs, carried to the background and back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.jobs import Context, Jobs
from desktop.notices import Notices
from desktop.pages.train.doing import Actions
from desktop.pages.train.entries import Entry
from desktop.pages.train.following import Following
from desktop.pages.train.state import TrainState
from models.progress import Progress

if TYPE_CHECKING:  # NumPy and pydantic come with them
    from desktop.pages.train.planning import Planning
    from models.worker import Step
    from training.handover import HandedOver

__all__ = ["Acting"]


class Acting(QObject):
    """Between the page's buttons and the runs.

    Args:
        state: what is known of runs.
        actions: what does it.
        following: looks at the runs anew, and follows those that are trained.
        jobs: the background.
        notices: for what went wrong.

    Signals:
        told: what came of something, for the job bar, and links to act on it.
        started: id of a run that was begun.
        busy: whether something is being begun.
        model_ready: folder of a model that was handed over and is to be used.
    """

    told = Signal(str, list)
    started = Signal(str)
    busy = Signal(bool)
    model_ready = Signal(object)

    def __init__(
        self,
        state: TrainState,
        actions: Actions,
        following: Following,
        jobs: Jobs,
        notices: Notices,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._state, self._actions, self._following = state, actions, following
        self._jobs, self._notices = jobs, notices
        following.pause_wanted.connect(self.pause)

    def start(self, planning: Planning) -> None:
        """Begin the training that is planned."""
        dataset, version, config = planning.dataset, planning.version, planning.config
        if dataset is None or config is None:
            return
        self.busy.emit(True)

        def begun(path: Path) -> None:
            self.started.emit(path.name)
            self._following.look()

        self._jobs.start(
            "Preparing the training",
            lambda _: self._actions.start(dataset, version, config),
            on_done=begun,
            on_error=self._notices.error,
            on_end=lambda _: self.busy.emit(False),
        )

    def pause(self, run: str) -> None:
        """Let a training finish its step, keep everything and end."""
        self._ask(run, "pausing", self._actions.pause)

    def stop(self, run: str) -> None:
        """Let a training end and keep the best."""
        self._ask(run, "stopping", self._actions.stop)

    def resume(self, run: str) -> None:
        """Go on with a training."""
        self._ask(run, "running", self._actions.resume)

    def _ask(self, run: str, state: str, act: Callable[[Path], None]) -> None:
        entry = self._state.find(run)
        if entry is None:
            return
        before = entry.state
        self._state.set_state(run, state)

        def failed(sentence: str) -> None:
            self._state.set_state(run, before)
            self._notices.error(sentence)

        self._jobs.start(
            "Telling the training",
            lambda _: act(entry.path),
            on_done=lambda _: self._following.look(),
            on_error=failed,
            visible=False,
        )

    def remove(self, runs: Sequence[str]) -> None:
        """Put runs that are not trained now into the trash."""
        found = [one for run in runs if (one := self._state.find(run)) is not None]
        gone = [one for one in found if not one.active]
        if len(gone) < len(found):
            self._notices.warn("A run that is being trained stays; stop it first.")
        if not gone:
            return
        paths = [one.path for one in gone]
        words = f"{gone[0].name} is removed." if len(gone) == 1 else f"{len(gone)} runs are removed."

        def removed(_: None) -> None:
            self.told.emit(words, [("Undo", lambda: self._restore(paths))])
            self._following.look()

        self._run("Removing runs", lambda: self._actions.remove(paths), removed)

    def _restore(self, paths: Sequence[Path]) -> None:
        self._run("Bringing runs back", lambda: self._actions.restore(paths), lambda _: self._following.look())

    def describe(self, entry: Entry, name: str, notes: str, tags: Sequence[str]) -> None:
        """Keep what a person says of a run."""
        self._run(
            "Keeping notes",
            lambda: self._actions.describe(entry.path, name, notes, tags),
            lambda _: self._following.look(),
        )

    def hand_over(self, run: str, *, use: bool = True) -> None:
        """Check, pack and install the model of a run, and let it answer where that is wished."""
        entry = self._state.find(run)
        if entry is None:
            return

        def work(context: Context[None]) -> HandedOver:
            def step(now: Step) -> None:
                total = round(now.total) if now.total is not None else None
                context.progress(Progress(round(now.done), total, 0, 0.0, None))

            return self._actions.hand_over(entry.path, context.cancel, step)

        def done(handed: HandedOver) -> None:
            for sentence in handed.sentences:
                self._notices.info(sentence)
            if handed.folder is not None and use:
                self.model_ready.emit(handed.folder)
            elif handed.folder is None and use:
                self.told.emit(f"The model is packed: {handed.package}", [])
            else:
                self.told.emit(f"{handed.name} is in the library.", [("Use it", lambda: self.hand_over(run))])

        self._jobs.start(
            "Making the model ready",
            work,
            on_done=done,
            on_error=self._notices.error,
            say=lambda _: f"Making the model of {entry.name} ready",
        )

    def _run(self, title: str, act: Callable[[], None], then: Callable[[None], None]) -> None:
        self._jobs.start(title, lambda _: act(), on_done=then, on_error=self._notices.error, visible=False)
