"""The job bar: what runs, how far it is, how fast, how long still, and Cancel. Gone when there is nothing to say."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QSizePolicy, QWidget

from desktop.jobs import Job, JobState
from desktop.theme import GAP
from desktop.widgets.labels import Elided, IconButton, button
from models.progress import Progress

__all__ = ["JobBar", "progress_text", "time_left"]

_LINGER_MS = 6000
_LINGER_WITH_ACTIONS_MS = 20_000


def time_left(seconds: float) -> str:
    """A rough time in words, such as "14 s left" or "3 min left"."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s left"
    if seconds < 5400:
        return f"{round(seconds / 60)} min left"
    return f"{seconds / 3600:.1f} h left"


def progress_text(title: str, progress: Progress) -> str:
    """One line, such as "Looking at pictures: 4,210 of 10,000 · 412/s · 14 s left"."""
    parts = []
    if progress.total is None:
        parts.append(f"{title}: {progress.done:,}" if progress.done else title)
    else:
        parts.append(f"{title}: {progress.done:,} of {progress.total:,}")
    if progress.rate > 0:
        parts.append(f"{progress.rate:,.0f}/s" if progress.rate >= 10 else f"{progress.rate:.1f}/s")
    if progress.seconds_left is not None:
        parts.append(time_left(progress.seconds_left))
    return "  ·  ".join(parts)


class JobBar(QFrame):
    """Shows the latest job that runs, and for a few seconds what came of it or of another; then the one before it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("job_bar")
        self._job: Job | None = None
        self._others: list[Job] = []  # that run too, the latest last
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP.xl, GAP.s, GAP.lg, GAP.s)
        row.setSpacing(GAP.lg)
        self._text = Elided()
        self._text.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._text.setMinimumWidth(1)  # cut before the window is forced to be wider
        self._actions = QHBoxLayout()
        self._actions.setSpacing(GAP.xs)
        self._bar = QProgressBar(textVisible=False)
        self._bar.setFixedWidth(200)
        self._cancel = button("Cancel", on_click=self._stop)
        self._close = IconButton("x", "Close", self._told)
        row.addWidget(self._text)
        row.addLayout(self._actions)
        row.addStretch(1)
        row.addWidget(self._bar)
        row.addWidget(self._cancel)
        row.addWidget(self._close)
        self._linger = QTimer(self, singleShot=True)
        self._linger.timeout.connect(self._told)
        self.hide()

    def show_job(self, job: Job) -> None:
        """Follow ``job`` until it ends; what has actions stays beside it for its time."""
        if self._job is not None:
            self._others.append(self._job)
        self._job = job
        job.changed.connect(lambda: self._update(job))
        if not self._actions.count():
            self._linger.stop()
        self._update(job)
        self.show()

    def tell(self, text: str, *actions: tuple[str, Callable[[], object]]) -> None:
        """Say what came of a job; it stays for a few seconds.

        Args:
            text: what came of it.
            actions: words and what a click on them does, such as ("Undo", undo); with any, it stays for longer.
        """
        self._text.set_text(text)
        self._clear_actions()
        for words, run in actions:
            self._actions.addWidget(button(words, "link", on_click=run))
        self._bar.setVisible(self._job is not None)
        self._cancel.setVisible(self._job is not None)
        self._close.show()
        self.show()
        self._linger.start(_LINGER_WITH_ACTIONS_MS if actions else _LINGER_MS)

    def _told(self) -> None:
        """What was told has been there long enough: back to the job, if one still runs."""
        self._linger.stop()
        self._clear_actions()
        if self._job is None:
            self.hide()
        else:
            self._update(self._job)

    def _clear_actions(self) -> None:
        while (old := self._actions.takeAt(0)) is not None:
            widget = old.widget()
            if widget is not None:
                widget.hide()  # at once; deleting waits for the event loop
                widget.deleteLater()

    def _stop(self) -> None:
        job = self._job
        if job is not None and job.on_stop is not None:
            job.on_stop()
        elif job is not None:
            self._cancel.setEnabled(False)
            self._text.set_text("Stopping…")
            job.cancel()

    def _update(self, job: Job) -> None:
        if job.state is not JobState.RUNNING and job in self._others:
            self._others.remove(job)
        if job is not self._job:
            return
        if job.state is not JobState.RUNNING:
            self._job = self._others.pop() if self._others else None
            self._end(job)
            if self._job is not None:
                self._update(self._job)
                self.show()
            return
        if job.context is not None and job.context.cancel.is_set():
            return
        progress = job.progress
        telling = self._linger.isActive()
        if not telling:
            self._text.set_text(job.say(progress) if job.say is not None else progress_text(job.title, progress))
        self._bar.setRange(0, progress.total or 0)
        self._bar.setValue(progress.done)
        for one in (self._bar, self._cancel):
            one.show()
        self._cancel.setText(job.stop_words)
        self._cancel.setEnabled(True)
        self._close.setVisible(telling)

    def _end(self, job: Job) -> None:
        if job.state is JobState.CANCELLED:
            said = f"{job.title}: stopped." if job.say is not None else f"Stopped after {job.progress.done:,}."
            self.tell(said)
        elif self._linger.isActive():
            for one in (self._bar, self._cancel):
                one.hide()
        else:
            self.hide()
