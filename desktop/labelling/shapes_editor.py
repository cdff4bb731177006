"""What editors of shapes share: the set of them on the canvas and in the panel, and proposals taken one by one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import ClassVar

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.labelling import shape_acts
from desktop.labelling.answer_editor import FIELD_KEY
from desktop.labelling.boxes_panel import KEYS, BoxesPanel
from desktop.labelling.editor import Editor, Proposal, Subject
from desktop.labelling.fault_watch import FaultWatch
from desktop.labelling.shape_rows import (
    colours_of,
    counted_categories,
    drawn,
    list_title,
    named,
    proposal_words,
    shape_rows,
)
from desktop.labelling.shape_set import ShapeSet
from desktop.widgets.canvas import Canvas, CanvasShape, Clipboard, SelectTool
from training.datasets.heads import HeadDef
from training.datasets.values import Boxes, Shape, Value

__all__ = ["ShapesEditor"]


class ShapesEditor(Editor):
    """Shapes on the canvas, a list of them in the panel. The kinds say which tools there are."""

    kind: ClassVar[str] = "boxes"
    paints: ClassVar[bool] = True
    fixed: ClassVar[bool] = False
    """Whether outlines keep as many points as they have."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._head: HeadDef | None = None
        self._subject: Subject | None = None
        self._value: Boxes | None = None
        self._proposal: Proposal | None = None
        self._canvas: Canvas | None = None
        self._set = ShapeSet()
        self._category = self._wanted = ""
        self._tool_key = self._first_tool()
        self._able = (False, False, False)
        self._select: SelectTool | None = None
        self._clipboard = Clipboard()
        self.panel = BoxesPanel(FIELD_KEY)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.panel)
        self._faults = FaultWatch(self)
        self._faults.found.connect(lambda said: self.panel.show_fault(self._odd() or said))
        panel = self.panel
        panel.category_wanted.connect(self._name)
        panel.shape_wanted.connect(self._pick_row)
        panel.mend_wanted.connect(self._mend)
        panel.points_wanted.connect(self._simplify)
        panel.accept_wanted.connect(self._accept)
        panel.refuse_wanted.connect(self._refuse)
        panel.nothing_wanted.connect(self._say_nothing)
        panel.unknown_wanted.connect(self._say_unknown)
        panel.released.connect(self.released)

    def set_canvas(self, canvas: Canvas) -> None:
        """The canvas that shows the pictures; given once."""
        self._canvas = canvas
        self._select = SelectTool(
            canvas,
            changed=self._changed,
            removed=self._removed,
            pasted=self._pasted,
            clipboard=self._clipboard,
            fixed=self.fixed,
        )
        canvas.shapes_selected.connect(lambda _: self._selected())

    def set_head(self, head: HeadDef) -> None:
        """The question that is answered from now on."""
        self._head = head
        if self._category not in head.categories:
            self._category = head.categories[0] if head.categories else ""
        if self._wanted in head.categories:  # the one that was missing is there now
            self._category, self._wanted = self._wanted, ""
        self._refresh()

    def show_subject(self, subject: Subject, value: Value | None, proposal: Proposal | None) -> None:
        """Show what is marked in a picture, and what is proposed."""
        again = self._subject is not None and self._subject.item == subject.item
        self._subject, self._proposal = subject, proposal
        self._value = value if isinstance(value, Boxes) else None
        self._set.show(self._value.shapes if self._value is not None else (), again=again)
        self._set.propose(proposal, again=again)
        self._draw()
        self._use(self._tool_key)

    def set_proposal(self, proposal: Proposal | None) -> None:
        """What is proposed is another now."""
        self._proposal = proposal
        self._set.propose(proposal, again=False)
        self._draw()

    def accept_proposal(self) -> None:
        """Take all that is proposed."""
        self._accept(True)

    def refuse_proposal(self) -> None:
        """Take none of it."""
        self._refuse(True)

    def leave(self) -> None:
        """Drop what is begun."""
        self._subject = None
        self._faults.stop()
        if self._canvas is not None:
            self._canvas.set_tool(None)
            self._canvas.set_shapes(())

    # -- for the kinds -------------------------------------------------------------------------------------------------

    def _first_tool(self) -> str:
        """In the hand at first."""
        return "select"

    def _use(self, key: str) -> None:
        """Take a tool in hand."""
        raise NotImplementedError

    def _mend(self) -> None:
        """Mend all that is wrong."""

    def _simplify(self, points: int, for_good: bool) -> None:
        """Show, or keep, the selected outline with fewer points."""

    def _keep(self, words: str, select: Collection[int] | None = None, *, shown: bool = False) -> None:
        """The set has become what holds now.

        Args:
            words: for the step.
            select: ids to select; None for those that are.
            shown: whether the canvas shows it already.
        """
        self._value = Boxes(tuple(self._set.shapes.values()))
        if shown:
            self._refresh()
        else:
            self._draw(select)
        self.committed.emit(self._value, words)

    def _categories(self) -> tuple[str, ...]:
        return self._head.categories if self._head is not None else ()

    def _chosen(self) -> tuple[CanvasShape, ...]:
        return self._canvas.selected if self._canvas is not None else ()

    # -- acts ----------------------------------------------------------------------------------------------------------

    def _changed(self, after: tuple[CanvasShape, ...], words: str) -> None:
        """Shapes have another form under the hand; a proposal that has one is accepted with it."""
        taken = []
        for one in after:
            before = self._set.find(one.id)
            if before is None:
                continue
            if before.rle is not None:
                self.hinted.emit(
                    f"{before.category} is kept as single pixels and can't be moved or reshaped; draw it anew."
                )
                self._draw()
                return
            shape = shape_acts.formed(before, one.polygons, one.box)
            place = self._set.put(one.id, shape)
            taken += [place] if place is not None else []
        if taken:
            self.decided.emit(tuple(taken), True)
        self._keep(f"{words}: {named(self._set.of(one.id for one in after))}", shown=not taken)

    def _removed(self, ids: tuple[int, ...]) -> None:
        """Shapes are deleted, proposals refused."""
        if self._subject is None or not ids:
            return
        gone = self._set.of(ids)
        refused = self._set.refuse(ids)
        deleted = self._set.remove(ids)
        if refused:
            self.decided.emit(tuple(refused), False)
        if deleted:
            self._keep(f"Deleted {named(gone)}")
        else:
            self._draw()

    def _pasted(self, copies: tuple[CanvasShape, ...]) -> None:
        """Copies arrive: from here, or from a picture before."""
        ids = []
        for one in copies:
            origin = one.data if isinstance(one.data, Shape) else Shape(one.name, 0, 0, 0, 0)
            if origin.category not in self._categories():
                self.hinted.emit(f"This question has no category {origin.category}; add it, or name the copy first.")
                return
            ids.append(self._set.add(shape_acts.formed(origin, one.polygons, one.box)))
        if ids:
            self._keep(f"Copied {named(self._set.of(ids))}", ids)

    def _name(self, category: str) -> None:
        """The selected shapes are of a category; without any, the next one will be."""
        if category not in self._categories():
            self._wanted = category
            self.category_wanted.emit(category)
            return
        self._category = category
        chosen = [one.id for one in self._chosen() if self._set.find(one.id) is not None]
        taken = []
        for number in chosen:
            shape = self._set.find(number)
            if shape is not None:
                place = self._set.put(number, replace(shape, category=category))
                taken += [place] if place is not None else []
        if taken:
            self.decided.emit(tuple(taken), True)
        if chosen:
            self._keep(f"Named {len(chosen)} {category}" if len(chosen) > 1 else f"Named a shape {category}")
        else:
            self._refresh()

    def _say_nothing(self) -> None:
        if self._subject is None:
            return
        if self._set.shapes:
            self.hinted.emit("Something is marked here; delete that first, or go on with Enter.")
            return
        if self._value is None:
            self._keep(f"Nothing to mark in {self._subject.name}")
        self._refuse(True)
        self.advance_wanted.emit()

    def _say_unknown(self) -> None:
        if self._subject is None:
            return
        name = self._subject.name
        if self._value is not None:
            self._set.show((), again=False)
            self._value = None
            self._draw()
            self.committed.emit(None, f"Took the label of {name} away")
        self._refuse(True)
        self.advance_wanted.emit()

    # -- proposals -----------------------------------------------------------------------------------------------------

    def _meant(self, *, every: bool) -> list[int]:
        """Ids of the proposals that a key is for: the selected ones, else the first; or all."""
        waiting = list(self._set.waiting)
        chosen = [one.id for one in self._chosen() if one.id in self._set.waiting]
        return waiting if every else chosen or waiting[:1]

    def _accept(self, every: bool) -> None:
        ids = self._meant(every=every)
        shapes = self._set.of(ids)
        missing = next((one.category for one in shapes if one.category not in self._categories()), None)
        if missing is not None:
            self.hinted.emit(f"This question has no category {missing}; add it at the left, or refuse the proposal.")
            return
        if ids:
            self.decided.emit(() if every else tuple(self._set.waiting[number] for number in ids), True)
            self._set.accept(ids)
            left = list(self._set.waiting)[:1]
            self._keep(f"Accepted {named(shapes)}", left)

    def _refuse(self, every: bool) -> None:
        ids = self._meant(every=every)
        if ids:
            self.decided.emit(() if every else tuple(self._set.waiting[number] for number in ids), False)
            self._set.refuse(ids)
            self._draw(list(self._set.waiting)[:1])

    # -- showing -------------------------------------------------------------------------------------------------------

    def _draw(self, select: Collection[int] | None = None) -> None:
        """Put the set onto the canvas, with these selected; None for those that are."""
        if self._canvas is None or self._subject is None:
            return
        chosen = [one.id for one in self._chosen()] if select is None else list(select)
        self._canvas.set_shapes(drawn(self._set, chosen, colours_of(self._categories())))
        self._refresh()

    def _selected(self) -> None:
        if self._subject is not None:
            self._refresh()

    def _pick_row(self, place: int) -> None:
        number = [number for number, _ in self._set.everything()][place]
        if self._canvas is not None:
            self._use("select")
            self._canvas.pick({number})
            shape = self._canvas.shape(number)
            if shape is not None:
                self._canvas.show_box(shape.bounds)
            self.released.emit()

    def _refresh(self) -> None:
        """Let the panel and the toolbar say what there is."""
        if self._head is None:
            return
        chosen, colours = self._chosen() if self._subject is not None else (), colours_of(self._categories())
        names = {one.name for one in chosen}
        meant = next(iter(names)) if len(names) == 1 else self._category if not names else ""
        with_keys = counted_categories(self._set, self._categories()[:KEYS], colours)
        self.panel.show_categories(with_keys, meant, self._categories())
        first = chosen[0].id if chosen else None
        hot = next((place for place, (number, _) in enumerate(self._set.everything()) if number == first), -1)
        title = list_title(len(self._set.shapes), len(chosen), labelled=self._value is not None)
        self.panel.show_shapes(title, shape_rows(self._set, colours), hot)
        self.panel.show_proposals(proposal_words(self._proposal, len(self._set.waiting)))
        if self._subject is not None:
            self._faults.watch(list(self._set.shapes.values()), (self._subject.width, self._subject.height))
        only = self._set.shapes.get(chosen[0].id) if len(chosen) == 1 else None
        fixed = self.fixed or only is None or only.rle is not None or only.crowd
        self.panel.show_points(0 if only is None or fixed else sum(map(len, only.polygons)) // 2)
        able = (len(chosen) > 0, len(chosen) > 1, bool(self._set.shapes))
        if able != self._able:
            self._able = able
            self.tools_changed.emit()

    def _odd(self) -> str:
        """What is wrong for this kind only; a sentence, or ""."""
        return ""
