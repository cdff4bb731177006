"""Compare models on labelled pictures: which is right how often, at what cost, and where they disagree."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from desktop.actions.labelled import ChosenDataset
from desktop.jobs import Context, Job, Jobs
from desktop.notices import Notices
from desktop.pages.models.compare_results import CompareResults
from desktop.pages.models.comparing import Comparing
from desktop.pages.models.dataset_menu import DatasetMenu
from desktop.theme import GAP
from desktop.widgets.drop_area import DropArea
from desktop.widgets.labels import Elided, button, label
from desktop.widgets.side_scroll import SideScroll
from desktop.widgets.sub_page import SubPage
from desktop.widgets.tick_list import Tick, TickList

if TYPE_CHECKING:
    from desktop.actions.compare import Comparison
    from desktop.actions.models import Installed

__all__ = ["CompareView"]

_CHOICES = 300


class CompareView(SubPage):
    """The view.

    Signals:
        installed: never emitted here; all views of the page have it.
    """

    installed = Signal(object)

    def __init__(self, jobs: Jobs, notices: Notices, parent: QWidget | None = None) -> None:
        super().__init__("Compare", "Models", drop="Drop to compare on", parent=parent)
        self._jobs, self._notices = jobs, notices
        self.state = Comparing()
        self._running: Job | None = None
        self._menus: list[DatasetMenu] = []
        self._export = button("Export CSV…", on_click=self._choose_export)
        self._go = button("Compare", "primary", on_click=self.run, tip="Ask all of them (Ctrl+Enter)")
        self._go.setShortcut("Ctrl+Return")
        self.add_action(self._export)
        self.add_action(self._go)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self._choices())
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty())
        self._results = CompareResults(self.state, jobs)
        self._stack.addWidget(self._results)
        row.addWidget(self._stack, 1)
        self.body.addLayout(row)
        self.dropped.connect(lambda paths: self.state.choose(paths[0]))
        self.hot.connect(self._drop_area.set_hot)
        self.state.changed.subscribe(lambda _: self._refresh())
        self._refresh()

    # -- building -----------------------------------------------------------------------------------------------------

    def _choices(self) -> QWidget:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(GAP.xl, GAP.xs, GAP.lg, GAP.xl)
        column.setSpacing(GAP.s)
        column.addWidget(label("Which models", "section", wrap=True))
        self._ticks = TickList()
        self._ticks.changed.connect(self.state.tick)
        column.addWidget(self._ticks)
        column.addSpacing(GAP.s)
        column.addWidget(label("On which pictures", "section", wrap=True))
        self._place = Elided("None chosen")
        column.addWidget(self._place)
        choose = button("Choose…")
        choose.setMenu(self._browse_menu())
        column.addWidget(choose, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(
            label(
                "A folder for each category in one folder, a table (CSV) of files and labels, or one of your datasets.",
                "secondary",
                wrap=True,
            )
        )
        column.addStretch(1)
        return SideScroll(body, _CHOICES)

    def _empty(self) -> QWidget:
        browse = button("Browse…")
        browse.setMenu(self._browse_menu())
        self._drop_area = DropArea(
            "target",
            "Drop labelled pictures here",
            "Each model answers all of them. The answers are compared with the labels, and with each other.",
            [browse],
        )
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(GAP.s, GAP.xs, GAP.xl, GAP.xl)
        column.addWidget(self._drop_area)
        return page

    def _browse_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.addAction("Folder…", self._browse_folder)
        menu.addAction("Table (CSV)…", self._browse_table)
        datasets = DatasetMenu(menu)
        datasets.chosen.connect(self.state.choose)
        menu.addMenu(datasets)
        self._menus.append(datasets)
        return menu

    # -- what a person does -------------------------------------------------------------------------------------------

    def open(self, folders: Sequence[Path | None]) -> None:
        """Compare these models, None for the starter model; others can be ticked too."""
        self._stop()
        self.state.begin(folders)
        self._look_for_datasets()
        self._jobs.start(
            "Looking for models",
            lambda _: Comparing.look(),
            on_done=self.state.take_models,
            on_error=self._notices.error,
            visible=False,
        )

    def _look_for_datasets(self) -> None:
        self._jobs.start(
            "Looking for datasets",
            lambda _: Comparing.look_for_datasets(),
            on_done=self._show_datasets,
            on_error=self._notices.error,
            visible=False,
        )

    def _show_datasets(self, datasets: Sequence[ChosenDataset]) -> None:
        for menu in self._menus:
            menu.set_datasets(datasets)

    def run(self) -> None:
        """Compare, if nothing is missing."""
        on = self.state.on
        if self.state.problem or on is None or self._running is not None:
            return
        models = self.state.ticked

        def work(context: Context[None]) -> Comparison:
            return Comparing.run(models, on, context.cancel, context.progress)

        def done(found: Comparison) -> None:
            if job is self._running:
                self.state.take(found)

        def ended(_: Job) -> None:
            if job is self._running:
                self._running = None
                self._refresh()

        job = self._jobs.start("Comparing models", work, on_done=done, on_error=self._notices.error, on_end=ended)
        self._running = job
        self._refresh()

    def export(self, path: Path) -> None:
        """Save the ranking as CSV."""
        found = self.state.found
        if found is not None:
            self._jobs.start(
                "Saving",
                lambda _: Comparing.save(found, path),
                on_done=lambda _: self._notices.info(f"Saved as {path.name}."),
                on_error=self._notices.error,
            )

    def _stop(self) -> None:
        if self._running is not None:
            self._running.cancel()
            self._running = None

    def _browse_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "Choose a folder with a folder for each category")
        if folder:
            self.state.choose(Path(folder))

    def _browse_table(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "Choose a table of files and labels", "", "CSV (*.csv)")
        if name:
            self.state.choose(Path(name))

    def _choose_export(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "Save the ranking", "comparison.csv", "CSV (*.csv)")
        if name:
            path = Path(name)
            self.export(path if path.suffix.lower() == ".csv" else path.with_name(f"{path.name}.csv"))

    # -- showing ------------------------------------------------------------------------------------------------------

    def _refresh(self) -> None:
        state = self.state
        running = self._running is not None
        self._show_ticks()
        self._place.set_text(str(state.on) if state.on is not None else "None chosen")
        self.set_hint("Comparing…" if running else state.problem)
        self._go.setEnabled(not running and not state.problem)
        self._export.setVisible(state.found is not None)
        self._stack.setCurrentIndex(0 if state.found is None else 1)
        self._results.refresh()

    def _show_ticks(self) -> None:
        models = self.state.models
        rows = [Tick(one.name, _detail(one)) for one in models]
        ticked = [place for place, one in enumerate(models) if one.folder in self.state.ticked]
        if [box.text() for box in self._ticks.boxes] != [row.name.replace("&", "&&") for row in rows]:
            self._ticks.set_ticks(rows, ticked)


def _detail(one: Installed) -> str:
    """What a model answers."""
    return ", ".join(
        f"{head.name} · {head.categories}" if head.categories else head.name
        for head in one.card.questions
        if head.kind == "categories"
    )
