"""Answering with boxes and outlines: drawn, moved, reshaped, named, copied, split, merged, made simpler."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from desktop.labelling import shape_acts
from desktop.labelling.answer_editor import FIELD_KEY, OTHER_KEYS, UNKNOWN_KEY
from desktop.labelling.boxes_panel import KEYS
from desktop.labelling.editor import ToolButton
from desktop.labelling.shape_rows import as_drawn, colours_of, named
from desktop.labelling.shapes_editor import ShapesEditor
from desktop.widgets.canvas import Box, BoxTool, Canvas, CanvasShape, Point, PointsTool, PolygonTool, Tool
from models.errors import SortwerkError
from training.datasets.values import Shape

__all__ = ["BoxesEditor"]

_NOTHING_KEY = "E"
_ENDS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class BoxesEditor(ShapesEditor):
    """Boxes, and outlines point by point."""

    def tools(self) -> Sequence[ToolButton]:
        """Select, those that draw, and what is done to the selected shapes."""
        return [
            self._tool_button("select", "Select, move, reshape", "mouse-pointer-2", "V"),
            *self._drawing(),
            self._tool_button("split", "Split an outline along a line", "scissors", "K"),
            ToolButton(
                "merge", "Merge the selected", "layers", self._merge, "M", lasting=False, enabled=lambda: self._many(2)
            ),
            ToolButton(
                "copy",
                "Duplicate",
                "copy",
                lambda: self._command(Qt.Key.Key_D),
                "Ctrl+D",
                lasting=False,
                enabled=lambda: self._many(1),
            ),
            ToolButton(
                "delete",
                "Delete",
                "trash-2",
                lambda: self._removed(tuple(one.id for one in self._chosen())),
                "Delete",
                lasting=False,
                enabled=lambda: self._many(1),
            ),
        ]

    def _drawing(self) -> list[ToolButton]:
        """The tools that draw."""
        return [
            self._tool_button("box", "Box", "square", "B"),
            self._tool_button("polygon", "Outline, point by point", "pentagon", "P"),
        ]

    def _first_tool(self) -> str:
        """In the hand at first."""
        return "box"

    def _tool_button(self, key: str, words: str, icon: str, shortcut: str) -> ToolButton:
        return ToolButton(key, words, icon, lambda: self._use(key), shortcut)

    def hints(self) -> Sequence[tuple[str, str]]:
        """Keys of this kind."""
        count = min(KEYS, len(self._head.categories)) if self._head is not None else 0
        numbers = [(f"1–{count}", "category")] if count > 1 else []
        if self._set.waiting:
            ends = [("Enter", "accept"), ("Delete", "refuse"), ("Y", "accept all"), ("X", "refuse all")]
        else:
            ends = [("Enter", "go on"), (_NOTHING_KEY, "nothing here"), (UNKNOWN_KEY, "nobody can tell")]
        return [*numbers, *ends, ("V", "select"), (". ,", "next, previous")]

    # -- keys ----------------------------------------------------------------------------------------------------------

    def handle_key(self, event: QKeyEvent) -> bool:
        """Categories by number, tools by letter, proposals, and what the select tool does."""
        if self._canvas is None or self._subject is None or self._select is None:
            return False
        if event.modifiers() & OTHER_KEYS:
            return self._canvas.tool is not self._select and self._select.key(event)
        key, text = Qt.Key(event.key()), event.text().upper()
        if key in _ENDS:
            if self._set.waiting:
                self._accept(False)
            else:
                self.advance_wanted.emit()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self._set.waiting and not self._chosen():
            self._refuse(False)
        elif key == Qt.Key.Key_Escape and self._tool_key != "select":
            self._use("select")
        elif text.isdigit() and 0 < int(text) <= min(KEYS, len(self._categories())):
            self._name(self._categories()[int(text) - 1])
        elif text == FIELD_KEY:
            self.panel.field.setVisible(True)
            self.panel.field.begin("")
        elif text == UNKNOWN_KEY:
            self._say_unknown()
        elif text == _NOTHING_KEY:
            self._say_nothing()
        else:
            return self._tool_pressed(text) or (self._canvas.tool is not self._select and self._select.key(event))
        return True

    def _tool_pressed(self, text: str) -> bool:
        for one in self.tools():
            if text and one.shortcut == text:
                if one.enabled():
                    one.use()
                return True
        return False

    # -- tools ---------------------------------------------------------------------------------------------------------

    def _use(self, key: str) -> None:
        """Take a tool in hand."""
        self._tool_key = key
        if self._canvas is None or self._subject is None:
            return
        self._canvas.set_tool(self._select if key == "select" else self._make_tool(key, self._canvas))
        self.tool_changed.emit(key)

    def _make_tool(self, key: str, canvas: Canvas) -> Tool:
        match key:
            case "box":
                return BoxTool(canvas, done=lambda box: self._drawn((), box))
            case "split":
                return PointsTool(canvas, finished=self._split, closed=False, least=2, most=2)
            case _:
                return PolygonTool(canvas, done=lambda points: self._drawn((points,)))

    def _command(self, key: Qt.Key) -> None:
        """As if the select tool had got a key with Ctrl."""
        if self._select is not None and self._subject is not None:
            control = Qt.KeyboardModifier.ControlModifier
            self._select.key(QKeyEvent(QKeyEvent.Type.KeyPress, key, control))

    def _many(self, least: int) -> bool:
        return self._subject is not None and len(self._chosen()) >= least

    # -- acts ----------------------------------------------------------------------------------------------------------

    def _drawn(self, polygons: Sequence[Sequence[Point]], box: Box | None = None, verb: str = "Drew") -> None:
        """A new shape."""
        if not self._category:
            self.hinted.emit("This question has no category yet; add one at the left first.")
            return
        shape = shape_acts.formed(Shape(self._category, 0, 0, 0, 0), polygons, box)
        number = self._set.add(shape)
        self._keep(f"{verb} {shape.category}", {number})

    def _split(self, points: Sequence[Point]) -> None:
        """Cut the selected shapes along a line; without any, those that it crosses."""
        start, end = points
        chosen = [one.id for one in self._chosen()] or [
            one.id for one in (self._canvas.shapes if self._canvas is not None else ()) if _crosses(one, start, end)
        ]
        new: list[int] = []
        for number in chosen:
            shape = self._set.shapes.get(number)
            if shape is None or shape.rle is not None:
                continue
            parts = shape_acts.split(shape, start, end)
            if len(parts) > 1:
                self._set.put(number, parts[0])
                new += [number, self._set.add(parts[1])]
        if new:
            self._use("select")
            self._keep(f"Split {named(self._set.of(new[::2]))}", new)
        else:
            self.hinted.emit("The line crosses no outline; draw it right across one.")

    def _merge(self) -> None:
        """The selected shapes become one."""
        shapes = [(one.id, self._set.shapes[one.id]) for one in self._chosen() if one.id in self._set.shapes]
        if len(shapes) < 2 or any(shape.rle is not None for _, shape in shapes):
            self.hinted.emit("Select two outlines or more to merge them.")
            return
        try:
            whole = shape_acts.joined([shape for _, shape in shapes])
        except SortwerkError as error:
            self.hinted.emit(str(error))
            return
        first = shapes[0][0]
        self._set.put(first, whole)
        self._set.remove([number for number, _ in shapes[1:]])
        self._keep(f"Merged {len(shapes)} into {whole.category}", {first})

    def _simplify(self, points: int, for_good: bool) -> None:
        """The selected outline with fewer points; shown while the slider moves, kept when it rests."""
        chosen = self._chosen()
        shape = self._set.shapes.get(chosen[0].id) if len(chosen) == 1 else None
        if shape is None or self._canvas is None:
            return
        fewer = shape_acts.simplified(shape, points)
        if for_good and fewer != shape:
            self._set.put(chosen[0].id, fewer)
            self._keep(f"Simplified {shape.category} to {sum(map(len, fewer.polygons)) // 2} points")
        else:
            shown = as_drawn(chosen[0].id, fewer, colours_of(self._categories()), selected=True)
            self._canvas.update_shapes((shown,))

    def _mend(self) -> None:
        """All that is wrong in the picture, at once."""
        if self._subject is None:
            return
        size = self._subject.width, self._subject.height
        for number, shape in list(self._set.shapes.items()):
            if shape_acts.fault(shape, *size):
                better = shape_acts.mended(shape, *size)
                if better is None:
                    self._set.remove([number])
                else:
                    self._set.put(number, better)
        self._keep("Mended outlines")


def _crosses(shape: CanvasShape, start: Point, end: Point) -> bool:
    """Whether a line from one point to another goes through a shape's bounds."""
    left, top, width, height = shape.bounds
    steps = [(start[0] + (end[0] - start[0]) * n / 64, start[1] + (end[1] - start[1]) * n / 64) for n in range(65)]
    return any(left <= x <= left + width and top <= y <= top + height for x, y in steps)
