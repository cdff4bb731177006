"""The plot itself: lines, two quiet axes, and when they are drawn; what a person does with it is in :mod:`plot`."""

from __future__ import annotations

import time

from PySide6.QtCore import QCoreApplication, QEvent, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QGraphicsView, QWidget

from desktop.theme import GAP, TYPE, sized, tokens
from desktop.widgets.curves.axis import Axis
from desktop.widgets.curves.figures import tick_words, ticks, ticks_of_powers
from desktop.widgets.curves.line import Line
from desktop.widgets.curves.plotting import pg
from desktop.widgets.curves.series import Series
from desktop.widgets.curves.x_range import XRange

__all__ = ["PlotView"]

_FRAME = 1 / 60
_ROOM_X, _ROOM_Y = 70, 40  # pixels between two numbers of an axis, at least
_MOST_Y = 5  # steps of the axis
_MARGIN = 3.0  # pixels above and below the outermost curve


class PlotView(pg.GraphicsView):
    """Lines over a stretch of x that other plots may share.

    Args:
        x_range: shared with other plots.
        percent: whether values are fractions of one, shown as percent.

    Signals:
        refreshed: something else is drawn now.
    """

    refreshed = Signal()

    def __init__(self, x_range: XRange, *, percent: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent, useOpenGL=False, background=None)
        self.x_range, self.percent = x_range, percent
        self.lines: list[Line] = []
        self.log = False
        self._last = 0.0
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.draw_now)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self._view = pg.ViewBox(enableMouse=False, enableMenu=False, defaultPadding=0.0)
        self._view.disableAutoRange()
        self._left, self._bottom = Axis("left", across=True), Axis("bottom", across=False)
        self._left.linkToView(self._view)
        self._bottom.linkToView(self._view)
        self._left.setZValue(self._view.zValue() - 1)  # its hairlines go under the curves
        layout = self.centralLayout
        layout.setContentsMargins(0, GAP.s, GAP.s, 0)
        layout.setSpacing(0)
        layout.addItem(self._left, 0, 0)
        layout.addItem(self._view, 0, 1)
        layout.addItem(self._bottom, 1, 1)
        x_range.changed.connect(self.schedule)
        self._look()

    # -- what is shown ------------------------------------------------------------------------------------------------

    def add_line(self, name: str, colour: str, series: Series, *, thin: bool = False) -> Line:
        """Draw ``series`` from now on."""
        line = Line(name, colour, series, self._view, thin=thin)
        line.set_look(tokens(self.palette()))
        self.lines.append(line)
        self.schedule()
        return line

    def remove_line(self, line: Line) -> None:
        """Draw it no more."""
        self.lines.remove(line)
        line.remove()
        self.schedule()

    def schedule(self) -> None:
        """Something has changed: draw it with the next of 60 frames a second; while nobody sees it, not at all."""
        if not self._timer.isActive() and self.isVisible():
            self._timer.start(max(0, round(1000 * (self._last + _FRAME - time.monotonic()))))

    def show_span(self) -> None:
        """Tell the shared range from where to where the lines go."""
        ends = [(one.series.raw.x[0], one.series.raw.x[-1]) for one in self.lines if len(one.series.raw)]
        span = (float(min(low for low, _ in ends)), float(max(high for _, high in ends))) if ends else None
        self.x_range.set_span(id(self), span)

    @property
    def y_range(self) -> tuple[float, float]:
        """The least and the greatest that the axis shows."""
        marks = [value for value, _ in self._left.words]
        return (marks[0], marks[-1]) if marks else (0.0, 1.0)

    @property
    def x_words(self) -> list[str]:
        """The numbers under the plot."""
        return [word for _, word in self._bottom.words]

    @property
    def y_words(self) -> list[str]:
        """The numbers beside it, from below."""
        return [word for _, word in self._left.words]

    def small(self) -> QFont:
        """The type of its numbers and words."""
        return sized(self.font(), TYPE.secondary)

    def _look(self) -> None:
        colours = tokens(self.palette())
        self.setBackground(QColor(colours.surface))
        for axis in (self._left, self._bottom):
            axis.set_look(self.small(), colours)
        for line in self.lines:
            line.set_look(colours)

    def draw_now(self) -> None:
        """Draw what has changed, without waiting for the next frame."""
        self._timer.stop()
        self._last = time.monotonic()
        width, height = self._view.width(), self._view.height()
        if width < 1 or height < 1:
            return
        low, high = self.x_range.shown
        columns = max(1, round(width * self.devicePixelRatioF()))
        found = [line.draw(low, high, columns, log=self.log) for line in self.lines]
        extents = [one for one in found if one is not None]
        marks = self._marks(extents, min(_MOST_Y, max(2, round(height / _ROOM_Y))))
        across = [one for one in ticks(low, high, max(2, round(width / _ROOM_X)), 0.0) if low <= one <= high]
        self._left.show_words(marks, tick_words(marks, percent=self.percent, powers=self.log))
        self._bottom.show_words(across, tick_words(across))
        margin = (marks[-1] - marks[0]) * _MARGIN / height
        self._view.setRange(xRange=(low, high), yRange=(marks[0] - margin, marks[-1] + margin), padding=0)
        # Moves the curves, marks what has changed, and paints: left to the event loop each would paint once more
        self.scene().prepareForPaint()
        self.viewport().update()
        QCoreApplication.sendPostedEvents(self.scene(), int(QEvent.Type.MetaCall.value))
        self.refreshed.emit()

    def _marks(self, extents: list[tuple[float, float]], most: int) -> list[float]:
        """Where the lines across the plot lie; the outermost are its ends, so that these stand still for a while."""
        low = min((one[0] for one in extents), default=0.0)
        high = max((one[1] for one in extents), default=1.0)
        if high - low < 1e-12 * max(1.0, abs(high)):
            room = 0.05 if self.percent else 0.1 * abs(high) or 0.5
            low, high = low - room, high + room
        if self.log:
            return ticks_of_powers(low, high, most)
        marks = ticks(low, high, most)
        if self.percent and extents:
            within = [one for one in marks if -1e-9 <= one <= 1 + 1e-9]
            return within if len(within) > 1 else [0.0, 1.0]
        return marks

    # -- places -------------------------------------------------------------------------------------------------------

    def box(self) -> QRectF:
        """The plot without its axes, pixels."""
        return QRectF(self._view.mapRectToScene(self._view.boundingRect()))

    def x_at(self, pixel: float) -> float:
        """The x at a pixel of the widget."""
        (low, high), box = self.x_range.shown, self.box()
        return low + (pixel - box.left()) / max(1.0, box.width()) * (high - low)

    def pixel_of(self, x: float, y: float = 0.0) -> QPointF:
        """Where a value lies; ``y`` is a power of ten on a logarithmic scale."""
        (low, high), box = self.x_range.shown, self.box()
        bottom, top = self._view.viewRange()[1]
        part = (y - bottom) / (top - bottom) if top > bottom else 0.0
        across = (x - low) / (high - low)
        return QPointF(box.left() + across * box.width(), box.bottom() - part * box.height())

    # -- what Qt tells ------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Other columns."""
        super().resizeEvent(event)
        if event is not None:  # pyqtgraph calls it itself while it is being made
            self.schedule()

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what has come meanwhile."""
        super().showEvent(event)
        self.schedule()

    def hideEvent(self, event: QHideEvent) -> None:
        """Draw no more."""
        super().hideEvent(event)
        self._timer.stop()

    def changeEvent(self, event: QEvent) -> None:
        """Follow theme and text size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and hasattr(self, "_bottom"):
            self._look()
            self.schedule()
