"""The views about single runs: everything about one, two compared, and a plan like an earlier one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QStackedWidget

from desktop.jobs import Jobs
from desktop.notices import Notices
from desktop.pages.train.acting import Acting
from desktop.pages.train.entries import Entry
from desktop.pages.train.history import History
from desktop.pages.train.planning import Planning
from desktop.pages.train.state import TrainState

if TYPE_CHECKING:  # NumPy and pydantic come with them
    from desktop.pages.train.compare_view import CompareView
    from desktop.pages.train.details import Details
    from desktop.pages.train.details_view import DetailsView
    from desktop.pages.train.runs_panel import RunsPanel

__all__ = ["Opening"]


class Opening(QObject):
    """Reads what such a view shows, and puts it on top of the page.

    Args:
        page: its views.
        plan: shows the plan of a training.
        state: the runs.
        planning: what a training like an earlier one begins with.
        acting: does what is asked for in the table.
        jobs: the background.
        notices: for what goes wrong.
    """

    def __init__(
        self,
        page: QStackedWidget,
        plan: Callable[[], None],
        state: TrainState,
        planning: Planning,
        acting: Acting,
        jobs: Jobs,
        notices: Notices,
    ) -> None:
        super().__init__(page)
        self._page, self._plan, self._state, self._planning, self._acting = page, plan, state, planning, acting
        self._jobs, self._notices = jobs, notices
        self.details: DetailsView | None = None
        self.comparing: CompareView | None = None
        self._shown = ""

    def connect_runs(self, runs: RunsPanel) -> None:
        """Do what is asked for in the table."""
        runs.opened.connect(self.open)
        runs.compare_wanted.connect(self.compare)
        runs.resume_wanted.connect(self._acting.resume)
        runs.again_wanted.connect(self.again)
        runs.remove_wanted.connect(self._acting.remove)

    def open(self, run: str) -> None:
        """Show everything about a run."""
        entry = self._state.find(run)
        if entry is None:
            return
        if entry.problem:
            self._notices.error(entry.problem)
            return

        def work(_: object) -> tuple[History, Details]:
            return _read(entry)

        def done(found: tuple[History, Details]) -> None:
            if self.details is None:
                from desktop.pages.train.details_view import DetailsView

                self.details = DetailsView()
                self.details.closed.connect(self._close)
                self.details.described.connect(self._acting.describe)
                self.details.again_wanted.connect(lambda: self.again(self._shown))
                self._page.addWidget(self.details)
            self._shown = run
            self.details.open(entry, *found)
            self._page.setCurrentWidget(self.details)
            self.details.setFocus()

        self._jobs.start("Reading a run", work, on_done=done, on_error=self._notices.error, visible=False)

    def compare(self, first: str, second: str) -> None:
        """Show two runs beside each other."""
        one, other = self._state.find(first), self._state.find(second)
        if one is None or other is None:
            return

        def work(_: object) -> object:
            from desktop.pages.train.details import compare

            return compare((one, *_read(one)), (other, *_read(other)))

        def done(found: object) -> None:
            from desktop.pages.train.details import Compared

            if self.comparing is None:
                from desktop.pages.train.compare_view import CompareView

                self.comparing = CompareView()
                self.comparing.closed.connect(self._close)
                self._page.addWidget(self.comparing)
            if isinstance(found, Compared):
                self.comparing.open(one, other, found)
                self._page.setCurrentWidget(self.comparing)
                self.comparing.setFocus()

        self._jobs.start("Comparing runs", work, on_done=done, on_error=self._notices.error, visible=False)

    def again(self, run: str) -> None:
        """Plan a training with the settings of a run."""
        entry = self._state.find(run)
        if entry is None:
            return

        def work(_: object) -> tuple[object, int]:
            from training.runs.folder import RunFolder

            folder = RunFolder(entry.path)
            return folder.config(), folder.info().dataset.id

        def done(found: tuple[object, int]) -> None:
            from training.config import TrainingConfig

            config, dataset = found
            if isinstance(config, TrainingConfig):
                self._close()
                self._planning.take_config(config, dataset)
                self._plan()

        self._jobs.start("Reading a run", work, on_done=done, on_error=self._notices.error, visible=False)

    def _close(self) -> None:
        self._page.setCurrentIndex(0)


def _read(entry: Entry) -> tuple[History, Details]:
    from desktop.pages.train.details import read_details
    from training.runs.folder import RunFolder

    run, history, offset = RunFolder(entry.path), History(), 0
    while True:
        events, after = run.tail(offset)
        if after == offset:
            return history, read_details(entry.path)
        history.feed(events)
        offset = after
