"""What comes back to the Label tab: labels that were saved, read anew, taken back, proposed, or are in dispute."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.pages.dataset.label_course import LabelCourse
from desktop.pages.dataset.label_editing import LabelEditing
from desktop.pages.dataset.label_helping import LabelHelping
from desktop.pages.dataset.label_keeping import LabelKeeping
from desktop.pages.dataset.label_panel import LabelPanel
from desktop.pages.dataset.label_pictures import LabelPictures
from desktop.pages.dataset.label_stage import LabelStage
from desktop.pages.dataset.label_words import LabelWords
from desktop.pages.dataset.tab import Around
from desktop.pages.dataset.wording import history_rows

if TYPE_CHECKING:  # NumPy comes with it
    from training.datasets.values import Value

__all__ = ["LabelOutcomes", "LabelParts"]


@dataclass(frozen=True, slots=True)
class LabelParts:
    """The parts of the tab."""

    around: Around
    stage: LabelStage
    panel: LabelPanel
    pictures: LabelPictures
    keeping: LabelKeeping
    editing: LabelEditing
    course: LabelCourse
    helping: LabelHelping
    words: LabelWords


class LabelOutcomes(QObject):
    """Brings it to the parts that show it.

    Signals:
        show_wanted: the current picture can be shown now.
    """

    show_wanted = Signal()

    def __init__(self, parts: LabelParts, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        parts.keeping.saved.connect(self._saved)
        parts.keeping.dropped.connect(self._dropped)
        parts.keeping.changed.connect(parts.words.refresh_marks)
        parts.pictures.item_ready.connect(self._item_read)
        parts.helping.proposed.connect(self._proposed)
        parts.panel.mine_wanted.connect(lambda: self._decide(mine=True))
        parts.panel.theirs_wanted.connect(lambda: self._decide(mine=False))
        parts.panel.history_opened.connect(self._read_history)

    def show_again(self) -> None:
        """What the shown picture is has become something else."""
        item = self._parts.pictures.item(self._parts.editing.shown or 0)
        if item is not None:
            self._parts.editing.show_label(item)

    def _saved(self, head: str, values: dict[int, Value | None]) -> None:
        """Labels are in the database now."""
        parts = self._parts
        for number, value in values.items():
            self._patch(number, head, value)
            parts.helping.tell(head, number, value)
        parts.editing.saved(head, values)
        parts.helping.follow(parts.course.labelling, parts.editing.head)

    def _patch(self, number: int, head: str, value: Value | None) -> None:
        """An item's label is known to be this, until the item is read anew."""
        item = self._parts.pictures.item(number)
        if item is not None:
            labels = {name: one for name, one in item.labels.items() if name != head}
            labels = {**labels, head: value} if value is not None else labels
            self._parts.pictures.put_item(replace(item, labels=labels))

    def _item_read(self, number: int) -> None:
        """An item has been read, perhaps anew: its labels are what somebody else made them, or an undo."""
        parts, item = self._parts, self._parts.pictures.item(number)
        for head in parts.course.heads() if item is not None else ():
            if parts.keeping.held(head.name, number) is None and item is not None:
                parts.course.labelling.said(head.name, [number], labelled=head.name in item.labels)
                parts.helping.tell(head.name, number, item.labels.get(head.name))
        if number == parts.course.labelling.current:
            if item is None:
                parts.editing.leave()
                parts.stage.canvas.set_picture(None, message="This picture is not in the dataset any more.")
            elif parts.editing.shown == number:
                parts.editing.label_changed(item)
            else:
                self.show_wanted.emit()
            parts.words.refresh()
        parts.stage.reel.refresh()

    def _proposed(self, head: str, item: int) -> None:
        self._parts.editing.propose(head, item)
        self._parts.words.refresh()

    def _dropped(self, number: int, head: str) -> None:
        """An act that was never saved was taken back."""
        parts = self._parts
        parts.course.jump([(number, head)])
        item = parts.pictures.item(number)
        if item is not None:
            parts.course.labelling.said(head, [number], labelled=head in item.labels)
            if parts.editing.shown == number:
                parts.editing.show_label(item)
        parts.stage.reel.refresh()

    def _decide(self, *, mine: bool) -> None:
        """Two windows disagree, and the person has said which one holds."""
        parts = self._parts
        number, head = parts.editing.shown, parts.editing.head
        clash = parts.keeping.clash(head.name, number) if head is not None and number is not None else None
        if clash is None or number is None or head is None:
            return
        theirs = clash.theirs.get(number)
        self._patch(number, head.name, theirs.value if theirs is not None else None)
        parts.keeping.settle(head, number, mine=mine)
        self.show_again()
        parts.words.refresh_marks()

    def _read_history(self) -> None:
        parts, item = self._parts, self._parts.course.labelling.current
        heads, store = parts.course.heads(), parts.around.state.store
        if item is None:
            return

        def done(rows: list[tuple[str, str]]) -> None:
            if item == parts.course.labelling.current:
                parts.panel.show_history(rows)

        parts.around.jobs.start(
            "Reading a history",
            lambda _: history_rows(store.history(item), heads),
            on_done=done,
            on_error=parts.around.notices.error,
            visible=False,
        )
