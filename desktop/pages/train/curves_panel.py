"""The curves of a run: its loss at the left, a figure of one question at the right, earlier runs behind both.

Loads pyqtgraph: it is made when a run is shown first, after a background job has imported that.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from desktop.pages.train.entries import Entry
from desktop.pages.train.figures import PRIMARY, FigureFacts, fact_of, known_figures, short
from desktop.pages.train.history import History, Points
from desktop.pages.train.state import TrainState
from desktop.theme import GAP
from desktop.widgets.choice import Choice
from desktop.widgets.curve_chart import Curve, CurveChart, Overlay, XRange
from desktop.widgets.labels import label
from desktop.widgets.menu_button import MenuButton

__all__ = ["CurvesPanel"]

_SMOOTHING = {"none": ("Not smoothed", 0.0), "some": ("Smoothed", 0.9), "strong": ("Strongly smoothed", 0.98)}
_LOSS = FigureFacts("loss", percent=False, lower=True)
_HEIGHT = 236
_LETTERS = 84  # below this width, charts stand over each other


class CurvesPanel(QWidget):
    """Two charts that move together, and what they show.

    Args:
        state: what is known of runs.

    Signals:
        figure_chosen: question and figure that the person wants to see.
    """

    figure_chosen = Signal(str, str)

    def __init__(self, state: TrainState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._shown: tuple[object, ...] = ()
        self._given = 0
        self._smoothing, self._log = "some", False
        self.x_range = XRange("epoch", parent=self)
        self.loss = CurveChart(
            "Loss",
            [Curve("train", "training", "accent"), Curve("val", "validation", "caution", smoothing=0.0)],
            x_range=self.x_range,
            nothing="The first values come with the first steps.",
        )
        self.loss.set_smoothing(_SMOOTHING[self._smoothing][1])
        self.figure = self._make_figure("", _LOSS)
        self._heads = Choice({}, "")
        self._heads.chosen.connect(lambda head: self.figure_chosen.emit(head, ""))
        self._figures = MenuButton("", self._fill_figures)
        self._looks = MenuButton("View", self._fill_looks)
        head = QHBoxLayout()
        head.setSpacing(GAP.s)
        head.addWidget(label("Curves", "section"))
        head.addWidget(self._heads, 1)
        for one in (self._figures, self._looks):
            head.addWidget(one)
        self._charts = QHBoxLayout()
        self._charts.setSpacing(GAP.lg)
        self._charts.addWidget(self.loss, 1)
        self._charts.addWidget(self.figure, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP.s)
        column.addLayout(head)
        column.addLayout(self._charts)
        self.loss.setMinimumHeight(_HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One chart over the other where both beside each other could not be read."""
        super().resizeEvent(event)
        beside = self.width() >= _LETTERS * self.fontMetrics().averageCharWidth()
        way = QHBoxLayout.Direction.LeftToRight if beside else QHBoxLayout.Direction.TopToBottom
        if self._charts.direction() != way:
            self._charts.setDirection(way)

    def minimumSizeHint(self) -> QSize:
        """The width of one chart: two may stand over each other."""
        return QSize(self.loss.minimumSizeHint().width(), super().minimumSizeHint().height())

    def _make_figure(self, title: str, facts: FigureFacts) -> CurveChart:
        return CurveChart(
            title,
            [Curve("train", "training", "accent"), Curve("val", "validation", "caution", smoothing=0.0)],
            x_range=self.x_range,
            percent=facts.percent,
            legend=False,
            nothing="The first figures come at the end of the first epoch.",
        )

    # -- following ----------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the run that is looked at, with what is ticked behind it."""
        entry, history = self._state.entry, self._state.history
        if entry is None:
            return
        head, figure = self._chosen(entry)
        self._heads.setVisible(len(entry.heads) > 1)
        names = {one.name: one.name for one in entry.heads}
        if self._shown[:1] != (entry.id,):
            self._heads.set_options(names, head)
        elif head in names:
            self._heads.set_value(head)
        overlays = tuple(run for run in self._state.ticked if run in self._state.histories)
        shown = (entry.id, head, figure, history.generation if history is not None else -1, overlays)
        if shown != self._shown:
            if shown[:3] != self._shown[:3]:
                self._replace_figure(entry, head, figure)
            self._shown, self._given = shown, 0
            self.loss.clear()
            self.figure.clear()
            self._lay_over(entry, head, figure)
        self.advance()

    def advance(self) -> None:
        """Add what the run has said since."""
        entry, history = self._state.entry, self._state.history
        if entry is None or history is None or not self._shown or self._shown[0] != entry.id:
            return
        if self._shown[3] != history.generation:
            self.refresh()
            return
        head, figure = self._chosen(entry)
        points = history.losses[""]
        self._add(self.loss, points)
        if figure == "loss" and head in history.losses:
            self._add(self.figure, history.losses[head])
        self._given = len(points.x)
        self._set(self.loss, history.curve("loss"))
        self._set(self.figure, history.curve(f"{head}.{figure}"))
        begun = history.begun
        self.x_range.set_end(float(begun.epochs) if begun is not None and entry.active else 0.0)
        self._mark(entry, history, head, figure)

    def _add(self, chart: CurveChart, points: Points) -> None:
        if len(points.x) > self._given:
            chart.append("train", points.x[self._given :], points.y[self._given :])

    @staticmethod
    def _set(chart: CurveChart, points: Points) -> None:
        if points.x:
            chart.set_points("val", points.x, points.y)

    def _mark(self, entry: Entry, history: History, head: str, figure: str) -> None:
        best = history.best
        kind = next((one.kind for one in entry.heads if one.name == head), "")
        facts = _LOSS if figure == "loss" else fact_of(kind, figure)
        if best is None:
            return
        where = history.end_of(best)
        for chart in (self.loss, self.figure):
            chart.set_best(where)
        value = best.val.get(f"{head}.{figure}")
        if value is not None:
            self.figure.set_summary(f"best {short(value, facts)}")

    def _lay_over(self, entry: Entry, head: str, figure: str) -> None:
        losses: list[Overlay] = []
        figures: list[Overlay] = []
        for run in self._state.ticked:
            other, history = self._state.find(run), self._state.histories.get(run)
            if other is None or history is None:
                continue
            for found, path in ((losses, "loss"), (figures, f"{head}.{figure}")):
                points = history.curve(path)
                if points.x:
                    found.append(Overlay(other.name, points.x, points.y))
        self.loss.set_overlays(losses)
        self.figure.set_overlays(figures)

    def _replace_figure(self, entry: Entry, head: str, figure: str) -> None:
        """Another figure is another chart: its title and its numbers are others."""
        kind = next((one.kind for one in entry.heads if one.name == head), "")
        facts = _LOSS if figure == "loss" else fact_of(kind, figure)
        title = f"{head[:1].upper()}{head[1:]}, {facts.title}" if head else "Figure"
        old = self.figure
        self.figure = self._make_figure(title, facts)
        self.figure.setToolTip(facts.tip)
        self.figure.set_smoothing(_SMOOTHING[self._smoothing][1])
        self._charts.replaceWidget(old, self.figure)
        old.x_range.set_span(id(old.plot), None)
        old.hide()
        old.deleteLater()
        self._figures.set_words(facts.title, "Another figure in the right chart")

    def _chosen(self, entry: Entry) -> tuple[str, str]:
        """Question and figure of the right chart."""
        head = next((one for one in entry.heads if one.name == self._state.head), None)
        head = head or (entry.heads[0] if entry.heads else None)
        if head is None:
            return "", "loss"
        return head.name, self._state.figure or PRIMARY.get(head.kind, "loss")

    # -- menus --------------------------------------------------------------------------------------------------------

    def _fill_figures(self, menu: QMenu) -> None:
        entry, history = self._state.entry, self._state.history
        if entry is None or history is None:
            return
        head, chosen = self._chosen(entry)
        kind = next((one.kind for one in entry.heads if one.name == head), "")
        said = {path for epoch in history.epochs for path in epoch.val}
        for figure in [*known_figures(kind, said, head), "loss"]:
            facts = _LOSS if figure == "loss" else fact_of(kind, figure)
            act = partial(self.figure_chosen.emit, head, figure)
            _choice(menu, facts.title, facts.tip, on=figure == chosen, act=act)

    def _fill_looks(self, menu: QMenu) -> None:
        for key, (words, _) in _SMOOTHING.items():
            _choice(menu, words, "", on=key == self._smoothing, act=partial(self._smooth, key))
        menu.addSeparator()
        _choice(menu, "Loss in powers of ten", "", on=self._log, act=self._toggle_log)
        menu.addSeparator()
        menu.addAction("Show everything", self.loss.reset_view)

    def _smooth(self, key: str) -> None:
        self._smoothing = key
        for chart in (self.loss, self.figure):
            chart.set_smoothing(_SMOOTHING[key][1])

    def _toggle_log(self) -> None:
        self._log = not self._log
        self.loss.set_log(self._log)


def _choice(menu: QMenu, words: str, tip: str, *, on: bool, act: Callable[[], object]) -> None:
    made = QAction(words.replace("&", "&&"), menu, checkable=True, checked=on)
    made.setToolTip(tip or words)
    made.triggered.connect(lambda _checked=False: act())
    menu.addAction(made)
