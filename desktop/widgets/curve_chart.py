"""A chart of curves on a card: its title, what the curves are called, and what they came to.

Loads pyqtgraph (0.4 s) and NumPy: import it when a chart is wanted, not at the window's start.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from numpy.typing import ArrayLike
from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from desktop.theme import GAP
from desktop.widgets.curves.figures import said, said_x
from desktop.widgets.curves.legend import Legend, Name
from desktop.widgets.curves.line import Line
from desktop.widgets.curves.plot import Plot
from desktop.widgets.curves.series import Series
from desktop.widgets.curves.x_range import XRange
from desktop.widgets.labels import Elided, label

__all__ = ["Curve", "CurveChart", "Overlay", "XRange"]

_BEHIND = ("secondary", "good", "bad", "text")
"""Colours of the theme for curves behind the others, in turn."""

_SPOKEN_EVERY = 1000  # milliseconds
_LEAST_HEIGHT = 200


@dataclass(frozen=True, slots=True)
class Curve:
    """One curve.

    Attributes:
        key: for the owner.
        name: what it is called, such as "validation".
        colour: a colour of the theme, such as "accent" or "caution".
        smoothing: a weight of its own, None for the chart's.
    """

    key: str
    name: str
    colour: str
    smoothing: float | None = None


@dataclass(frozen=True, slots=True)
class Overlay:
    """A curve from elsewhere that stands behind the others, thinner: its name, and float (N,) of x and of y."""

    name: str
    x: ArrayLike
    y: ArrayLike


class CurveChart(QFrame):
    """Curves over x: values faint, smoothed ones over them, with a cross-hair (keys and mouse: see :class:`Plot`).

    Args:
        title: what is shown.
        curves: of which there is one at least.
        x_range: shared with other charts, which then move together; None for one of its own.
        percent: whether values are fractions of one, shown as percent.
        legend: whether the curves' names are shown; False where a chart beside this one shows them.
        nothing: what is said while there are no values.
    """

    def __init__(
        self,
        title: str,
        curves: Sequence[Curve],
        *,
        x_range: XRange | None = None,
        percent: bool = False,
        legend: bool = True,
        nothing: str = "Nothing yet.",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._title, self._percent, self._with_legend, self._nothing = title, percent, legend, nothing
        self.x_range = x_range if x_range is not None else XRange(parent=self)
        self.plot = Plot(self.x_range, percent=percent)
        self._curves = {curve.key: curve for curve in curves}
        self._lines = {
            one.key: self.plot.add_line(one.name, one.colour, Series(one.smoothing or 0.0)) for one in curves
        }
        self._behind: list[Line] = []
        self._smoothing = 0.0
        self._spoken = QTimer(self, singleShot=True, interval=_SPOKEN_EVERY)
        self._spoken.timeout.connect(self._speak)
        self._beside, self._under = Legend(right=True), Legend(right=False)
        self._summary = Elided("", "secondary")
        self._summary.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._empty = label(nothing, "secondary", wrap=True)
        self._build(title)
        self.plot.refreshed.connect(self._speak_soon)
        self.x_range.pointed.connect(lambda _: self._speak() if self.plot.hasFocus() else None)
        self._name()
        self._show()
        self._speak()

    def _build(self, title: str) -> None:
        head = QHBoxLayout()
        head.setSpacing(GAP.m)
        said_title = label(title)
        font = said_title.font()
        font.setWeight(QFont.Weight.DemiBold)
        said_title.setFont(font)
        head.addWidget(said_title)
        head.addWidget(self._beside, 1)
        head.addWidget(self._summary, 1)
        holder = QWidget()
        self._pages = QStackedLayout(holder)
        self._empty.setContentsMargins(GAP.lg, 0, GAP.lg, 0)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self.plot)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP.lg, GAP.m, GAP.lg, GAP.m)
        column.setSpacing(GAP.xs)
        column.addLayout(head)
        column.addWidget(self._under)
        column.addWidget(holder, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusProxy(self.plot)

    def sizeHint(self) -> QSize:
        """Room enough for a few lines across the plot."""
        return QSize(360, 248)

    def minimumSizeHint(self) -> QSize:
        """The least on which a curve can be read."""
        return QSize(220, _LEAST_HEIGHT)

    # -- values -------------------------------------------------------------------------------------------------------

    def append(self, key: str, x: ArrayLike, y: ArrayLike) -> None:
        """Add one or many points to the curve called ``key``: float or float (N,) each, in the order of x.

        What is not finite is a gap. Points from before the last one take the place of those that were there.
        """
        self._lines[key].series.append(x, y)
        self._show()

    def set_points(self, key: str, x: ArrayLike, y: ArrayLike) -> None:
        """Show these points, float (N,) each, in place of those before."""
        self._lines[key].series.clear()
        self.append(key, x, y)

    def clear(self) -> None:
        """Show no points, nothing behind them, no best place and no summary."""
        for line in self._lines.values():
            line.series.clear()
        self.plot.best = None
        self._summary.set_text("")
        self.set_overlays(())

    def latest(self, key: str) -> float | None:
        """The last value of a curve, None for none."""
        return self._lines[key].series.latest()

    def set_overlays(self, overlays: Sequence[Overlay]) -> None:
        """Show these behind the curves, in place of those before."""
        for line in self._behind:
            self.plot.remove_line(line)
        self._behind = []
        for place, overlay in enumerate(overlays):
            series = Series(self._smoothing)
            series.append(overlay.x, overlay.y)
            colour = _BEHIND[place % len(_BEHIND)]
            self._behind.append(self.plot.add_line(overlay.name, colour, series, thin=True))
        self._name()
        self._show()

    # -- how they are shown -------------------------------------------------------------------------------------------

    def set_smoothing(self, weight: float) -> None:
        """Smooth by an exponential moving average of this weight, 0 (not at all) up to but not including 1."""
        self._smoothing = weight
        for key, line in self._lines.items():
            own = self._curves[key].smoothing
            line.series.set_weight(weight if own is None else own)
        for line in self._behind:
            line.series.set_weight(weight)
        self.plot.schedule()

    def set_log(self, log: bool) -> None:
        """Show powers of ten at equal distances; values that are not above 0 are gaps then."""
        self.plot.log = log
        self.plot.schedule()

    def set_best(self, x: float | None, word: str = "best") -> None:
        """Mark the best place by a dashed line and a word; None for none."""
        self.plot.best = None if x is None else (x, word)
        self.plot.schedule()

    def set_summary(self, words: str) -> None:
        """Say in a few words what it came to, in the place of the curves' names, which move under the title."""
        self._summary.set_text(words)
        self._name()

    def reset_view(self) -> None:
        """Show everything."""
        self.x_range.reset()

    # -- in words -----------------------------------------------------------------------------------------------------

    def _name(self) -> None:
        own = [Name(one.name, one.colour) for one in self._curves.values()] if self._with_legend else []
        behind = [Name(line.name, line.colour, thin=True) for line in self._behind]
        summary = bool(self._summary.text())
        self._beside.set_names([] if summary else own)
        self._under.set_names([*own, *behind] if summary else behind)
        self._summary.setVisible(summary)
        self._beside.setVisible(not summary)
        self._under.setVisible(bool(self._under.names))

    def _show(self) -> None:
        self.plot.show_span()
        filled = any(len(line.series.raw) for line in [*self._lines.values(), *self._behind])
        if self._pages.currentIndex() != int(filled):
            self._pages.setCurrentIndex(int(filled))
            self._speak()
        self.plot.schedule()

    def _speak_soon(self) -> None:
        if not self._spoken.isActive():
            self._spoken.start()

    def _speak(self) -> None:
        """Say what a person who can't see the chart needs to know; not more often than it can be read out."""
        parts = []
        for line in self._lines.values():
            value = line.series.latest()
            if value is not None:
                where = f"{self.x_range.word} {said_x(float(line.series.raw.x[-1]))}".strip()
                parts.append(f"{line.name} {said(value, percent=self._percent)} at {where}")
        if self.plot.best is not None:
            parts.append(f"{self.plot.best[1]} at {self.x_range.word} {said_x(self.plot.best[0])}".replace("  ", " "))
        if self._summary.text():
            parts.append(self._summary.text())
        readings = ", ".join(f"{one.name} {one.value}" for one in self.plot.readings())
        if readings:
            parts.append(f"pointed at {self.plot.pointed_words()}: {readings}")
        words = "; ".join(parts) if parts else self._nothing
        for one in (self, self.plot):
            one.setAccessibleName(self._title)
            one.setAccessibleDescription(words)
