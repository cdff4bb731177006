"""Carries wishes about engines to the background and brings back how they go; one for the whole window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from desktop.actions.facts import file_size
from desktop.jobs import Context, Job, Jobs, JobState
from desktop.notices import Action, Notices
from desktop.pages.settings.engine_words import PURPOSES, installing_words, share_done
from desktop.pages.settings.engines import Engines, Wish
from models.progress import Progress

if TYPE_CHECKING:
    from desktop.actions.engine import Engine, Installing, Plan, Status

__all__ = ["EngineControl"]

_PARTS = 1000
"""Of the job bar's length: bytes would be more than it can count."""


class EngineControl(QObject):
    """Between the engines, the background, and whatever shows them.

    Attributes:
        engines: what is known.

    Signals:
        ready: name of the variant of which there is an engine now.
    """

    ready = Signal(str)

    def __init__(self, engines: Engines, jobs: Jobs, notices: Notices, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.engines, self._jobs, self._notices = engines, jobs, notices
        self._looks = self._seen = 0
        self._working: Job | None = None
        self._views: list[QWidget] = []

    def add_view(self, view: QWidget) -> None:
        """``view`` tells of what goes wrong: while it is visible, nothing else has to."""
        self._views.append(view)

    def look(self, then: Callable[[], None] | None = None, otherwise: Callable[[], None] | None = None) -> None:
        """See how the engines stand now.

        Args:
            then: called when that is known.
            otherwise: called when it can't be.
        """
        self._looks += 1
        number = self._looks

        def seen(statuses: list[Status]) -> None:
            if number > self._seen:  # an earlier look may come later
                self._seen = number
                self.engines.take(statuses)
            if then is not None:
                then()

        def failed(sentence: str) -> None:
            self._notices.error(sentence)
            if otherwise is not None:
                otherwise()

        self._jobs.start(
            "Looking at the engines", lambda _: self.engines.look(), on_done=seen, on_error=failed, visible=False
        )

    def plan(self, variant: str, on_done: Callable[[Plan], None], on_error: Callable[[str], None]) -> Job:
        """Find out what installing ``variant`` would cost; the job may be cancelled."""
        return self._jobs.start(
            f"Asking what {PURPOSES[variant].title} needs",
            lambda context: self.engines.plan(variant, context.cancel),
            on_done=on_done,
            on_error=on_error,
            visible=False,
        )

    def keep_password(self, address: str, instead_of: str, on_error: Callable[[str], None]) -> None:
        """Keep the password in ``address`` instead of that in another one."""
        self._jobs.start(
            "Keeping a password",
            lambda _: self.engines.keep_password(address, instead_of),
            on_error=on_error,
            visible=False,
        )

    def read_log(self, on_done: Callable[[str], None]) -> None:
        """Fetch the log of the installations."""
        self._jobs.start("Reading the log", lambda _: self.engines.read_log(), on_done=on_done, visible=False)

    def start(self, wish: Wish) -> None:
        """Do something to an engine, unless something is being done to one already."""
        if not self.engines.begin(wish):
            return

        def act(context: Context[Installing]) -> Engine | int:
            return self.engines.do(wish, context.cancel, context.emit)

        def say(_: Progress) -> str:
            now = self.engines.how_far
            return f"{wish.title}: {installing_words(now)}" if now is not None else wish.title

        def follow(now: Installing) -> None:
            self.engines.follow(now)
            share = share_done(now)
            job.progress = Progress(round((share or 0.0) * _PARTS), None if share is None else _PARTS, 0, 0.0, None)
            job.changed.emit()

        job = self._jobs.start(
            wish.title,
            act,
            on_item=follow,
            on_done=lambda outcome: self._done(wish, outcome),
            on_error=lambda sentence: self._failed(wish, sentence),
            on_end=self._ended,
            say=say,
        )
        self._working = job

    def cancel(self) -> None:
        """Stop what is being done; nothing half-made is left."""
        if self._working is not None:
            self._working.cancel()
            self.engines.changed.fire(None)

    @property
    def stopping(self) -> bool:
        """Whether what is being done was told to stop, and has not yet."""
        context = self._working.context if self._working is not None else None
        return context is not None and context.cancel.is_set()

    def _done(self, wish: Wish, outcome: Engine | int) -> None:
        title = PURPOSES[wish.variant].title
        if isinstance(outcome, int):
            freed = f"; {file_size(outcome)} are free again" if outcome else ""
            self._notices.info(f"{title} is removed{freed}.")
        else:
            self._notices.info(f"{title} is ready.")

    def _failed(self, wish: Wish, sentence: str) -> None:
        self.engines.fail(sentence)
        if not any(view.isVisible() for view in self._views):
            said = self.engines.problems[wish.variant].sentence
            self._notices.error(said, Action("Try again", lambda: self.start(wish)))

    def _ended(self, job: Job) -> None:
        wish, self._working = self.engines.work, None
        self.engines.end()
        if job.state is JobState.DONE and wish is not None and wish.deed != "remove":
            self.look(lambda: self.ready.emit(wish.variant))  # who hears of it finds it
        else:
            self.look()
