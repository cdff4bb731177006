"""Tools that draw a box: by dragging, or by a click on each of two corners."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from desktop.theme import Tokens
from desktop.widgets.canvas.shapes import Box, Point
from desktop.widgets.canvas.snapping import Snapper, whole
from desktop.widgets.canvas.tool import Pointer, Surface, Tool, cosmetic, reach_of

__all__ = ["BoxTool", "RectTool"]

_SLACK = 4.0  # pixels of the screen that the pointer moves before a click becomes a drag


class BoxTool(Tool):
    """Draws a box of whole pixels within the picture, at least one pixel wide and high.

    Args:
        canvas: to draw on.
        done: called with left, top, width, height.
    """

    _line = Qt.PenStyle.SolidLine
    _snaps = True

    def __init__(self, canvas: Surface, *, done: Callable[[Box], object]) -> None:
        super().__init__(canvas)
        self._done = done
        self._start: Point | None = None
        self._now: Point = (0.0, 0.0)
        self._dragged = False

    @property
    def busy(self) -> bool:
        """Whether a corner is set."""
        return self._start is not None

    def _corner(self, at: Pointer) -> Point:
        if self._snaps and not at.alt:
            return self.inside(Snapper(self.canvas).corner(at.point, at.pixel))
        x, y = self.inside(at.point)
        return whole(x), whole(y)

    def press(self, at: Pointer) -> None:
        """Set the first corner; or the second, where the first was clicked."""
        if self._start is not None:
            self.move(at)
            self._dragged = True
            return
        self._start = self._now = self._corner(at)
        self._dragged = False
        self.redraw()

    def move(self, at: Pointer) -> None:
        """The other corner follows, or the cross does."""
        self._now = self._corner(at)
        if self._start is not None and at.pressed and math.dist(self._start, self._now) > _SLACK * at.pixel:
            self._dragged = True
        self.redraw()

    def release(self, at: Pointer) -> None:
        """The box is done, unless this was a click on its first corner."""
        start = self._start
        if start is None or not self._dragged:
            return
        self._now = self._corner(at)
        width, height = abs(self._now[0] - start[0]), abs(self._now[1] - start[1])
        box = min(self._now[0], start[0]), min(self._now[1], start[1]), width, height
        self.cancel()
        if width >= 1 and height >= 1:
            self._done(box)

    def double(self, at: Pointer) -> None:
        """As a press."""
        self.press(at)

    def leave(self) -> None:
        """Nothing to draw."""
        self.redraw()

    def cancel(self) -> None:
        """No corner is set."""
        self._start, self._dragged = None, False
        self.redraw()

    def reach(self) -> QRectF:
        """The box so far."""
        return QRectF() if self._start is None else reach_of((self._start, self._now))

    def paint(self, painter: QPainter, colours: Tokens, pixel: float) -> None:
        """The box so far."""
        if self._start is None:
            return
        veil = QColor(colours.accent)
        veil.setAlpha(40)
        painter.setBrush(veil)
        painter.setPen(cosmetic(QColor(255, 255, 255, 200), 3.5))
        painter.drawRect(self.reach())
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(cosmetic(colours.accent, 1.5, self._line))
        painter.drawRect(self.reach())


class RectTool(BoxTool):
    """A rough box for whoever looks closer: it looks like one that catches, and snaps to nothing."""

    _line = Qt.PenStyle.DashLine
    _snaps = False
