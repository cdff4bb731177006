"""One drag of the select tool, from press to release: what becomes of the shapes under the hand."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.widgets.canvas import reshaping
from desktop.widgets.canvas.reshaping import Corner
from desktop.widgets.canvas.shapes import Box, CanvasShape, Point, bounds_of, moved
from desktop.widgets.canvas.snapping import Snapper, whole
from desktop.widgets.canvas.tool import Pointer

__all__ = ["Drag"]

_ENDS = ((0, 0), (1, 1))


@dataclass
class Drag:
    """What the press began.

    Attributes:
        what: "move", "resize", "point", "add" or "marquee".
        start: where.
        before: the shapes as they were.
        snapper: what there is to snap to.
        handle: of a box, which is dragged.
        corner: of an outline, likewise; or before which one comes to be.
        now: where the pointer is.
        going: whether it has moved far enough to be more than a click.
    """

    what: str
    start: Point
    before: tuple[CanvasShape, ...]
    snapper: Snapper
    handle: int
    corner: Corner
    now: Point
    going: bool = False

    def shapes(self, at: Pointer) -> tuple[CanvasShape, ...]:
        """The shapes as they are under the hand."""
        if self.what == "move":
            return self._shifted(at)
        one = self.before[0]
        if self.what == "resize":
            point = (whole(at.x), whole(at.y)) if at.alt else self.snapper.corner(at.point, at.pixel)
            return (reshaping.resized(one, self.handle, point),)
        point = at.point if at.alt else self.snapper.point(at.point, at.pixel)
        done = reshaping.point_moved if self.what == "point" else reshaping.point_added
        return (done(one, self.corner, point),)

    def _shifted(self, at: Pointer) -> tuple[CanvasShape, ...]:
        """All that is dragged, shifted by whole pixels, or to edges in reach."""
        across, down = whole(at.x - self.start[0]), whole(at.y - self.start[1])
        if not at.alt:
            boxes = [one.bounds for one in self.before]
            points = [(left + x * width, top + y * height) for left, top, width, height in boxes for x, y in _ENDS]
            left, top, width, height = bounds_of(points)
            box: Box = (left + at.x - self.start[0], top + at.y - self.start[1], width, height)
            snap_x, snap_y = self.snapper.shift(box, at.pixel)
            across = box[0] - left + snap_x if snap_x else across
            down = box[1] - top + snap_y if snap_y else down
        return tuple(moved(one, across, down) for one in self.before)
