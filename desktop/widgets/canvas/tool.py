"""What the left button does on the canvas: the base of all tools, and what they see of the canvas."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen

from desktop.theme import Tokens
from desktop.widgets.canvas.shapes import CanvasShape, Point, bounds_of

__all__ = ["HANDLE", "Pointer", "Surface", "Tool", "cosmetic", "draw_handle", "reach_of", "to_qt"]

HANDLE = 4.0
"""Half the side of a handle, pixels of the screen."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where the pointer is, and what is held.

    Attributes:
        x: in the picture's coordinates.
        y: likewise.
        pixel: pixels of the picture for one of the screen.
        shift: whether this key is held.
        alt: likewise.
        control: likewise.
        pressed: whether the left button is.
    """

    x: float
    y: float
    pixel: float
    shift: bool = False
    alt: bool = False
    control: bool = False
    pressed: bool = False

    @property
    def point(self) -> Point:
        """x, y."""
        return self.x, self.y


class Surface(Protocol):
    """What a tool sees of the canvas, and asks of it."""

    @property
    def picture_size(self) -> tuple[int, int]:
        """Width and height of the picture."""
        ...

    @property
    def scale_now(self) -> float:
        """Pixels of the screen for one of the picture."""
        ...

    @property
    def shapes(self) -> tuple[CanvasShape, ...]:
        """All, the lowest first."""
        ...

    @property
    def selected(self) -> tuple[CanvasShape, ...]:
        """Those that are."""
        ...

    def shape(self, number: int) -> CanvasShape | None:
        """By its id."""
        ...

    def shape_at(self, x: float, y: float) -> CanvasShape | None:
        """The smallest under a point."""
        ...

    def shapes_within(self, area: QRectF) -> list[CanvasShape]:
        """Those that touch an area."""
        ...

    def update_shapes(self, shapes: Sequence[CanvasShape]) -> None:
        """Show others with the same ids."""
        ...

    def pick(self, ids: Collection[int]) -> None:
        """Select, in the person's name."""
        ...

    def redraw_tool(self) -> None:
        """Paint what the tool paints anew."""
        ...

    def set_tool_cursor(self, cursor: Qt.CursorShape) -> None:
        """Show another pointer."""
        ...


class Tool:
    """Does nothing; tools override what they need. All coordinates are the picture's."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, canvas: Surface) -> None:
        self.canvas = canvas

    @property
    def busy(self) -> bool:
        """Whether something is begun and not finished."""
        return False

    def press(self, at: Pointer) -> None:
        """The left button went down."""

    def move(self, at: Pointer) -> None:
        """The pointer moved, whether the button is down or not."""

    def release(self, at: Pointer) -> None:
        """The left button went up."""

    def double(self, at: Pointer) -> None:
        """The second press of a double click; the first came as ``press`` and ``release``."""

    def leave(self) -> None:
        """The pointer left the canvas."""

    def key(self, event: QKeyEvent) -> bool:
        """A key went down; whether it was one of the tool's."""
        return False

    def cancel(self) -> None:
        """Let what is begun go."""

    def paint(self, painter: QPainter, colours: Tokens, pixel: float) -> None:
        """Paint in the picture's coordinates; ``pixel`` of them are one of the screen."""

    def reach(self) -> QRectF | None:
        """What ``paint`` touches, without a few pixels of edge; an empty one for nothing, None for all that is seen."""
        return None

    def redraw(self) -> None:
        """Ask for ``paint``."""
        self.canvas.redraw_tool()

    def inside(self, point: Point) -> Point:
        """``point``, or the nearest one of the picture."""
        width, height = self.canvas.picture_size
        return min(max(point[0], 0.0), float(width)), min(max(point[1], 0.0), float(height))


def reach_of(points: Sequence[Point]) -> QRectF:
    """The box about ``points``; an empty one for none."""
    if not points:
        return QRectF()
    left, top, width, height = bounds_of(points)
    return QRectF(left, top, max(width, 1e-6), max(height, 1e-6))


def cosmetic(colour: QColor | str, width: float = 2.0, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    """A pen whose width is of the screen's pixels."""
    pen = QPen(QColor(colour), width, style)
    pen.setCosmetic(True)
    return pen


def draw_handle(painter: QPainter, colours: Tokens, point: Point, pixel: float, *, hot: bool = False) -> None:
    """A small square to take hold of; ``hot`` under the pointer."""
    half = (HANDLE + hot) * pixel
    painter.setPen(cosmetic(colours.accent, 1.5))
    painter.setBrush(QColor(colours.accent if hot else "#FFFFFF"))
    painter.drawRect(QRectF(point[0] - half, point[1] - half, 2 * half, 2 * half))


def to_qt(point: Point) -> QPointF:
    """For Qt."""
    return QPointF(point[0], point[1])
