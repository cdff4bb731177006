"""A tool whose outline finds its own way between the points that are clicked (intelligent scissors)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter

from desktop.theme import Tokens
from desktop.widgets.canvas.shapes import Point, polygon_of
from desktop.widgets.canvas.tool import Pointer, Surface, Tool, cosmetic, draw_handle, reach_of

__all__ = ["PathTool"]

_CLOSE = 8.0  # pixels of the screen from the first point, within which a click closes
_ENDS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class PathTool(Tool):
    """A live path from the last anchor to the pointer. Backspace takes the last anchor away, Esc all of them.

    Args:
        canvas: to draw on.
        path: gives the points of the way from one to another, both of them included.
        done: called with the outline.
        begun: called with each anchor before ways from it are asked for.
    """

    def __init__(
        self,
        canvas: Surface,
        *,
        path: Callable[[Point, Point], Sequence[Point]],
        done: Callable[[tuple[Point, ...]], object],
        begun: Callable[[Point], object] | None = None,
    ) -> None:
        super().__init__(canvas)
        self._path, self._done, self._begun = path, done, begun
        self._anchors: list[Point] = []
        self._ways: list[tuple[Point, ...]] = []
        self._live: tuple[Point, ...] = ()

    @property
    def busy(self) -> bool:
        """Whether an anchor is set."""
        return bool(self._anchors)

    def press(self, at: Pointer) -> None:
        """Set an anchor; on the first one, close."""
        point = self.inside(at.point)
        if len(self._anchors) > 1 and math.dist(self._anchors[0], point) <= _CLOSE * at.pixel:
            self._finish()
            return
        if self._anchors:
            self._ways.append(tuple(self._path(self._anchors[-1], point)))
        self._anchor(point)

    def _anchor(self, point: Point) -> None:
        self._anchors.append(point)
        self._live = ()
        if self._begun is not None:
            self._begun(point)
        self.redraw()

    def move(self, at: Pointer) -> None:
        """The way to the pointer."""
        if self._anchors:
            self._live = tuple(self._path(self._anchors[-1], self.inside(at.point)))
            self.redraw()

    def double(self, at: Pointer) -> None:
        """The first press set an anchor; this one closes."""
        self._finish()

    def key(self, event: QKeyEvent) -> bool:
        """Enter closes, Backspace takes the last anchor away."""
        if not self._anchors:
            return False
        key = Qt.Key(event.key())
        if key in _ENDS:
            self._finish()
        elif key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self._anchors.pop()
            if self._ways:
                self._ways.pop()
            self._live = ()
            if self._anchors and self._begun is not None:
                self._begun(self._anchors[-1])
            self.redraw()
        else:
            return False
        return True

    def _finish(self) -> None:
        if not self._ways:
            return
        ways = [*self._ways, tuple(self._path(self._anchors[-1], self._anchors[0]))]
        points = tuple(point for way in ways for point in way[:-1])
        self.cancel()
        if len(points) >= 3:
            self._done(points)

    def cancel(self) -> None:
        """No anchors."""
        self._anchors, self._ways, self._live = [], [], ()
        self.redraw()

    def leave(self) -> None:
        """No way to the pointer."""
        self._live = ()
        self.redraw()

    def reach(self) -> QRectF:
        """All ways."""
        return reach_of([*self._anchors, *(point for way in self._ways for point in way), *self._live])

    def paint(self, painter: QPainter, colours: Tokens, pixel: float) -> None:
        """The ways, and the anchors on them."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for way in (*self._ways, self._live):
            if len(way) > 1:
                for colour, width in ((QColor(255, 255, 255, 200), 3.5), (QColor(colours.accent), 1.5)):
                    painter.setPen(cosmetic(colour, width))
                    painter.drawPolyline(polygon_of(way))
        for place, point in enumerate(self._anchors):
            draw_handle(painter, colours, point, pixel, hot=place == 0 and len(self._anchors) > 1)
