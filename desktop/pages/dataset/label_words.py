"""What the Label tab says of where it is: the row of pictures, the line under the canvas, and the right side."""

from __future__ import annotations

from PySide6.QtCore import QObject

from desktop.pages.dataset.label_course import LabelCourse
from desktop.pages.dataset.label_editing import LabelEditing
from desktop.pages.dataset.label_helping import LabelHelping
from desktop.pages.dataset.label_keeping import LabelKeeping
from desktop.pages.dataset.label_panel import LabelPanel
from desktop.pages.dataset.label_pictures import LabelPictures
from desktop.pages.dataset.label_stage import LabelStage
from desktop.pages.dataset.state import DatasetState
from desktop.widgets.reel import Mark

__all__ = ["KEYS", "LabelRow", "LabelWords"]

KEYS = {True: ("A", "D", "N"), False: ("←", "→", "Ctrl →")}
"""Whether the editor works on the canvas -> keys for the picture before, the next, and the next without a label. Where
names are typed, letters are for them."""


class LabelRow(QObject):
    """What is in the row of pictures; a ``ReelSource``.

    Attributes:
        course: set before anything is shown.
    """

    course: LabelCourse

    def __init__(self, state: DatasetState, pictures: LabelPictures, keeping: LabelKeeping, parent: QObject) -> None:
        super().__init__(parent)
        self._state, self._pictures, self._keeping = state, pictures, keeping

    def key(self, place: int) -> int:
        """The item at a place."""
        return self.course.labelling.item(place) or 0

    def name(self, place: int) -> str:
        """Of the file, where it is known by now."""
        number = self.key(place)
        item = self._pictures.item(number) or self._state.cache.get(number)
        return item.name if item is not None else "Picture"

    def mark(self, place: int) -> Mark:
        """Where the picture at a place stands."""
        item, head = self.key(place), self.course.head
        if self._keeping.clash(head, item) is not None:
            return "asked"
        if self._keeping.dirty(item):
            return "dirty"
        return "" if self.course.labelling.is_open(head, item) else "done"


class LabelWords:
    """Says it anew when asked."""

    def __init__(
        self,
        row: LabelRow,
        parts: tuple[LabelStage, LabelPanel],
        course: LabelCourse,
        editing: LabelEditing,
        keeping: LabelKeeping,
        helping: LabelHelping,
    ) -> None:
        self._row, self._course, self._editing = row, course, editing
        self._keeping, self._helping = keeping, helping
        self._stage, self._panel = parts

    def refresh_marks(self) -> None:
        """The row too."""
        self._stage.reel.refresh()
        self.refresh()

    def refresh(self) -> None:
        """Everything but the row."""
        head, editor, labelling = self._editing.head, self._editing.editor, self._course.labelling
        if head is None or editor is None:
            return
        stage, panel, place, current = self._stage, self._panel, labelling.place, labelling.current or 0
        name = self._row.name(place) if place >= 0 else ""
        stage.show_where(name, place, labelling.count, labelling.left(head.name), labelling.wish)
        in_turn = len(self._course.in_turn())
        panel.show_heads(self._course.heads(), head, turns=labelling.turns, in_turn=in_turn)
        before, following, unlabelled = KEYS[editor.paints]
        ways = [(f"{before} {following}", "before, next"), (unlabelled, "next unlabelled"), ("Ctrl Z", "undo")]
        panel.show_keys([*editor.hints(), *ways])
        panel.show_why(labelling.whys.get(current, "") if labelling.wish == "next" else "")
        clash = self._keeping.clash(head.name, current)
        mine = self._keeping.mine_words(head, clash, current) if clash is not None else None
        panel.show_clash(head if clash is not None else None, mine, clash.theirs.get(current) if clash else None)
        problem, hopeless = self._keeping.problem_of(current)
        panel.show_unsaved(problem, hopeless=hopeless)
        picture_before = labelling.item(place - 1) if place > 0 else None
        self._helping.assist.show_copying(
            before=picture_before is not None and not labelling.is_open(head.name, picture_before),
            labelled=place >= 0 and not labelling.is_open(head.name, current),
            gathered=self._helping.gathered,
        )
