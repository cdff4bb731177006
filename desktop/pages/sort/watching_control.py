"""The button that has the dropped folders watched, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.jobs import Context, Job, Jobs
from desktop.notices import Notices
from desktop.pages.sort.watching import Came, Watching
from desktop.widgets.toggle_button import ToggleButton

__all__ = ["WatchingControl"]

_TELL_MS = 3000  # at most one sentence in that time
_OFF = "Answer new and changed files in this folder as they come"
_ON = "New and changed files are answered as they come; click to stop"
_NONE = "Drop a folder, and new files in it can be answered as they come"


class WatchingControl(QObject):
    """Between the button and :class:`Watching`.

    Args:
        state: what can be done.
        jobs: the background.
        notices: for what went wrong.
        renewed: is given the items that hold something else than before.

    Attributes:
        button: whether the folders are watched.

    Signals:
        told: what has come, for the job bar, and no links.
    """

    told = Signal(str, list)

    def __init__(
        self,
        state: Watching,
        jobs: Jobs,
        notices: Notices,
        renewed: Callable[[Sequence[int]], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.state, self._jobs, self._notices, self._renewed = state, jobs, notices, renewed
        self._job: Job | None = None
        self._ending = 0
        self._folders: tuple[Path, ...] = ()
        self._telling = QTimer(self, singleShot=True, interval=_TELL_MS)
        self._telling.timeout.connect(self._tell)
        self.button = ToggleButton("Watch", "eye")
        self.button.toggled.connect(lambda _: self.follow())
        self.follow()

    @property
    def busy(self) -> bool:
        """Whether a watch is still going on, or about to end."""
        return self._job is not None or self._ending > 0

    def follow(self) -> None:
        """Watch what the page shows, if the button is down; what was watched before is not any more."""
        folders = tuple(self.state.page.folders)
        self.button.setEnabled(bool(folders))
        if not folders and self.button.isChecked():
            self.button.setChecked(False)  # calls this again
            return
        wanted = folders if self.button.isChecked() else ()
        if wanted != self._folders:
            self.stop()
            self._folders = wanted
            if wanted:
                self._start(wanted)
        self.button.setToolTip(_NONE if not folders else _ON if wanted else _OFF)

    def go_on(self, sorted_into: Path | None) -> None:
        """Watch again after a sorting; not where that has put its files, which would come up as new ones."""
        inside = sorted_into is not None and any(sorted_into.is_relative_to(one) for one in self.state.page.folders)
        if inside and self.button.isChecked():
            self.button.setChecked(False)
            self.told.emit("Not watching any more: the sorted files are in the folder that was watched.", [])
        self.follow()

    def stop(self) -> None:
        """Watch nothing until :meth:`follow` is called."""
        self._folders = ()
        if self._job is not None:
            self._job.cancel()
            self._job = None
            self._ending += 1

    def _start(self, folders: tuple[Path, ...]) -> None:
        def work(context: Context[Came]) -> None:
            self.state.work(folders, context.cancel, context.emit)

        self._job = self._jobs.start(
            "Watching",
            work,
            on_item=self._take,
            on_error=self._notices.error,
            on_end=self._ended,
            visible=False,
        )

    def _take(self, came: Came) -> None:
        if isinstance(came, str):
            self._notices.warn(came)
            return
        changed = self.state.take(came)
        if changed:
            self._renewed(changed)
        if not self._telling.isActive():
            self._tell()

    def _tell(self) -> None:
        news = self.state.news()
        if news:
            self.told.emit(news, [])
            self._telling.start()

    def _ended(self, job: Job) -> None:
        if job is not self._job:
            self._ending -= 1
            return
        self._job, self._folders = None, ()
        self.button.setChecked(False)
