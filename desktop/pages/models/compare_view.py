"""Compare models on labelled pictures: which is right how often, at what cost, and where they disagree."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.jobs import Context, Job, Jobs
from desktop.notices import Notices
from desktop.pages.models.compare_results import CompareResults
from desktop.pages.models.comparing import Comparing
from desktop.pages.models.labelled_view import LabelledView
from desktop.widgets.labels import button
from desktop.widgets.tick_list import Tick, TickList

if TYPE_CHECKING:
    from desktop.actions.compare import Comparison
    from desktop.actions.models import Installed

__all__ = ["CompareView"]

_CHOICES = 300


class CompareView(LabelledView):
    """The view; no model joins the library here."""

    def __init__(self, jobs: Jobs, notices: Notices, parent: QWidget | None = None) -> None:
        super().__init__(
            "Compare",
            "Drop to compare on",
            "Choose a folder with a folder for each category",
            labelled=True,
            jobs=jobs,
            notices=notices,
            parent=parent,
        )
        self.state = Comparing()
        self._running: Job | None = None
        self._export = button("Export CSV…", on_click=self._choose_export)
        self._go = button("Compare", "primary", on_click=self.run, tip="Ask all of them (Ctrl+Enter)")
        self._go.setShortcut("Ctrl+Return")
        self.add_action(self._export)
        self.add_action(self._go)
        self._ticks = TickList()
        self._ticks.changed.connect(self.state.tick)
        self.add_section("Which models", self._ticks)
        self.add_pictures(
            "On which pictures",
            "A folder for each category in one folder, a table (CSV) of files and labels, or one of your datasets.",
        )
        self._results = CompareResults(self.state, jobs)
        self.lay_out(
            _CHOICES,
            "target",
            "Drop labelled pictures here",
            "Each model answers all of them. The answers are compared with the labels, and with each other.",
            self._results,
        )
        self.menu.chosen.connect(self.state.choose)
        self.state.changed.subscribe(lambda _: self._refresh())
        self._refresh()

    # -- what a person does -------------------------------------------------------------------------------------------

    def open(self, folders: Sequence[Path | None]) -> None:
        """Compare these models, None for the starter model; others can be ticked too."""
        self._stop()
        self.state.begin(folders)
        self.look_for_datasets()
        self._jobs.start(
            "Looking for models",
            lambda _: Comparing.look(),
            on_done=self.state.take_models,
            on_error=self._notices.error,
            visible=False,
        )

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
        self.show_place(state.on)
        self.set_hint("Comparing…" if running else state.problem)
        self._go.setEnabled(not running and not state.problem)
        self._export.setVisible(state.found is not None)
        self.show_result(state.found is not None)
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
