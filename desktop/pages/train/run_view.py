"""One run as it goes on, or as it went: curves, sample pictures, what is in use; and under them all runs."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from desktop.jobs import Jobs
from desktop.pages.train.curves_panel import CurvesPanel
from desktop.pages.train.runs_panel import RunsPanel
from desktop.pages.train.samples_panel import SamplesPanel
from desktop.pages.train.side_column import SideColumn
from desktop.pages.train.state import TrainState
from desktop.theme import GAP
from desktop.widgets.fold import Fold

__all__ = ["RunView"]

_LOG_HEIGHT = 180


class RunView(QWidget):
    """Shows the run that is looked at.

    Args:
        state: what is known of runs.
        jobs: the background.

    Signals:
        picture_wanted: path of a sample picture that is to be seen.
    """

    picture_wanted = Signal(object)

    def __init__(self, state: TrainState, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._logged = ("", -1)
        self.curves = CurvesPanel(state)
        self.curves.figure_chosen.connect(state.choose_figure)
        self.samples = SamplesPanel(jobs)
        self.samples.opened.connect(self.picture_wanted)
        self.runs = RunsPanel(state)
        self.side = SideColumn()
        self._log = QPlainTextEdit(readOnly=True, tabChangesFocus=True)
        self._log.setAccessibleName("Log of the training")
        self._log.setFixedHeight(_LOG_HEIGHT)
        self.log = Fold("Log", self._log)
        self.log.opened.connect(lambda _: self._show_log())
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(GAP.xl, GAP.xs, GAP.xl, GAP.lg)
        column.setSpacing(GAP.lg)
        for one in (self.curves, self.samples):
            column.addWidget(one)
        column.addWidget(self.runs, 1)
        column.addWidget(self.log)
        area = QScrollArea(widgetResizable=True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        area.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(area, 1)
        row.addWidget(self.side)
        state.changed.subscribe(lambda _: self.refresh())
        state.moved.subscribe(self._advance)

    def set_aside(self, width: int) -> None:
        """How wide the column at the right is, pixels."""
        self.side.setFixedWidth(width)

    def refresh(self) -> None:
        """Follow the state."""
        self.curves.refresh()
        self.runs.refresh()
        self._show_rest()

    def _advance(self, run: str) -> None:
        """A run has said something."""
        if run in self._state.ticked:
            self.curves.refresh()
        if run == self._state.selected:
            self.curves.refresh()
            self._show_rest()
        self.runs.refresh()

    def _show_rest(self) -> None:
        entry, history = self._state.entry, self._state.history
        if entry is None:
            return
        head = self._state.head or (entry.heads[0].name if entry.heads else "")
        self.side.refresh(entry, history, head)
        self.samples.refresh(entry, history)
        self._show_log()

    def _show_log(self) -> None:
        history = self._state.history
        if not self.log.button.isChecked() or history is None:
            return
        if self._logged == (self._state.selected, history.logged):
            return
        self._logged = (self._state.selected, history.logged)
        lines = [line.text for line in history.log]
        self._log.setPlainText("\n".join(lines) or "Nothing was said yet.")
        bar = self._log.verticalScrollBar()
        bar.setValue(bar.maximum())
