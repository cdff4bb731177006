"""The tool that picks shapes, moves them and gives them another form, with the mouse and with the keyboard."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter

from desktop.theme import Tokens
from desktop.widgets.canvas import reshaping
from desktop.widgets.canvas.clipboard import Clipboard, copies
from desktop.widgets.canvas.dragging import Drag
from desktop.widgets.canvas.reshaping import BOX_HANDLES, Corner
from desktop.widgets.canvas.shapes import CanvasShape, Point, moved
from desktop.widgets.canvas.snapping import Snapper, whole
from desktop.widgets.canvas.tool import HANDLE, Pointer, Surface, Tool, cosmetic, draw_handle, reach_of

__all__ = ["SelectTool"]

_REACH = HANDLE + 3  # pixels of the screen from a handle, within which it is meant
_SLACK = 3.0  # likewise, that the pointer moves before a click becomes a drag
_STEP = 12.0  # likewise, from a shape to its copy
_ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
_CURSORS = {
    (-1, -1): Qt.CursorShape.SizeFDiagCursor,
    (1, 1): Qt.CursorShape.SizeFDiagCursor,
    (1, -1): Qt.CursorShape.SizeBDiagCursor,
    (-1, 1): Qt.CursorShape.SizeBDiagCursor,
    (0, -1): Qt.CursorShape.SizeVerCursor,
    (0, 1): Qt.CursorShape.SizeVerCursor,
    (-1, 0): Qt.CursorShape.SizeHorCursor,
    (1, 0): Qt.CursorShape.SizeHorCursor,
}


class SelectTool(Tool):
    """Picks, moves, resizes, reshapes, copies, removes.

    Args:
        canvas: to work on.
        changed: called with the shapes in their new form and what was done, such as "Moved", when a drag ends.
        removed: called with the ids of those to remove.
        pasted: called with copies to add; their ids are -1.
        clipboard: what is copied goes there; one for all pictures.
        fixed: whether outlines keep as many points as they have.
    """

    cursor = Qt.CursorShape.ArrowCursor

    def __init__(
        self,
        canvas: Surface,
        *,
        changed: Callable[[tuple[CanvasShape, ...], str], object],
        removed: Callable[[tuple[int, ...]], object],
        pasted: Callable[[tuple[CanvasShape, ...]], object],
        clipboard: Clipboard,
        fixed: bool = False,
    ) -> None:
        super().__init__(canvas)
        self._changed, self._removed, self._pasted, self._clipboard = changed, removed, pasted, clipboard
        self._fixed = fixed
        self._drag: Drag | None = None
        self._hot: int | Corner | None = None
        self._point: tuple[int, Corner] | None = None

    @property
    def busy(self) -> bool:
        """Whether something is dragged."""
        return self._drag is not None and self._drag.going

    def _only(self) -> CanvasShape | None:
        """The one shape that is selected and can be reshaped."""
        chosen = self.canvas.selected
        return chosen[0] if len(chosen) == 1 and not chosen[0].crowd else None

    def _middles(self, shape: CanvasShape, pixel: float) -> list[tuple[Corner, Point]]:
        return [] if self._fixed else reshaping.middles(shape, pixel)

    # -- mouse --------------------------------------------------------------------------------------------------------

    def press(self, at: Pointer) -> None:
        """Take hold of a handle, a point, a shape; or begin to draw around shapes."""
        only, reach = self._only(), _REACH * at.pixel
        if only is not None:
            self._point = None
            handle = reshaping.handle_at(only, at.point, reach)
            corner = reshaping.point_at(only, at.point, reach)
            middle = next((one for one in self._middles(only, at.pixel) if _near(one[1], at.point, reach)), None)
            if handle is not None:
                self._begin("resize", at, (only,), handle=handle)
            elif corner is not None:
                self._point = (only.id, corner)
                self._begin("point", at, (only,), corner=corner)
            elif middle is not None:
                self._begin("add", at, (only,), corner=middle[0])
            if self._drag is not None:
                self.redraw()
                return
        under = self.canvas.shape_at(at.x, at.y)
        chosen = {one.id for one in self.canvas.selected}
        if under is None:
            if not at.shift:
                self.canvas.pick(())
            self._begin("marquee", at, self.canvas.selected if at.shift else ())
        elif at.shift:
            self.canvas.pick(chosen ^ {under.id})
        else:
            if under.id not in chosen:
                self.canvas.pick({under.id})
            self._begin("move", at, self.canvas.selected)
        self.redraw()

    def _begin(
        self,
        what: str,
        at: Pointer,
        before: tuple[CanvasShape, ...],
        *,
        handle: int = 0,
        corner: Corner = Corner(0, 0),  # noqa: B008 - frozen
    ) -> None:
        snapper = Snapper(self.canvas, {one.id for one in before})
        self._drag = Drag(what, at.point, before, snapper, handle, corner, at.point)

    def move(self, at: Pointer) -> None:
        """Drag on; or show what could be taken hold of."""
        drag = self._drag
        if drag is None:
            self._hover(at)
            return
        drag.now = at.point
        if not drag.going and not _near(drag.start, at.point, _SLACK * at.pixel):
            drag.going = True
        if drag.going and drag.what != "marquee":
            self.canvas.update_shapes(drag.shapes(at))
        self.redraw()

    def _hover(self, at: Pointer) -> None:
        only, before, self._hot = self._only(), self._hot, None
        cursor = self.cursor
        if only is not None:
            handle = reshaping.handle_at(only, at.point, _REACH * at.pixel)
            corner = reshaping.point_at(only, at.point, _REACH * at.pixel)
            self._hot = handle if handle is not None else corner
            if handle is not None:
                cursor = _CURSORS[BOX_HANDLES[handle]]
            elif corner is not None:
                cursor = Qt.CursorShape.CrossCursor
        if self._hot is None and self.canvas.shape_at(at.x, at.y) is not None:
            cursor = Qt.CursorShape.SizeAllCursor
        self.canvas.set_tool_cursor(cursor)
        if self._hot != before:
            self.redraw()

    def release(self, at: Pointer) -> None:
        """What was dragged is done."""
        drag, self._drag = self._drag, None
        if drag is None:
            return
        if drag.what == "marquee":
            if drag.going:
                area = reach_of((drag.start, at.point))
                caught = {one.id for one in self.canvas.shapes_within(area) if area.contains(one.rect)}
                self.canvas.pick(caught | {one.id for one in drag.before})
        elif drag.going:
            after = drag.shapes(at)
            words = {"move": "Moved", "resize": "Resized", "point": "Moved a point", "add": "Added a point"}
            if drag.what == "add":
                self._point = (after[0].id, drag.corner)
            self.canvas.update_shapes(after)
            if after != drag.before:
                self._changed(after, words[drag.what])
        self.redraw()

    def double(self, at: Pointer) -> None:
        """A point on an edge comes to be; a point is taken out."""
        only, reach = self._only(), _REACH * at.pixel
        if only is None or not only.polygons or self._fixed:
            return
        corner, edge = reshaping.point_at(only, at.point, reach), reshaping.edge_at(only, at.point, reach)
        if corner is not None:
            self._take_out(only, corner)
        elif edge is not None:
            self._put(reshaping.point_added(only, *edge), "Added a point")

    def leave(self) -> None:
        """Nothing is under the pointer."""
        self._hot = None
        self.redraw()

    def cancel(self) -> None:
        """What is dragged goes back."""
        drag, self._drag, self._point = self._drag, None, None
        if drag is not None and drag.going:
            self.canvas.update_shapes(drag.before)
        self.redraw()

    # -- keyboard -----------------------------------------------------------------------------------------------------

    def key(self, event: QKeyEvent) -> bool:
        """Remove, nudge, copy, paste, double, select all, the next one."""
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        chosen = self.canvas.selected
        key = Qt.Key(event.key())
        if control:
            return self._command(key, chosen)
        if event.text() in (",", ".") and self.canvas.shapes:  # not Tab, which leads out of the canvas
            self._next(-1 if event.text() == "," else 1)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and chosen:
            only = self._only()
            if (
                only is None
                or self._point is None
                or self._point[0] != only.id
                or not self._take_out(only, self._point[1])
            ):
                self._removed(tuple(one.id for one in chosen))
        elif key in _ARROWS and chosen:
            self._nudge(key, 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif key is Qt.Key.Key_Escape and chosen:
            self._point = None
            self.canvas.pick(())
        else:
            return False
        return True

    def _command(self, key: Qt.Key, chosen: tuple[CanvasShape, ...]) -> bool:
        if key is Qt.Key.Key_A:
            self.canvas.pick([one.id for one in self.canvas.shapes])
        elif key in (Qt.Key.Key_C, Qt.Key.Key_X) and chosen:
            self._clipboard.shapes = chosen
            if key is Qt.Key.Key_X:
                self._removed(tuple(one.id for one in chosen))
        elif key is Qt.Key.Key_V and self._clipboard.shapes:
            self._paste(self._clipboard.shapes)
        elif key is Qt.Key.Key_D and chosen:
            self._paste(chosen)
        else:
            return False
        return True

    def _paste(self, shapes: Sequence[CanvasShape]) -> None:
        step = max(1.0, whole(_STEP / self.canvas.scale_now))
        self._pasted(copies(shapes, self.canvas.shapes, self.canvas.picture_size, step))

    def _nudge(self, key: Qt.Key, step: int) -> None:
        across, down = (part * step for part in _ARROWS[key])
        only = self._only()
        if only is not None and self._point is not None and self._point[0] == only.id:
            corner = self._point[1]
            x, y = only.polygons[corner.part][corner.place]
            self._put(reshaping.point_moved(only, corner, (x + across, y + down)), "Moved a point")
        else:
            after = tuple(moved(one, across, down) for one in self.canvas.selected)
            self.canvas.update_shapes(after)
            self._changed(after, "Moved")

    def _next(self, step: int) -> None:
        shapes, chosen = self.canvas.shapes, self.canvas.selected
        places = [place for place, one in enumerate(shapes) if one.selected]
        place = (places[-1 if step > 0 else 0] + step) % len(shapes) if chosen else 0 if step > 0 else len(shapes) - 1
        self._point = None
        self.canvas.pick({shapes[place].id})

    def _take_out(self, shape: CanvasShape, corner: Corner) -> bool:
        if self._fixed or corner.part >= len(shape.polygons) or corner.place >= len(shape.polygons[corner.part]):
            return False
        after = reshaping.point_removed(shape, corner)
        self._point = self._hot = None
        if after is not None:
            self._put(after, "Removed a point")
        return after is not None

    def _put(self, shape: CanvasShape, words: str) -> None:
        self.canvas.update_shapes((shape,))
        self._changed((shape,), words)
        self.redraw()

    # -- painting -----------------------------------------------------------------------------------------------------

    def reach(self) -> QRectF:
        """The one shape with handles, and what is drawn around."""
        only, drag = self._only(), self._drag
        area = only.rect if only is not None else QRectF()
        if drag is not None and drag.what == "marquee":
            area = area.united(reach_of((drag.start, drag.now)))
        return area

    def paint(self, painter: QPainter, colours: Tokens, pixel: float) -> None:
        """Handles; the area that is drawn around shapes."""
        only, drag = self._only(), self._drag
        if only is not None:
            for place, where in enumerate(reshaping.box_points(only.box) if not only.polygons else ()):
                draw_handle(painter, colours, where, pixel, hot=self._hot == place)
            for _, where in self._middles(only, pixel):
                painter.setPen(cosmetic(colours.accent, 1))
                painter.setBrush(QColor("#FFFFFF"))
                half = 2.5 * pixel
                painter.drawEllipse(QRectF(where[0] - half, where[1] - half, 2 * half, 2 * half))
            for part, ring in enumerate(only.polygons):
                for place, where in enumerate(ring):
                    corner = Corner(part, place)
                    hot = self._hot == corner or self._point == (only.id, corner)
                    draw_handle(painter, colours, where, pixel, hot=hot)
        if drag is not None and drag.what == "marquee" and drag.going:
            painter.setPen(cosmetic(colours.accent, 1, Qt.PenStyle.DashLine))
            veil = QColor(colours.accent)
            veil.setAlpha(30)
            painter.setBrush(veil)
            painter.drawRect(reach_of((drag.start, drag.now)))


def _near(one: Point, other: Point, reach: float) -> bool:
    return abs(one[0] - other[0]) <= reach and abs(one[1] - other[1]) <= reach
