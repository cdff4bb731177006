"""Tools that set one point after another: outlines, lines that cut, and the four corners of a card."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter

from desktop.theme import Tokens
from desktop.widgets.canvas.shapes import Point, polygon_of
from desktop.widgets.canvas.snapping import Snapper, quarter
from desktop.widgets.canvas.tool import Pointer, Surface, Tool, cosmetic, draw_handle, reach_of

__all__ = ["PointsTool", "PolygonTool", "QuadTool", "in_order"]

_CLOSE = 8.0  # pixels of the screen from the first point, within which a click closes
_ENDS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class PointsTool(Tool):
    """Sets points by clicks. Backspace takes the last one away; Esc takes them all.

    Args:
        canvas: to draw on.
        finished: called with the points when they are all set.
        closed: whether they go round.
        least: points without which nothing is finished.
        most: points with which it is; 0 for any number.
    """

    def __init__(
        self,
        canvas: Surface,
        *,
        finished: Callable[[tuple[Point, ...]], object],
        closed: bool = True,
        least: int = 3,
        most: int = 0,
    ) -> None:
        super().__init__(canvas)
        self._finished, self._closed, self._least, self._most = finished, closed, least, most
        self.points: list[Point] = []
        self._now: Point | None = None
        self._pixel = 1.0

    @property
    def busy(self) -> bool:
        """Whether a point is set."""
        return bool(self.points)

    def _place(self, at: Pointer) -> Point:
        return self.inside(quarter(at.point) if at.alt else Snapper(self.canvas).point(at.point, at.pixel))

    def press(self, at: Pointer) -> None:
        """Set a point; on the first one, close."""
        self._pixel = at.pixel
        if self.on_first(at):
            self.finish()
            return
        self._now = point = self._place(at)
        if not self.points or point != self.points[-1]:
            self.points.append(point)
        if self._most and len(self.points) == self._most:
            self.finish()
        self.redraw()

    def on_first(self, at: Pointer) -> bool:
        """Whether a click here closes."""
        enough = self._closed and len(self.points) >= self._least
        return enough and math.dist(self.points[0], at.point) <= _CLOSE * at.pixel

    def move(self, at: Pointer) -> None:
        """The line to the pointer follows."""
        self._pixel = at.pixel
        self._now = self._place(at) if self.points else None
        if self.points:
            self.redraw()

    def double(self, at: Pointer) -> None:
        """The first press set the point; this one finishes."""
        if not self.finish():
            self.press(at)

    def key(self, event: QKeyEvent) -> bool:
        """Enter finishes, Backspace takes the last point away."""
        if not self.points:
            return False
        key = Qt.Key(event.key())
        if key in _ENDS:
            self.finish()
        elif key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self.points.pop()
            self.redraw()
        else:
            return False
        return True

    def finish(self) -> bool:
        """Hand the points over, if they are enough."""
        points = tuple(self.points)
        if len(points) < self._least:
            return False
        self.cancel()
        self._finished(points)
        return True

    def leave(self) -> None:
        """No line to the pointer."""
        self._now = None
        self.redraw()

    def cancel(self) -> None:
        """No points."""
        self.points, self._now = [], None
        self.redraw()

    def _all(self) -> list[Point]:
        return [*self.points, self._now] if self.points and self._now is not None else list(self.points)

    def reach(self) -> QRectF:
        """All points and the pointer."""
        return reach_of(self._all())

    def paint(self, painter: QPainter, colours: Tokens, pixel: float) -> None:
        """The line so far, its points, and what it will hold."""
        points = self._all()
        if not points:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        if self._closed and len(points) > 2:
            veil = QColor(colours.accent)
            veil.setAlpha(40)
            painter.setBrush(veil)
            painter.drawPolygon(polygon_of(points))
        for colour, width in ((QColor(255, 255, 255, 200), 3.5), (QColor(colours.accent), 1.5)):
            painter.setPen(cosmetic(colour, width))
            painter.drawPolyline(polygon_of(points))
        ready = self._closed and len(self.points) >= self._least
        for place, point in enumerate(self.points):
            draw_handle(painter, colours, point, pixel, hot=ready and place == 0)


class PolygonTool(PointsTool):
    """An outline, closed by Enter, a double click or a click on the first point; or an open line.

    Args:
        canvas: to draw on.
        done: called with the points, three or more; of an open line two or more.
        closed: whether it is an outline.
    """

    def __init__(self, canvas: Surface, *, done: Callable[[tuple[Point, ...]], object], closed: bool = True) -> None:
        super().__init__(canvas, finished=done, closed=closed, least=3 if closed else 2)


class QuadTool(PointsTool):
    """Four corners, clicked in any order around.

    Args:
        canvas: to draw on.
        done: called with top left, top right, bottom right, bottom left.
    """

    def __init__(self, canvas: Surface, *, done: Callable[[tuple[Point, Point, Point, Point]], object]) -> None:
        def hand_over(points: tuple[Point, ...]) -> None:
            done(in_order(points))

        super().__init__(canvas, finished=hand_over, least=4, most=4)


def in_order(points: tuple[Point, ...]) -> tuple[Point, Point, Point, Point]:
    """Four points clockwise as they are seen, from the one that is nearest to the top left on.

    A card that stands on a corner has no top left one; then it is the one with the least x + y, the upper of two.
    """
    across, down = sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)
    around = sorted(points, key=lambda point: math.atan2(point[1] - down, point[0] - across))
    first = min(range(len(around)), key=lambda place: (sum(around[place]), around[place][1]))
    return cast("tuple[Point, Point, Point, Point]", tuple(around[first:] + around[:first]))
