"""The way through the pictures in the Label tab: which order, which one is next, and back to what was undone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.pages.dataset.answering import HAND
from desktop.pages.dataset.label_editing import LabelEditing
from desktop.pages.dataset.labelling import Labelling, Order, Way, read_order
from desktop.pages.dataset.tab import Around
from desktop.pages.dataset.wanted import Wanted

if TYPE_CHECKING:
    from training.datasets.heads import HeadDef
    from training.datasets.outcomes import Step

__all__ = ["LabelCourse"]


class LabelCourse(QObject):
    """Moves from picture to picture.

    Signals:
        read: the pictures are in another order now, or are others.
        moved: the current picture is another.
        hinted: a sentence.
    """

    read = Signal()
    moved = Signal()
    hinted = Signal(str)

    def __init__(self, around: Around, editing: LabelEditing, parent: QObject) -> None:
        super().__init__(parent)
        self._around, self._state, self._editing = around, around.state, editing
        self.labelling = Labelling()
        self._asked: Way | None = None

    # -- what there is ------------------------------------------------------------------------------------------------

    def heads(self) -> list[HeadDef]:
        """All questions."""
        return [one.head for one in self._state.shown.heads] if self._state.shown is not None else []

    def in_turn(self) -> list[HeadDef]:
        """Those that may come in turn."""
        return [one for one in self.heads() if one.kind in HAND]

    @property
    def head(self) -> str:
        """The question that is answered; "" for none."""
        return self._editing.head.name if self._editing.head is not None else ""

    def begin(self) -> None:
        """Another dataset."""
        self.labelling = Labelling(wish=self.labelling.wish, turns=self.labelling.turns)
        self._asked = None
        chosen = self._around.chosen()
        self.labelling.current = chosen[0] if len(chosen) == 1 else None

    # -- the order ----------------------------------------------------------------------------------------------------

    def _way(self) -> Way | None:
        dataset = self._state.selected
        if dataset is None or self._editing.head is None:
            return None
        wanted = self._state.wanted if not self._state.wanted.trashed else Wanted(order=self._state.wanted.order)
        names = [one.name for one in self.in_turn()]
        about = names[0] if self.labelling.turns and self.head in names else self.head
        order = self.labelling.wish
        return Way(dataset, wanted, order, "" if order == "shown" else about)

    def look(self, *, again: bool = False) -> None:
        """Read the order if it is to be another by now; with ``again`` also if it is the same."""
        way = self._way()
        if way is None or (way == self._asked and not again):
            return
        self._asked = way
        names = [one.name for one in self.heads()]
        store = self._state.store
        self._around.jobs.start(
            "Looking for pictures to label",
            lambda _: read_order(store, way, names),
            on_done=self._take,
            on_error=self._around.notices.error,
            visible=False,
        )

    def _take(self, order: Order) -> None:
        if order.way == self._asked:
            self.labelling.take(order, self.head)
            self.read.emit()

    def set_order(self, order: str) -> None:
        """Show the pictures in another order, a key of ``ORDERS``."""
        self.labelling.wish = order
        self.look()

    def set_turns(self, turns: bool) -> None:
        """Whether all questions of a picture come in turn."""
        self.labelling.turns = turns
        self.look()

    def suggest(self, head: str, items: Sequence[int], whys: dict[int, str]) -> None:
        """These would teach most: they come next in the order that asks for them."""
        if self.labelling.wish == "next" and head == self.head and self.labelling.suggest(items, whys):
            self.read.emit()

    # -- moving -------------------------------------------------------------------------------------------------------

    def advance(self) -> None:
        """The question about the current picture is answered, or nobody can tell."""
        here = self._editing.shown
        if here is None:
            return
        if self.labelling.is_open(self.head, here):
            self.labelling.passed.add((self.head, here))
        after = self.labelling.after(self.head, self.heads())
        if after is None:
            left = self.labelling.left(self.head)
            more = f"{left:,} are still without a label." if left else "Every picture here has a label."
            self.hinted.emit(f"That was the last picture. {more}")
            return
        item, head = after
        self._to(item, head)

    def step(self, by: int) -> None:
        """To a picture before or after."""
        place = self.labelling.place + by
        self.go(self.labelling.item(place) if place >= 0 else None)

    def next_open(self) -> None:
        """To the next picture without a label."""
        item = self.labelling.next_open(self.head)
        if item is None:
            self.hinted.emit("Every other picture here has a label.")
        self.go(item)

    def go(self, item: int | None) -> None:
        """To a picture."""
        if item is not None and item != self.labelling.current:
            self._to(item, "")

    def jump(self, touched: Sequence[tuple[int, str]]) -> None:
        """To the first of (picture, question), but not away from a picture that is among them."""
        if touched:
            here = [one for one in touched if one[0] == self.labelling.current]
            self._to(*(here or list(touched))[0])

    def turned(self, step: Step) -> None:
        """A step was undone or done again: show the picture it was about."""
        names = {one.id: one.name for one in self.heads()}

        def show(touched: list[tuple[int, int]]) -> None:
            self.jump([(item, names.get(head, "")) for item, head in touched])

        self._around.acting.act(lambda store: store.touched(step.id), show)

    def _to(self, item: int, head: str) -> None:
        if item != self.labelling.current:
            self._editing.leave()
            self.labelling.go(item)
        if head:
            self._state.set_head(head)
        self.moved.emit()
