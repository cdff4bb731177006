"""Tools of the mask editor that ask an assist: a rough box with strokes that correct it, and patches of one colour."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPainterPath, QPolygonF

from desktop.theme import Tokens
from desktop.widgets.canvas import Box, Canvas, Point, Pointer, RectTool, Tool

__all__ = ["PatchMap", "PatchTool", "RoughTool"]

_STROKE = 4.0
"""Half the width of a correcting stroke, pixels of the screen."""


class RoughTool(RectTool):
    """A rough box; then strokes with Shift over what belongs to the thing as well, with Ctrl over what does not.

    Args:
        canvas: to draw on.
        done: called with the box.
        corrected: called with the points of a stroke, its radius in pixels of the picture, and whether that belongs.
    """

    def __init__(
        self,
        canvas: Canvas,
        *,
        done: Callable[[Box], object],
        corrected: Callable[[tuple[Point, ...], float, bool], object],
    ) -> None:
        super().__init__(canvas, done=done)
        self._corrected = corrected
        self._stroke: list[Point] = []
        self._belongs, self._radius = True, 1.0

    @property
    def busy(self) -> bool:
        """Whether a box or a stroke is begun."""
        return bool(self._stroke) or super().busy

    def press(self, at: Pointer) -> None:
        """Begin a stroke or a box."""
        if super().busy or not (at.shift or at.control):
            super().press(at)
            return
        self._belongs, self._radius = at.shift, _STROKE * at.pixel
        self._stroke = [at.point]
        self.redraw()

    def move(self, at: Pointer) -> None:
        """Draw on."""
        if not self._stroke:
            super().move(at)
        elif at.pressed:
            self._stroke.append(at.point)
            self.redraw()

    def release(self, at: Pointer) -> None:
        """The stroke or the box is done."""
        if not self._stroke:
            super().release(at)
            return
        points = tuple(self._stroke)
        self.cancel()
        self._corrected(points, self._radius, self._belongs)

    def cancel(self) -> None:
        """Nothing is begun."""
        self._stroke = []
        super().cancel()

    def reach(self) -> QRectF:
        """Box or stroke."""
        if not self._stroke:
            return super().reach()
        edge = self._radius
        bounds = QPolygonF([QPointF(*one) for one in self._stroke]).boundingRect()
        return bounds.adjusted(-edge, -edge, edge, edge)

    def paint(self, painter: QPainter, colours: Tokens, pixel: float) -> None:
        """Box or stroke, green for what belongs, red for what does not."""
        if not self._stroke:
            super().paint(painter, colours, pixel)
            return
        pen = painter.pen()
        pen.setColor(QColor(colours.good if self._belongs else colours.bad))
        pen.setWidthF(2 * self._radius)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setCosmetic(False)
        painter.setPen(pen)
        painter.setOpacity(0.8)
        painter.drawPolyline(QPolygonF([QPointF(*one) for one in (*self._stroke, self._stroke[-1])]))


@dataclass(frozen=True, slots=True)
class PatchMap:
    """Patches as the tool needs them.

    Attributes:
        at: the patch at a place of the picture, None where there is none.
        outline: rings around a patch, in the picture's coordinates.
        borders: a picture of all borders, with transparency.
        area: left, top, width, height that it covers.
    """

    at: Callable[[float, float], int | None]
    outline: Callable[[int], Sequence[Sequence[Point]]]
    borders: QImage
    area: Box


class PatchTool(Tool):
    """Shows the patch under the pointer; a press paints it, and a drag all those that it comes over.

    Args:
        canvas: to draw on.
        painted: called with the number of each patch that is to be painted.
        done: called when the button goes up.
        resized: called with a factor, by ``[`` and ``]``: patches are to be so much larger.
        missing: called where the pointer is pressed on a place without patches.
    """

    cursor = Qt.CursorShape.CrossCursor

    def __init__(
        self,
        canvas: Canvas,
        *,
        painted: Callable[[int], object],
        done: Callable[[], object],
        resized: Callable[[float], object],
        missing: Callable[[], object],
    ) -> None:
        super().__init__(canvas)
        self._painted, self._done, self._resized, self._missing = painted, done, resized, missing
        self._map: PatchMap | None = None
        self._under: int | None = None
        self._path = QPainterPath()
        self._stroke: set[int] | None = None
        self._all = False

    @property
    def patches(self) -> PatchMap | None:
        """What is shown."""
        return self._map

    def set_patches(self, patches: PatchMap | None) -> None:
        """Show others, or none."""
        self._map, self._under, self._path, self._stroke = patches, None, QPainterPath(), None
        self._all = True
        self.redraw()
        self._all = False

    @property
    def busy(self) -> bool:
        """Whether the button is down."""
        return self._stroke is not None

    def press(self, at: Pointer) -> None:
        """Paint the patch."""
        if self._map is None or self._map.at(at.x, at.y) is None:
            self._missing()
            return
        self._stroke = set()
        self.move(at)

    def double(self, at: Pointer) -> None:
        """As a press."""
        self.press(at)

    def move(self, at: Pointer) -> None:
        """Show the patch, and paint it while the button is down."""
        patch = self._map.at(at.x, at.y) if self._map is not None else None
        if patch != self._under:
            self._under, self._path = patch, QPainterPath()
            if patch is not None and self._map is not None:
                for ring in self._map.outline(patch):
                    self._path.addPolygon(QPolygonF([QPointF(*one) for one in ring]))
                    self._path.closeSubpath()
            self.redraw()
        if self._stroke is not None and patch is not None and patch not in self._stroke:
            self._stroke.add(patch)
            self._painted(patch)

    def release(self, at: Pointer) -> None:
        """One stroke."""
        if self._stroke is not None:
            self._stroke = None
            self._done()

    def cancel(self) -> None:
        """The stroke ends here."""
        self.release(Pointer(0, 0, 1))
        self.leave()

    def leave(self) -> None:
        """No patch is under the pointer."""
        self._under, self._path = None, QPainterPath()
        self.redraw()

    def key(self, event: QKeyEvent) -> bool:
        """``[`` and ``]``."""
        if event.text() not in ("[", "]"):
            return False
        self._resized(2.0 if event.text() == "]" else 0.5)
        return True

    def reach(self) -> QRectF | None:
        """The patch under the pointer; everything when they are other ones."""
        return None if self._all else self._path.boundingRect()

    def paint(self, painter: QPainter, colours: Tokens, pixel: float) -> None:
        """All borders, thin, and the patch under the pointer."""
        if self._map is None:
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(*self._map.area), self._map.borders)
        if self._under is not None:
            veil = QColor(colours.accent)
            veil.setAlpha(70)
            painter.setBrush(veil)
            pen = painter.pen()
            pen.setColor(QColor(colours.accent))
            pen.setWidthF(2)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.drawPath(self._path)
