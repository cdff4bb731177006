"""Tools that paint pixels: the brush, the eraser, and the one that fills."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter

from desktop.theme import Tokens
from desktop.widgets.canvas.shapes import Point
from desktop.widgets.canvas.tool import Pointer, Surface, Tool, cosmetic

__all__ = ["BrushTool", "EraserTool", "FillTool"]

_LEAST, _MOST = 0.5, 500.0
_STEP = 1.25


class BrushTool(Tool):
    """A round brush; ``[`` and ``]`` make it smaller and larger, and so does the caller.

    Args:
        canvas: to paint on.
        painted: called while one paints, with the points since the last call (a line from the first to the last; one
            or more) and the radius, in pixels of the picture.
        done: called when the button goes up: one stroke.
        radius: pixels of the picture.
        radius_changed: called with another one.
        erase: whether it takes away.
    """

    cursor = Qt.CursorShape.BlankCursor

    def __init__(
        self,
        canvas: Surface,
        *,
        painted: Callable[[tuple[Point, ...], float], object],
        done: Callable[[], object],
        radius: float = 12.0,
        radius_changed: Callable[[float], object] | None = None,
        erase: bool = False,
    ) -> None:
        super().__init__(canvas)
        self._painted, self._done, self._radius_changed = painted, done, radius_changed
        self._radius, self._erase = radius, erase
        self._now: Point | None = None
        self._last: Point | None = None

    @property
    def radius(self) -> float:
        """Pixels of the picture."""
        return self._radius

    def set_radius(self, radius: float) -> None:
        """Paint with another one."""
        self._radius = min(_MOST, max(_LEAST, radius))
        self.redraw()

    @property
    def busy(self) -> bool:
        """Whether a stroke is under way."""
        return self._last is not None

    def press(self, at: Pointer) -> None:
        """Begin a stroke with a dot."""
        self._now = self._last = at.point
        self._painted((at.point,), self._radius)
        self.redraw()

    def double(self, at: Pointer) -> None:
        """As a press."""
        self.press(at)

    def move(self, at: Pointer) -> None:
        """Paint on, or show how large the brush is."""
        self._now = at.point
        if self._last is not None and at.pressed and math.dist(self._last, at.point) >= 0.25:
            points, self._last = (self._last, at.point), at.point
            self._painted(points, self._radius)
        self.redraw()

    def release(self, at: Pointer) -> None:
        """The stroke is done."""
        if self._last is not None:
            self._last = None
            self._done()

    def cancel(self) -> None:
        """The stroke ends here."""
        if self._last is not None:
            self._last = None
            self._done()
        self._now = None
        self.redraw()

    def leave(self) -> None:
        """No brush to show."""
        self._now = None
        self.redraw()

    def key(self, event: QKeyEvent) -> bool:
        """``[`` and ``]``."""
        if event.text() not in ("[", "]"):
            return False
        self.set_radius(self._radius * (_STEP if event.text() == "]" else 1 / _STEP))
        if self._radius_changed is not None:
            self._radius_changed(self._radius)
        return True

    def reach(self) -> QRectF:
        """The brush under the pointer."""
        if self._now is None:
            return QRectF()
        x, y = self._now
        return QRectF(x - self._radius, y - self._radius, 2 * self._radius, 2 * self._radius)

    def paint(self, painter: QPainter, colours: Tokens, pixel: float) -> None:
        """A circle as large as the brush; a cross in it where it takes away."""
        if self._now is None:
            return
        middle, radius = QPointF(*self._now), max(self._radius, pixel)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((QColor(0, 0, 0, 160), 3.0), (QColor(255, 255, 255), 1.2)):
            painter.setPen(cosmetic(colour, width))
            painter.drawEllipse(middle, radius, radius)
            if self._erase:
                arm = 4 * pixel
                painter.drawLine(middle - QPointF(arm, arm), middle + QPointF(arm, arm))
                painter.drawLine(middle - QPointF(arm, -arm), middle + QPointF(arm, -arm))


class EraserTool(BrushTool):
    """A brush that takes away. Args: as ``BrushTool``."""

    def __init__(
        self,
        canvas: Surface,
        *,
        painted: Callable[[tuple[Point, ...], float], object],
        done: Callable[[], object],
        radius: float = 12.0,
        radius_changed: Callable[[float], object] | None = None,
    ) -> None:
        super().__init__(canvas, painted=painted, done=done, radius=radius, radius_changed=radius_changed, erase=True)


class FillTool(Tool):
    """Names the pixel that is clicked.

    Args:
        canvas: to click on.
        done: called with its column and row.
    """

    def __init__(self, canvas: Surface, *, done: Callable[[int, int], object]) -> None:
        super().__init__(canvas)
        self._done = done

    def press(self, at: Pointer) -> None:
        """Name it."""
        width, height = self.canvas.picture_size
        column, row = math.floor(at.x), math.floor(at.y)
        if 0 <= column < width and 0 <= row < height:
            self._done(column, row)

    def reach(self) -> QRectF:
        """Nothing is painted."""
        return QRectF()
