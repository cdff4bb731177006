"""The editor in the Label tab: which one the question has, what it is shown, and what it gives back."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from desktop.labelling.editor import Editor, Proposal, Subject
from desktop.labelling.editors import EDITORS, editor_kind
from desktop.pages.dataset.label_keeping import LabelKeeping
from desktop.pages.dataset.label_panel import LabelPanel
from desktop.pages.dataset.label_pictures import LabelPictures
from desktop.pages.dataset.label_stage import LabelStage
from desktop.pages.dataset.state import DatasetState

if TYPE_CHECKING:  # NumPy comes with them
    from training.datasets.heads import HeadDef
    from training.datasets.records import Item
    from training.datasets.values import Value
    from training.labelling.drafts import Draft

__all__ = ["LabelEditing"]

_log = logging.getLogger(__name__)


class LabelEditing(QObject):
    """Shows one picture's label by one question.

    Args:
        proposal: what is proposed for an item by a question; None for nothing.
        opinion: the second opinion that is asked for instead of the label: whether it is, and what it says so far.

    Signals:
        committed: item, and a draft or None; it is being saved.
        advance_wanted: the question is answered.
        category_wanted: a new name.
        decided: item, parts of its proposal, whether they were accepted.

    Attributes:
        head: the question; None before there is one.
        shown: the item whose label is shown; None for none.
        base: the text of that label, as the database has it; None for no label.
        subject: the picture that was shown last; None before.
    """

    committed = Signal(int, object)
    advance_wanted = Signal()
    category_wanted = Signal(str)
    decided = Signal(int, object, bool)

    def __init__(
        self,
        state: DatasetState,
        parts: tuple[LabelStage, LabelPanel, LabelPictures, LabelKeeping],
        proposal: Callable[[str, int], Proposal | None],
        opinion: Callable[[str, int], tuple[bool, Value | None]],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._state = state
        self._stage, self._panel, self._pictures, self._keeping = parts
        self._proposal, self._opinion = proposal, opinion
        self._editors: dict[str, Editor] = {}
        self.editor: Editor | None = None
        self.head: HeadDef | None = None
        self.shown: int | None = None
        self.base: str | None = None
        self.subject: Subject | None = None

    # -- the question -------------------------------------------------------------------------------------------------

    def set_head(self, head: HeadDef) -> None:
        """Another question, or the same with other categories."""
        self.leave()
        self.head = head
        kind = editor_kind(head)
        if kind not in self._editors:
            self._editors[kind] = self._made(kind)
        editor = self.editor = self._editors[kind]
        editor.set_head(head)
        self._panel.set_editor(editor)
        self._stage.set_tools(editor.tools(), overlay=editor.paints)

    def _made(self, kind: str) -> Editor:
        editor = EDITORS[kind]()()
        editor.set_canvas(self._stage.canvas)
        editor.committed.connect(self._commit)
        editor.hinted.connect(self._panel.show_hint)
        editor.advance_wanted.connect(self.advance_wanted)
        editor.released.connect(self._stage.canvas.setFocus)
        editor.category_wanted.connect(self.category_wanted)
        editor.decided.connect(self._decide)
        editor.tool_changed.connect(self._stage.set_tool)
        editor.tools_changed.connect(lambda: self._tools_changed(editor))
        return editor

    def _tools_changed(self, editor: Editor) -> None:
        if editor is self.editor:
            self._stage.set_tools(editor.tools(), overlay=editor.paints)

    # -- the picture --------------------------------------------------------------------------------------------------

    def leave(self) -> None:
        """The picture or the question is about to be another."""
        if self.editor is not None and self.shown is not None:
            self.editor.leave()
            self._stage.canvas.set_tool(None)
        self.shown = None

    def show_item(self, number: int) -> bool:
        """Show a picture with its label, once both are there; whether they are shown anew."""
        picture, item = self._pictures.picture(number), self._pictures.item(number)
        if self.editor is None or self.head is None or self.shown == number:
            return False
        if picture is None or item is None:
            if self.shown is None:
                self._stage.canvas.set_picture(None, message="Reading…", sign="loader")
            return False
        message = "" if picture.pyramid is not None else "There is no picture to show."
        self._stage.canvas.set_picture(
            picture.pyramid, width=picture.width, height=picture.height, message=message, name=picture.name
        )
        self._stage.show_problem(picture.problem)
        self._panel.show_hint("")
        self.shown = number
        self.show_label(item)
        return True

    def show_label(self, item: Item) -> None:
        """Show what the picture that is shown is, as far as anybody here knows."""
        from training.datasets.values import to_text

        head, editor, picture = self.head, self.editor, self._pictures.picture(item.id)
        if head is None or editor is None or picture is None:
            return
        value = item.labels.get(head.name)
        self.base = to_text(value) if value is not None else None
        asked, opinion = self._opinion(head.name, item.id)
        act = self._keeping.held(head.name, item.id)
        shown = opinion if asked else value if act is None else self._value(act.labels[item.id])
        image = picture.pyramid.image if picture.pyramid is not None else QImage()
        subject = self.subject = Subject(
            item.id,
            item.name,
            image,
            picture.width,
            picture.height,
            picture.pixels,
            self._state.store.blobs.read,
            picture.path,
        )
        editor.show_subject(subject, shown, None if asked else self._proposal(head.name, item.id))

    def label_changed(self, item: Item) -> None:
        """An item was read anew: show its label if it is another than the one that is shown."""
        from training.datasets.values import to_text

        if self.head is None or self.shown != item.id or self._keeping.held(self.head.name, item.id) is not None:
            return
        value = item.labels.get(self.head.name)
        if (to_text(value) if value is not None else None) != self.base:
            self.show_label(item)

    def saved(self, head: str, values: dict[int, Value | None]) -> None:
        """Labels are in the database now."""
        from training.datasets.values import to_text

        if self.head is not None and head == self.head.name and self.shown in values:
            value = values[self.shown]
            self.base = to_text(value) if value is not None else None

    def propose(self, head: str, item: int) -> None:
        """What is proposed for an item is something else now."""
        if self.editor is not None and self.head is not None and (self.head.name, self.shown) == (head, item):
            asked, _ = self._opinion(head, item)
            if not asked:
                self.editor.set_proposal(self._proposal(head, item))

    def _value(self, draft: Draft | None) -> Value | None:
        """What an editor is shown of something that is not saved yet."""
        from training.labelling.drafts import to_value

        try:
            return None if draft is None else to_value(self._state.store.blobs, draft)
        except Exception:  # the disk is full: what was painted is kept in the queue, and shown when it is saved
            _log.exception("what is not saved yet can't be shown")
            return None

    def close(self) -> None:
        """Stop what runs in the editors."""
        for editor in self._editors.values():
            editor.close_editor()

    # -- what the hand does -------------------------------------------------------------------------------------------

    def _commit(self, draft: Draft | None, words: str) -> None:
        if self.shown is None or self.head is None:
            return
        asked, _ = self._opinion(self.head.name, self.shown)
        if not asked:
            self._keeping.commit(self.head, {self.shown: draft}, words, {self.shown: self.base})
        self.committed.emit(self.shown, draft)

    def _decide(self, parts: object, accepted: bool) -> None:
        if self.shown is not None:
            self.decided.emit(self.shown, parts, accepted)
