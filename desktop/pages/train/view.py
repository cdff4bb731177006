"""The Train page: planning a training, following it, and all runs; views about single runs on top."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from desktop.jobs import Context, Jobs
from desktop.notices import Notices
from desktop.pages.models.needed_engine import NeededEngine
from desktop.pages.settings.engine_control import EngineControl
from desktop.pages.train.acting import Acting
from desktop.pages.train.doing import Actions, ProgramActions
from desktop.pages.train.following import Following
from desktop.pages.train.opening import Opening
from desktop.pages.train.planning import Planning
from desktop.pages.train.state import TrainState
from desktop.theme import GAP
from desktop.widgets.drop_area import DropArea
from desktop.widgets.labels import button
from desktop.widgets.page import Page

if TYPE_CHECKING:  # pyqtgraph and pydantic come with them
    from desktop.pages.train.checks import CheckRow
    from desktop.pages.train.planning import DatasetChoice
    from desktop.pages.train.run_view import RunView
    from desktop.pages.train.start_view import StartView

__all__ = ["TrainPage"]

_ASIDE, _ASIDE_WIDE, _WIDE = 320, 400, 1500  # as on the other pages
_LETTERS = 36
_WHY = "Training is done by PyTorch, which is not part of the program. The training begins when it is there."


class TrainPage(QStackedWidget):
    """The page.

    Args:
        jobs: the background.
        notices: for what there is to tell.
        sample: folder of the program's own pictures.
        engines: PyTorch, which trains.
        actions: what begins and stops trainings; None for the program's.

    Signals:
        told: what came of something, for the job bar, and links to act on it.
        datasets_wanted: the person wants to go to the Dataset page.
        model_wanted: folder of a model that is to answer on the Sort page.
    """

    told = Signal(str, list)
    datasets_wanted = Signal()
    model_wanted = Signal(object)

    def __init__(
        self,
        jobs: Jobs,
        notices: Notices,
        *,
        sample: Path,
        engines: EngineControl,
        actions: Actions | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._jobs, self._notices, self._sample = jobs, notices, sample
        self._actions = actions or ProgramActions()
        self.state, self.planning = TrainState(), Planning()
        self.following = Following(self.state, jobs, notices, self)
        self.acting = Acting(self.state, self._actions, self.following, jobs, notices, self)
        self.needed = NeededEngine(engines, self)
        self.opening = Opening(self, self.plan, self.state, self.planning, self.acting, jobs, notices)
        self.start: StartView | None = None
        self.run: RunView | None = None
        self._plans = False  # whether the person plans a training although there are runs
        self._checks = 0
        self._loaded = self._preparing = self._looked = False
        self._wanted: int | None = None  # dataset that is to be trained on, as soon as it is known
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.page = Page("Train")
        self.addWidget(self.page)
        self.runs_button = button("Show the runs", on_click=self.show_runs)
        self.new_button = button("New training…", on_click=self.plan, tip="Plan another training")
        self.pause_button = button("Pause", on_click=lambda: self.acting.pause(self.state.selected))
        self.stop_button = button(
            "Stop and keep best", "primary", on_click=lambda: self.acting.stop(self.state.selected)
        )
        self.resume_button = button("Resume", "primary", on_click=lambda: self.acting.resume(self.state.selected))
        self.use_button = button(
            "Use this model", "primary", on_click=lambda: self.acting.hand_over(self.state.selected)
        )
        self.start_button = button("Start training", "primary", on_click=self.begin_training)
        self._buttons = (
            *(self.runs_button, self.new_button, self.pause_button, self.stop_button, self.resume_button),
            *(self.use_button, self.start_button),
        )
        for one in self._buttons:
            self.page.add_action(one)
        self._views = QStackedWidget()
        self._waiting = QWidget()
        self._views.addWidget(self._waiting)
        self._empty = QWidget()
        column = QVBoxLayout(self._empty)
        column.setContentsMargins(GAP.xl, GAP.xs, GAP.xl, GAP.xl)
        self.sample_button = button("Try the sample", on_click=self.try_sample)
        column.addWidget(
            DropArea(
                "chart-line",
                "There is no dataset to learn from yet",
                "Training needs pictures with labels. Bring some in on the Dataset page, or try it with the sample.",
                [button("Go to Dataset", "primary", on_click=self.datasets_wanted.emit), self.sample_button],
            )
        )
        self._views.addWidget(self._empty)
        self.page.body.addWidget(self._views)
        self._refresh_head()

    def _connect(self) -> None:
        self.state.changed.subscribe(lambda _: self.refresh())
        self.planning.changed.subscribe(lambda _: self._refresh_head())
        self.acting.told.connect(self.told)
        self.acting.started.connect(self._started)
        self.acting.busy.connect(lambda busy: self.start_button.setEnabled(not busy and self.planning.ready))
        self.acting.model_ready.connect(self.model_wanted)
        self.needed.panel_wanted.connect(self._show_engine)
        self.following.ended.connect(self._ended)

    # -- what a person does -------------------------------------------------------------------------------------------

    def look(self) -> None:
        """See which trainings there are, and follow those that run."""
        self._looked = True
        self.following.look()

    def begin(self, dataset: int) -> None:
        """Plan a training on a dataset."""
        self._wanted = dataset
        self.plan()
        self._read_datasets()

    def plan(self) -> None:
        """Plan another training."""
        self._plans = True
        self.refresh()

    def show_runs(self) -> None:
        """Back to the runs."""
        self._plans = False
        self.refresh()

    def begin_training(self) -> None:
        """Start the training that is planned; where the engine is missing, that is offered first."""
        self.start_button.setEnabled(False)

        def ready() -> None:
            self.acting.start(self.planning)

        self.needed.need("torch", _WHY, then=ready, otherwise=lambda: self.start_button.setEnabled(True))

    def try_sample(self) -> None:
        """Make a dataset of the program's own pictures, and plan a training on it."""
        self.sample_button.setEnabled(False)

        def work(context: Context[None]) -> int:
            from desktop.actions.datasets import opened
            from desktop.pages.dataset.importing import sample

            with opened() as store:
                return sample(store, self._sample, cancel=context.cancel, on_progress=context.progress).dataset

        self._jobs.start(
            "Bringing in the sample",
            work,
            on_done=self.begin,
            on_error=self._notices.error,
            on_end=lambda _: self.sample_button.setEnabled(True),
        )

    def close_page(self) -> None:
        """Trainings go on; what follows them is stopped with the jobs."""

    # -- showing ------------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Read anew what others may have changed."""
        super().showEvent(event)
        self._prepare()
        self.look()
        self._read_datasets()

    def _prepare(self) -> None:
        """Load what curves and settings need, behind the page."""
        if self._loaded or self._preparing:
            return
        self._preparing = True

        def load(_: object) -> None:
            import training.config
            import training.runs.state  # noqa: F401

        def loaded(_: None) -> None:
            self._loaded = True
            self.refresh()

        self._jobs.start("Loading the curves", load, on_done=loaded, on_error=self._notices.error, visible=False)

    def _read_datasets(self) -> None:
        def read(found: list[DatasetChoice]) -> None:
            self.planning.take(found)
            if self._wanted is not None and any(one.id == self._wanted for one in found):
                self.planning.choose_dataset(self._wanted)
                self._wanted = None
            self.refresh()

        self._jobs.start(
            "Reading the datasets",
            lambda _: self.planning.look(),
            on_done=read,
            on_error=self._notices.error,
            visible=False,
        )

    def refresh(self) -> None:
        """Show what there is: the run that is looked at, a plan, or where to begin."""
        entries, datasets = self.state.entries, self.planning.datasets
        if not self._loaded or entries is None or datasets is None:
            return
        if entries and not self._plans:
            self._views.setCurrentWidget(self._run_view())
            self._run_view().refresh()
        elif not any(one.items and one.heads for one in datasets):
            self._views.setCurrentWidget(self._empty)
        else:
            view = self._start_view()
            if self._views.currentWidget() is not view:
                self._views.setCurrentWidget(view)
                view.refresh()
        self._refresh_head()
        self._fit()

    def _refresh_head(self) -> None:
        shown, entry = self._views.currentWidget(), self.state.entry
        running = shown is self.run and self.run is not None
        planning = shown is self.start and self.start is not None
        state = entry.state if entry is not None and running else ""
        self.runs_button.setVisible((planning or shown is self._empty) and bool(self.state.entries))
        self.new_button.setVisible(running)
        self.pause_button.setVisible(state in ("running", "pausing", "stopping"))
        self.pause_button.setEnabled(state == "running")
        self.stop_button.setVisible(state in ("running", "pausing", "stopping"))
        self.stop_button.setEnabled(state == "running")
        self.resume_button.setVisible(running and entry is not None and entry.resumable)
        self.use_button.setVisible(state == "finished")
        self.start_button.setVisible(planning)
        self.start_button.setEnabled(self.planning.ready)
        chosen = self.planning.chosen
        words = entry.name if running and entry is not None else chosen.name if planning and chosen else ""
        self.page.set_subtitle(words)

    def _run_view(self) -> RunView:
        if self.run is None:
            from desktop.pages.train.run_view import RunView

            self.run = RunView(self.state, self._jobs)
            self.run.picture_wanted.connect(lambda path: QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))))
            self.opening.connect_runs(self.run.runs)
            self._views.addWidget(self.run)
        return self.run

    def _start_view(self) -> StartView:
        if self.start is None:
            from desktop.pages.train.start_view import StartView

            self.start = StartView(self.planning)
            self.start.dataset_wanted.connect(self.datasets_wanted)
            self.start.refused.connect(self._notices.warn)
            self.start.check_wanted.connect(self._check)
            self._views.addWidget(self.start)
        return self.start

    def _show_engine(self, panel: QWidget | None) -> None:
        if self.start is not None:
            self.start.show_panel(panel)
            self._fit()

    def _check(self) -> None:
        """Look through the plan; only the latest look counts."""
        planning, view = self.planning, self.start
        dataset, version, config = planning.dataset, planning.version, planning.config
        if view is None or dataset is None or config is None:
            return
        self._checks += 1
        number = self._checks

        def found(rows: list[CheckRow]) -> None:
            if number == self._checks:
                view.show_checks(rows)

        self._jobs.start(
            "Looking through the plan",
            lambda _: self._actions.check(dataset, version, config),
            on_done=found,
            on_error=self._notices.error,
            visible=False,
        )

    def _started(self, run: str) -> None:
        self._plans = False
        self.state.selected = run

    def _ended(self, run: str) -> None:
        entry = self.state.find(run)
        self.following.look()
        if entry is None:
            return
        history = self.state.histories.get(run)
        if entry.state == "finished" and history is not None and history.exported is not None:
            self.acting.hand_over(run, use=False)
        elif entry.state == "finished":
            self.told.emit(f"{entry.name} has finished.", [("Use this model", lambda: self.acting.hand_over(run))])
        elif entry.state == "failed":
            self._notices.error(entry.sentence or f"{entry.name} has failed.")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A large window gives what stands at the right more room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        usual = _ASIDE_WIDE if self.width() >= _WIDE else _ASIDE
        aside = max(usual, min(_LETTERS * self.fontMetrics().averageCharWidth(), self.width() // 3))
        for view in (self.start, self.run):
            if view is not None:
                view.set_aside(aside)
