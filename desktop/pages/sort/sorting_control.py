"""Carries a sorting from the wish to the receipt with its Undo: starts the jobs, shows what comes of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from desktop.jobs import Context, Job, Jobs, JobState
from desktop.notices import Action, Notices
from desktop.pages.sort.results import Results
from desktop.pages.sort.sorting import SortingState, Wish

if TYPE_CHECKING:
    from desktop.actions.sorting import Sorting, SortReport
    from desktop.actions.sorting_plan import SortPlan

__all__ = ["SortingControl"]


class SortingControl(QObject):
    """Between the panel and the state.

    Signals:
        began: files are about to be copied or moved.
        ended: no more, and the folder into which they were sorted, None if that isn't known.
    """

    began = Signal()
    ended = Signal(object)

    def __init__(self, state: SortingState, jobs: Jobs, notices: Notices, results: Results) -> None:
        super().__init__(results)
        self._state, self._jobs, self._notices, self._results = state, jobs, notices, results
        self._panel = results.panel
        self._panel.wished.connect(self._plan)
        self._panel.agreed.connect(self.sort)
        self._target: Path | None = None

    def begin(self) -> None:
        """Ask for a folder, and show the plan for it."""
        folder = QFileDialog.getExistingDirectory(self._panel, "Choose a folder to sort into")
        if folder:
            self.show_plan(Wish(Path(folder)))

    def show_plan(self, wish: Wish) -> None:
        """Show what ``wish`` would do."""
        self._results.show_panel(wish)

    def _plan(self, wish: Wish) -> None:
        self._jobs.start(
            "Planning",
            lambda _: self._state.plan(wish),
            on_done=lambda plan: self._panel.show_plan(wish, plan),
            on_error=self._notices.error,
            visible=False,
        )

    def sort(self, plan: SortPlan) -> None:
        """Do what ``plan`` says, and offer to take it back."""
        self._results.hide_panel()
        self._target = plan.target
        self.began.emit()

        def work(context: Context[object]) -> SortReport:
            return self._state.sort(plan, context.cancel, context.progress)

        def done(report: SortReport) -> None:
            self._state.follow(plan, report)
            verb = "Moved" if plan.mode == "move" else "Copied"
            self._tell(f"{verb} {_files(report.done)} to {plan.target}", report, self._undo_action())

        title = "Moving files" if plan.mode == "move" else "Copying files"
        self._jobs.start(title, work, on_done=done, on_error=self._notices.error, on_end=self._ended)

    def undo(self) -> None:
        """Take the last sorting back."""
        self._notices.dismiss()
        self.began.emit()

        def work(context: Context[object]) -> SortReport | None:
            return self._state.undo(context.cancel, context.progress)

        self._jobs.start(
            "Taking files back",
            work,
            on_done=self._undone,
            on_error=self._notices.error,
            on_end=self._ended,
        )

    def look_for_unfinished(self) -> None:
        """Tell of a sorting that was interrupted, perhaps when the program was killed, and offer to finish it."""

        def found(sorting: Sorting | None) -> None:
            if sorting is not None:
                self._offer_to_finish(f"A sorting into {sorting.target} was interrupted.")

        self._jobs.start(
            "Looking for an interrupted sorting",
            lambda _: self._state.unfinished(),
            on_done=found,
            on_error=self._notices.error,
            visible=False,
        )

    def finish(self) -> None:
        """Go on with the sorting that was interrupted."""
        self._notices.dismiss()
        self.began.emit()

        def work(context: Context[object]) -> SortReport | None:
            return self._state.recover(finish=True, cancel=context.cancel, on_progress=context.progress)

        def done(report: SortReport | None) -> None:
            if report is not None:
                self._tell(f"Sorted {_files(report.done)} into {report.sorting.target}", report, self._undo_action())

        self._jobs.start("Sorting files", work, on_done=done, on_error=self._notices.error, on_end=self._ended)

    def _undo_action(self) -> Action:
        return Action("Undo", self.undo)

    def _undone(self, report: SortReport | None) -> None:
        self._state.follow_back()
        if report is None:
            self._notices.info("There is no sorting to take back.")
        else:
            self._tell(f"Took back {_files(report.done)}", report, None)

    def _tell(self, what: str, report: SortReport, action: Action | None) -> None:
        if not report.failures:
            self._notices.info(f"{what}.", action)
            return
        count = len(report.failures)
        others = "" if count == 1 else f" The other {count - 1:,} are in the log."
        for failure in report.failures[1:]:
            self._notices.log(str(failure.error))
        self._notices.warn(f"{what}; {count:,} stayed. {report.failures[0].error}{others}", action)

    def _ended(self, job: Job) -> None:
        self.ended.emit(self._target)
        if job.state is JobState.CANCELLED:
            self._offer_to_finish("The sorting was stopped; every file is where it was or where it should be.")

    def _offer_to_finish(self, what: str) -> None:
        self._notices.warn(what, Action("Finish it", self.finish), Action("Take it back", self.undo))


def _files(count: int) -> str:
    return f"{count:,} {'file' if count == 1 else 'files'}"
