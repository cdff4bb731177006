"""A slider with two handles, the lowest and highest value of a range; and one with one that is calm in a form."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QSlider, QWidget

from desktop.theme import tokens

__all__ = ["CalmSlider", "RangeSlider"]

_HANDLE = 14
_GROOVE = 4
_HEIGHT = 20
_LEAST = 80
_RING = 2
_PAGE = 10
_STEPS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Down: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: 1,
    Qt.Key.Key_PageDown: -_PAGE,
    Qt.Key.Key_PageUp: _PAGE,
}


class CalmSlider(QSlider):
    """A slider from side to side that leaves the wheel to the form that it is in."""

    def __init__(self, name: str, low: int, high: int, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setRange(low, high)
        self.setPageStep(5)
        self.setAccessibleName(name)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Not for this."""
        event.ignore()


class RangeSlider(QWidget):
    """Arrow keys move the handle that has the ring, Space gives the ring to the other one, the mouse moves either.

    Args:
        name: what is chosen, read out.
        unit: behind the numbers, read out; "" for none.
        low: the least.
        high: the most.
        step: between two values.
        neutral: the value near which most is chosen: there the slider is widest.

    Signals:
        changed: lowest and highest, floats.
    """

    changed = Signal(float, float)

    def __init__(
        self,
        name: str,
        unit: str,
        low: float,
        high: float,
        step: float,
        neutral: float | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._name, self._unit = name, unit
        self._low, self._high, self._step = low, high, step
        self._neutral = low if neutral is None else neutral
        self._last = max(1, round((high - low) / step))
        self._sides = (float(self._neutral > low), float(self._neutral < high))
        self._places = [0, self._last]
        self._active = 1
        self._dragging = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._read_out()

    @property
    def values(self) -> tuple[float, float]:
        """Lowest and highest."""
        return self._value(self._places[0]), self._value(self._places[1])

    def set_values(self, low: float, high: float) -> None:
        """Show other values, without telling of it."""
        self._places = sorted(min(self._last, max(0, round((one - self._low) / self._step))) for one in (low, high))
        self._read_out()
        self.update()

    def handle(self, which: int) -> QPointF:
        """Where the middle of a handle is, 0 for the lowest."""
        return QPointF(self._x(self._places[which]), self.height() / 2)

    def x_of(self, value: float) -> float:
        """Where a value lies."""
        return self._x(round((value - self._low) / self._step))

    def sizeHint(self) -> QSize:
        """Room for the handles."""
        return QSize(160, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """The least on which two handles can be told apart."""
        return QSize(_LEAST, _HEIGHT)

    # -- what a person does -------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The nearer handle comes; of two in one place the one on whose side the press is."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        x = event.position().x()
        first, second = (self._x(place) for place in self._places)
        nearer_second = abs(x - second) < abs(x - first) or (first == second and x > first)
        if first == second and (self._places[0] == self._last or x == first):
            nearer_second = self._places[0] < self._last
        self._active = int(nearer_second)
        self._dragging = True
        self._move(self._place(x))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """It goes along."""
        if self._dragging:
            self._move(self._place(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """And stays."""
        self._dragging = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, page keys, Home, End, Space."""
        key = Qt.Key(event.key())
        if key in _STEPS:
            self._move(self._places[self._active] + _STEPS[key])
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._move(0 if key is Qt.Key.Key_Home else self._last)
        elif key is Qt.Key.Key_Space:
            self._active = 1 - self._active
            self._read_out()
            self.update()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide it."""
        super().focusOutEvent(event)
        self.update()

    def _move(self, place: int) -> None:
        low, high = (0, self._places[1]) if self._active == 0 else (self._places[0], self._last)
        place = min(high, max(low, place))
        if place != self._places[self._active]:
            self._places[self._active] = place
            self._read_out()
            self.update()
            self.changed.emit(*self.values)

    # -- how it looks -------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """The groove, the range on it, the handles, and the ring."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        colours = tokens(self.palette())
        middle, ends = self.height() / 2, [self._x(place) for place in self._places]
        groove = QRectF(0, middle - _GROOVE / 2, self.width(), _GROOVE)
        painter.setBrush(QColor(colours.track))
        painter.drawRoundedRect(groove, 2, 2)
        painter.setBrush(QColor(colours.accent))
        painter.drawRect(QRectF(ends[0], groove.top(), ends[1] - ends[0], _GROOVE))
        for which, x in enumerate(ends):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawEllipse(QPointF(x, middle), _HANDLE / 2, _HANDLE / 2)
            if self.hasFocus() and which == self._active:
                painter.setPen(QPen(QColor(colours.text), _RING))
                painter.drawEllipse(QPointF(x, middle), _HANDLE / 2 + 1, _HANDLE / 2 + 1)
        event.accept()

    def _x(self, place: int) -> float:
        """Pixels; the distance from the neutral value goes as its root, on either side of it."""
        value = self._low + place * self._step
        reach = (self._high if value > self._neutral else self._low) - self._neutral
        part = math.copysign(math.sqrt((value - self._neutral) / reach), reach) if reach else 0.0
        return _HANDLE / 2 + _RING + (part + self._sides[0]) / sum(self._sides) * (self.width() - _HANDLE - 2 * _RING)

    def _place(self, x: float) -> int:
        room = max(1, self.width() - _HANDLE - 2 * _RING)
        part = (x - _HANDLE / 2 - _RING) / room * sum(self._sides) - self._sides[0]
        reach = self._high - self._neutral if part > 0 else self._neutral - self._low
        return round((self._neutral + math.copysign(part * part, part) * reach - self._low) / self._step)

    def _value(self, place: int) -> float:
        digits = max(0, -math.floor(math.log10(self._step)))
        return self._high if place == self._last else round(self._low + place * self._step, digits)

    def _read_out(self) -> None:
        low, high = self.values
        ring = "highest" if self._active else "lowest"
        unit = f" {self._unit}" if self._unit else ""
        self.setAccessibleName(f"{self._name}: {low:g} to {high:g}{unit}")
        self.setAccessibleDescription(f"Arrows move the {ring}; Space changes to the other.")
