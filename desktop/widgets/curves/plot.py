"""A plot that a person looks at more closely, by mouse or keyboard, and points at to read its values."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPen, QWheelEvent
from PySide6.QtWidgets import QWidget

from desktop.theme import RADIUS, tokens
from desktop.widgets.curves.figures import said, said_x
from desktop.widgets.curves.readout import Reading, draw_band, draw_best, draw_dot, draw_readings
from desktop.widgets.curves.view import PlotView
from desktop.widgets.curves.x_range import XRange

__all__ = ["Plot"]

_DRAG = 6.0  # pixels that the pointer moves before a press becomes a drag
_IN, _OUT = 0.8, 1.25
_WHEEL = 0.999  # of what is shown, a unit of the wheel (an eighth of a degree)
_STEPS = 50  # of an arrow key from end to end


class Plot(PlotView):
    """The plot with a cross-hair, the best place, and the ends of its curves.

    The wheel looks closer while the plot has the keyboard, or with Ctrl; else it scrolls the page. Drawing along x
    looks closer too, and moves along what is shown then. Arrows move the cross-hair, with Ctrl what is shown; plus and
    minus look closer and from further away; Home and a double click show everything; End points at the last values.
    """

    def __init__(self, x_range: XRange, *, percent: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(x_range, percent=percent, parent=parent)
        self.best: tuple[float, str] | None = None
        self._pressed: QPointF | None = None
        self._dragged: float | None = None
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.CrossCursor)
        x_range.pointed.connect(self._show_pointer)

    # -- mouse and keyboard -------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to draw along x, or to move what is shown."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Point there, or go on."""
        x, box = event.position().x(), self.box()
        if self._pressed is None:
            self.x_range.point(self.x_at(x) if box.left() <= x <= box.right() else None)
        elif self._dragged is not None or abs(x - self._pressed.x()) >= _DRAG:
            before = self._pressed.x() if self._dragged is None else self._dragged
            self._dragged = x
            if self.x_range.zoomed:
                self.x_range.pan(self.x_at(before) - self.x_at(x))
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Look closer at what was drawn around."""
        pressed, dragged = self._pressed, self._dragged
        self._pressed = self._dragged = None
        if pressed is not None and dragged is not None and not self.x_range.zoomed:
            ends = sorted((self.x_at(pressed.x()), self.x_at(dragged)))
            self.x_range.show(ends[0], ends[1])
        self.viewport().update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show everything."""
        self.x_range.reset()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Look closer at what is under the pointer; where the page is to be scrolled instead, leave it to that."""
        turned = event.angleDelta().y()
        if not turned or not (self.hasFocus() or event.modifiers() & Qt.KeyboardModifier.ControlModifier):
            event.ignore()
            return
        self.x_range.zoom(_WHEEL**turned, self.x_at(event.position().x()))
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is pointed at."""
        self.x_range.point(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the cross-hair or what is shown, or show more or less."""
        (low, high), pointer = self.x_range.shown, self.x_range.pointer
        middle = pointer if pointer is not None and low <= pointer <= high else (low + high) / 2
        along = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        match event.key():
            case Qt.Key.Key_Left | Qt.Key.Key_Right:
                by = (high - low) / _STEPS * (1 if event.key() == Qt.Key.Key_Right else -1)
                if along:
                    self.x_range.pan(5 * by)
                else:
                    self.x_range.point(min(high, max(low, middle + by)))
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal | Qt.Key.Key_Up:
                self.x_range.zoom(_IN, middle)
            case Qt.Key.Key_Minus | Qt.Key.Key_Down:
                self.x_range.zoom(_OUT, middle)
            case Qt.Key.Key_Home:
                self.x_range.reset()
            case Qt.Key.Key_End:
                ends = [line.series.raw.x[-1] for line in self.lines if len(line.series.raw)]
                self.x_range.point(min(high, float(max(ends))) if ends else None)
            case Qt.Key.Key_Escape if pointer is not None:
                self.x_range.point(None)
            case _:
                event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide it."""
        super().focusOutEvent(event)
        self.viewport().update()

    # -- over the curves ----------------------------------------------------------------------------------------------

    def _show_pointer(self, x: float | None) -> None:
        self.viewport().update()

    def readings(self) -> list[Reading]:
        """What the curves are worth at the cross-hair; none while nothing is pointed at."""
        pointer, made = self.x_range.pointer, list[Reading]()
        if pointer is None:
            return made
        for line in self.lines:
            place = line.place_at(pointer)
            if place >= 0:
                raw, smooth = (said(float(one.y[place]), percent=self.percent) for one in line.series.both)
                colour = getattr(tokens(self.palette()), line.colour)
                made.append(Reading(line.name, colour, raw, smooth if line.series.weight > 0 else ""))
        return made

    def pointed_words(self) -> str:
        """Where the cross-hair stands: "epoch 12.4"."""
        pointer = self.x_range.pointer
        return "" if pointer is None else f"{self.x_range.word} {said_x(pointer)}".strip()

    def drawForeground(self, painter: QPainter, rect: QRectF) -> None:  # noqa: N802 - Qt's name
        """Best place, ends of the curves, cross-hair, what is being drawn around, and the ring of the keyboard."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours, box, font = tokens(self.palette()), self.box(), self.small()
        low, high = self.x_range.shown
        if self.best is not None and low <= self.best[0] <= high:
            draw_best(painter, font, colours, box, self.pixel_of(self.best[0]).x(), self.best[1])
        pointer = self.x_range.pointer
        for line in self.lines:
            series = line.series
            place = len(series.raw) - 1 if pointer is None else line.place_at(pointer)
            if place < 0 or (pointer is None and line.thin) or not low <= series.smooth.x[place] <= high:
                continue
            where = self._dot(float(series.smooth.x[place]), float(series.smooth.y[place]))
            if where is not None and box.adjusted(-1, -1, 1, 1).contains(where):
                draw_dot(painter, where, getattr(colours, line.colour), colours.surface)
        if self._pressed is not None and self._dragged is not None and not self.x_range.zoomed:
            draw_band(painter, colours, box, self._pressed.x(), self._dragged)
        elif pointer is not None and low <= pointer <= high:
            x = self.pixel_of(pointer).x()
            draw_readings(painter, font, colours, box, x, self.pointed_words(), self.readings())
        if self.hasFocus():
            painter.setPen(QPen(QColor(colours.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.viewport().rect()).adjusted(1, 1, -1, -1), RADIUS, RADIUS)

    def _dot(self, x: float, y: float) -> QPointF | None:
        """Where a value's dot lies; None for a gap."""
        if math.isnan(y) or (self.log and y <= 0):
            return None
        return self.pixel_of(x, math.log10(y) if self.log else y)
