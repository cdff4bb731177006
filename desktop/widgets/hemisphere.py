"""A direction towards the viewer's side, set by dragging a point over a half ball that is seen from the front."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QRadialGradient
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.theme import GAP, TYPE, sized, tokens

__all__ = ["Hemisphere"]

Direction = tuple[float, float, float]

_SIDE = 180
_STEP, _LEAP = math.radians(2), math.radians(10)
_DOT, _OTHER = 6.0, 3.5


class Hemisphere(QWidget):
    """x to the right, y up, z to the viewer; the middle is straight ahead, the rim is 90 degrees to the side.

    Signals:
        moved: x, y, z while the point is dragged.
        chosen: x, y, z when it is let go, or was moved by an arrow key (2 degrees; with Shift 10).
    """

    moved = Signal(float, float, float)
    chosen = Signal(float, float, float)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._direction: Direction | None = None
        self._others: tuple[Direction, ...] = ()
        self._dragging = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._say()

    @property
    def direction(self) -> Direction | None:
        """A unit vector; None where none is known."""
        return self._direction

    def set_direction(self, direction: Direction | None, others: Sequence[Direction] = ()) -> None:
        """Show a direction, and fainter ones around it; nothing is told."""
        self._direction = _unit(direction) if direction is not None else None
        self._others = tuple(_unit(one) for one in others)
        self._say()
        self.update()

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(_SIDE, _SIDE)

    def minimumSizeHint(self) -> QSize:
        """Large enough to aim."""
        return QSize(_SIDE, _SIDE)

    def _say(self) -> None:
        self.setAccessibleName(self._name)
        if self._direction is None:
            self.setAccessibleDescription("not known")
            return
        x, y, z = self._direction
        side = "right" if x > 0 else "left"
        self.setAccessibleDescription(
            f"{math.degrees(math.acos(max(-1.0, min(1.0, z)))):.0f} degrees from straight ahead, to the {side}, "
            f"{'up' if y > 0 else 'down'}"
        )

    # -- mouse and keyboard -------------------------------------------------------------------------------------------

    def _disc(self) -> tuple[QPointF, float]:
        radius = min(self.width(), self.height()) / 2 - _DOT - 2
        return QPointF(self.width() / 2, self.height() / 2), radius

    def _at(self, point: QPointF) -> Direction:
        middle, radius = self._disc()
        x, y = (point.x() - middle.x()) / radius, (middle.y() - point.y()) / radius
        out = math.hypot(x, y)
        if out >= 1:
            return x / out, y / out, 0.0
        return x, y, math.sqrt(1 - out * out)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Put the point there."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._dragging = True
            self._move(self._at(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag it."""
        if self._dragging:
            self._move(self._at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let it go."""
        if self._dragging and self._direction is not None:
            self._dragging = False
            self.chosen.emit(*self._direction)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows turn the direction."""
        turns = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, 1),
            Qt.Key.Key_Down: (0, -1),
        }
        turn = turns.get(Qt.Key(event.key()))
        if turn is None:
            super().keyPressEvent(event)
            return
        step = _LEAP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else _STEP
        x, y, z = self._direction or (0.0, 0.0, 1.0)
        across, up = math.atan2(x, z) + turn[0] * step, math.asin(max(-1.0, min(1.0, y))) + turn[1] * step
        across, up = (max(-math.pi / 2, min(math.pi / 2, one)) for one in (across, up))
        self._move((math.cos(up) * math.sin(across), math.sin(up), math.cos(up) * math.cos(across)))
        if self._direction is not None:
            self.chosen.emit(*self._direction)

    def _move(self, direction: Direction) -> None:
        self._direction = direction
        self._say()
        self.update()
        self.moved.emit(*direction)

    # -- painting -----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ball lit from that direction, rings every 30 degrees, the points."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = tokens(self.palette())
        middle, radius = self._disc()
        if self._direction is not None:
            light = QRadialGradient(self._spot(self._direction), radius * 1.6)
            light.setColorAt(0, QColor(colours.surface))
            light.setColorAt(1, QColor(colours.track))
            painter.setBrush(light)
        else:
            painter.setBrush(QColor(colours.track))
        painter.setPen(QPen(QColor(colours.accent if self.hasFocus() else colours.border), 2 if self.hasFocus() else 1))
        painter.drawEllipse(middle, radius, radius)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(colours.border), 1))
        for degrees in (30, 60):
            ring = radius * math.sin(math.radians(degrees))
            painter.drawEllipse(middle, ring, ring)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.secondary))
        for one in self._others:
            painter.drawEllipse(self._spot(one), _OTHER, _OTHER)
        if self._direction is not None:
            painter.setBrush(QColor(colours.accent))
            painter.setPen(QPen(QColor(colours.on_accent), 1.5))
            painter.drawEllipse(self._spot(self._direction), _DOT, _DOT)
        else:
            painter.setFont(sized(self.font(), TYPE.secondary))
            painter.setPen(QColor(colours.secondary))
            inside = QRectF(0, 0, 2 * radius - GAP.lg, radius)
            inside.moveCenter(middle)
            painter.drawText(inside, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, "Drag to set the light")
        event.accept()

    def _spot(self, direction: Direction) -> QPointF:
        middle, radius = self._disc()
        return QPointF(middle.x() + direction[0] * radius, middle.y() - direction[1] * radius)


def _unit(direction: Direction) -> Direction:
    x, y, z = direction
    length = math.sqrt(x * x + y * y + z * z)
    return (x / length, y / length, z / length) if length > 0 else (0.0, 0.0, 1.0)
