"""A tool that draws an outline by hand."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from desktop.theme import Tokens
from desktop.widgets.canvas.shapes import Point, polygon_of
from desktop.widgets.canvas.tool import Pointer, Surface, Tool, cosmetic, reach_of

__all__ = ["LassoTool"]

_STEP = 2.0  # pixels of the screen between two points


class LassoTool(Tool):
    """The outline follows the pointer while the button is down.

    Args:
        canvas: to draw on.
        done: called with the points, three or more, within the picture.
    """

    def __init__(self, canvas: Surface, *, done: Callable[[tuple[Point, ...]], object]) -> None:
        super().__init__(canvas)
        self._done = done
        self._points: list[Point] = []

    @property
    def busy(self) -> bool:
        """Whether something is drawn."""
        return bool(self._points)

    def press(self, at: Pointer) -> None:
        """Begin."""
        self._points = [self.inside(at.point)]

    def double(self, at: Pointer) -> None:
        """As a press."""
        self.press(at)

    def move(self, at: Pointer) -> None:
        """Draw on."""
        point = self.inside(at.point)
        if self._points and math.dist(point, self._points[-1]) >= _STEP * at.pixel:
            self._points.append(point)
            self.redraw()

    def release(self, at: Pointer) -> None:
        """Hand it over, if it holds anything."""
        points = tuple(self._points)
        self.cancel()
        if len(points) >= 3:
            self._done(points)

    def cancel(self) -> None:
        """Nothing is drawn."""
        self._points = []
        self.redraw()

    def reach(self) -> QRectF:
        """The outline so far."""
        return reach_of(self._points)

    def paint(self, painter: QPainter, colours: Tokens, pixel: float) -> None:
        """The outline so far."""
        veil = QColor(colours.accent)
        veil.setAlpha(40)
        painter.setBrush(veil)
        painter.setPen(cosmetic(colours.accent, 1.5, Qt.PenStyle.DashLine))
        painter.drawPolygon(polygon_of(self._points))
