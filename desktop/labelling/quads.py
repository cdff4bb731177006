"""Answering with borders: four corners each, found or clicked, snapped to the edges, and seen straight on beside."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QWidget

from desktop.labelling import shape_acts
from desktop.labelling.boxes import BoxesEditor
from desktop.labelling.editor import Proposal, Subject, ToolButton
from desktop.labelling.flat_part import SIDES, FlatPart
from desktop.labelling.quad_work import FlatView, QuadWork
from desktop.labelling.shape_rows import named
from desktop.widgets.canvas import Canvas, Point, QuadTool, Tool, in_order
from training.datasets.values import Shape, Value
from training.labelling.quads import Snapped
from training.labelling.sides import LEAST

__all__ = ["QuadsEditor"]


class QuadsEditor(BoxesEditor):
    """Borders of four corners; each category once is what most pictures have, so the next one is meant by itself."""

    fixed: ClassVar[bool] = True

    def __init__(self, parent: QWidget | None = None) -> None:
        self._work: QuadWork | None = None
        self._snaps = True
        self._flat_of: Shape | None = None
        self._sure: dict[Shape, tuple[bool, bool, bool, bool]] = {}
        super().__init__(parent)
        self.flat = FlatPart()
        self.panel.add(self.flat)

    # -- what the tab calls -------------------------------------------------------------------------------------------

    def tools(self) -> Sequence[ToolButton]:
        """As for boxes, but what would change the number of corners; and those that look at edges."""
        others = [one for one in super().tools() if one.key not in ("split", "merge")]
        ready = lambda: bool(self._set.shapes)  # noqa: E731
        return [
            *others[:2],
            ToolButton("find", "Find the border", "search", self.find_border, "F", lasting=False),
            ToolButton("snap", "Snap to edges", "magnet", self.snap_to_edges, "S", lasting=False, enabled=ready),
            ToolButton(
                "snaps",
                "Snap each border once it is drawn",
                "badge-check",
                self._switch,
                lasting=False,
                checkable=True,
                checked=lambda: self._snaps,
            ),
            *others[2:],
        ]

    def _drawing(self) -> list[ToolButton]:
        return [self._tool_button("quad", "Four corners", "pentagon", "Q")]

    def _first_tool(self) -> str:
        return "quad"

    def hints(self) -> Sequence[tuple[str, str]]:
        """Keys of this kind."""
        return [("F", "find the border"), ("S", "snap to edges"), *super().hints()]

    def show_subject(self, subject: Subject, value: Value | None, proposal: Proposal | None) -> None:
        """Show the borders in a picture."""
        if self._work is None or self._subject is None or self._subject.item != subject.item:
            self._close()
            self._work = QuadWork(subject, self.hinted.emit, self)
        super().show_subject(subject, value, proposal)
        self._choose_next()

    def leave(self) -> None:
        """Drop what is begun."""
        self._close()
        super().leave()

    def _close(self) -> None:
        if self._work is not None:
            self._work.close()
            self._work.deleteLater()
            self._work = None
        self._flat_of = None
        self._sure = {}
        self.flat.set_view(None)

    # -- acts ---------------------------------------------------------------------------------------------------------

    def _make_tool(self, key: str, canvas: Canvas) -> Tool:
        if key == "quad":
            return QuadTool(canvas, done=self._draw_quad)
        return super()._make_tool(key, canvas)

    def _draw_quad(self, corners: Sequence[Point]) -> None:
        self._drawn((tuple(corners),))
        number = next(reversed(self._set.shapes), None)
        if self._snaps and number is not None:
            self._snap([number])

    def _keep(self, words: str, select: Collection[int] | None = None, *, shown: bool = False) -> None:
        super()._keep(words, select, shown=shown)
        self._choose_next()

    def _choose_next(self) -> None:
        """The first category that has no border is meant next."""
        had = {one.category for one in self._set.shapes.values()}
        missing = next((name for name in self._categories() if name not in had), None)
        if missing is not None and missing != self._category:
            self._category = missing
            self._refresh()

    def _switch(self) -> None:
        self._snaps = not self._snaps
        self.tools_changed.emit()

    def find_border(self) -> None:
        """Look for the largest thing with four corners, and mark it."""
        if self._work is not None:
            self.hinted.emit("Looking for a border…")
            self._work.find(self._found)

    def _found(self, corners: NDArray[np.float64] | None) -> None:
        if corners is None:
            self.hinted.emit("No border was found; click its four corners.")
            return
        self.hinted.emit("")
        self._drawn((in_order(tuple((x, y) for x, y in corners.round(2).tolist())),), verb="Found")

    def snap_to_edges(self) -> None:
        """Move the corners of the selected borders, or of all, onto the edges near them."""
        chosen = [one.id for one in self._chosen() if one.id in self._set.shapes]
        self._snap(chosen or list(self._set.shapes))

    def _snap(self, numbers: Collection[int]) -> None:
        before = {number: self._set.shapes[number] for number in numbers}
        quads = {number: corners for number, one in before.items() if (corners := _corners(one)) is not None}
        if self._work is not None and quads:
            self._work.snap(quads, lambda found: self._snapped(before, found))

    def _snapped(self, before: dict[int, Shape], found: dict[int, Snapped]) -> None:
        moved: list[int] = []
        weak: list[str] = []
        for number, one in found.items():
            shape = before[number]
            if self._set.shapes.get(number) != shape:
                continue  # moved by hand, or gone, in the meantime
            sides = [side for side, sure in zip(SIDES, one.confidence, strict=True) if sure < LEAST]
            if sides:
                weak.append(f"{shape.category} at the {', '.join(sides)}")
            after = shape_acts.formed(shape, [tuple((x, y) for x, y in one.corners.round(2).tolist())])
            if after != shape:
                self._set.put(number, after)
                moved.append(number)
            top, right, bottom, left = (sure >= LEAST for sure in one.confidence)
            self._sure[after] = (top, right, bottom, left)
        self.hinted.emit(f"No clear edge along {'; '.join(weak)}; that stayed where it was." if weak else "")
        if moved:
            self._keep(f"Snapped {named(self._set.of(moved))} to its edges")

    # -- showing ------------------------------------------------------------------------------------------------------

    def _refresh(self) -> None:
        super()._refresh()
        chosen = [self._set.shapes[one.id] for one in self._chosen() if one.id in self._set.shapes]
        shape = chosen[0] if chosen else next(iter(self._set.shapes.values()), None)
        if self._subject is None or shape is None:
            self._flat_of = None
            self.flat.set_view(None)
            return
        corners = _corners(shape)
        if self._work is not None and corners is not None and shape != self._flat_of:
            self._flat_of = shape
            self._work.flatten(corners, lambda view: self._show_flat(shape, view))

    def _show_flat(self, shape: Shape, view: FlatView) -> None:
        if shape == self._flat_of:
            self.flat.set_view(view, shape.category)
            self.flat.set_sure(self._sure.get(shape, (True, True, True, True)))

    def _odd(self) -> str:
        odd = next((one for one in self._set.shapes.values() if _corners(one) is None), None)
        if odd is not None:
            return f"{odd.category} has no four corners; delete it and click them anew."
        return super()._odd()


def _corners(shape: Shape) -> NDArray[np.float64] | None:
    """Float64 (4, 2); None where it has not four."""
    if len(shape.polygons) != 1 or len(shape.polygons[0]) != 8:
        return None
    return np.array(shape.polygons[0], np.float64).reshape(4, 2)
