"""The Label tab: one picture after another, one question after another. Every act is kept at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget

from desktop.pages.dataset.label_assist import LabelAssist
from desktop.pages.dataset.label_copying import copy_label
from desktop.pages.dataset.label_course import LabelCourse
from desktop.pages.dataset.label_editing import LabelEditing
from desktop.pages.dataset.label_helping import LabelHelping
from desktop.pages.dataset.label_keeping import LabelKeeping
from desktop.pages.dataset.label_lights import LabelLights, Lighting
from desktop.pages.dataset.label_outcomes import LabelOutcomes, LabelParts
from desktop.pages.dataset.label_panel import LabelPanel
from desktop.pages.dataset.label_pictures import LabelPictures
from desktop.pages.dataset.label_review import LabelReview, Reviewing
from desktop.pages.dataset.label_stage import LabelStage
from desktop.pages.dataset.label_words import KEYS, LabelRow, LabelWords
from desktop.pages.dataset.lighting import under_lights
from desktop.pages.dataset.tab import Around, Tab
from desktop.widgets.labels import label

if TYPE_CHECKING:  # NumPy comes with them
    from training.datasets.heads import HeadDef
    from training.labelling.drafts import Draft

__all__ = ["LabelView"]

_ASIDE, _ASIDE_WIDE, _WIDE = 320, 400, 1240
_LETTERS = 36
_AHEAD, _BEHIND = 3, 1


class LabelView(Tab):
    """The tab."""

    def __init__(self, around: Around) -> None:
        super().__init__()
        self._around, self._state = around, around.state
        self.pictures = LabelPictures(self._state, self)
        self.keeping = LabelKeeping(around, self)
        self.row = LabelRow(self._state, self.pictures, self.keeping, self)
        self.stage = LabelStage(self.row, self._key)
        self.assist, self.review, self.lights = LabelAssist(), LabelReview(), LabelLights()
        self.panel = LabelPanel({"Help": self.assist, "Lights": self.lights, "Review": self.review})
        self.helping = LabelHelping(around, self.assist, self)
        self.reviewing = Reviewing(around, self.keeping, self.review, self)
        needed = (self.stage, self.panel, self.pictures, self.keeping)
        self.editing = LabelEditing(self._state, needed, self.helping.proposal, self.reviewing.opinion, self)
        self.course = self.row.course = LabelCourse(around, self.editing, self)
        self.lighting = Lighting(around, self.lights, self.editing, self.stage, self)
        shown = (self.stage, self.panel)
        self.words = LabelWords(self.row, shown, self.course, self.editing, self.keeping, self.helping)
        parts = LabelParts(
            around,
            self.stage,
            self.panel,
            self.pictures,
            self.keeping,
            self.editing,
            self.course,
            self.helping,
            self.words,
        )
        self.outcomes = LabelOutcomes(parts, self)
        self._dataset: int | None = None
        self._generation = -1
        self._nothing = label("", "secondary", wrap=True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._nothing)
        self._stack.addWidget(self.stage)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._stack, 1)
        row.addWidget(self.panel)
        self.panel.hide()
        self._connect()

    def _connect(self) -> None:
        stage, panel, pictures, keeping, course = self.stage, self.panel, self.pictures, self.keeping, self.course
        stage.step_wanted.connect(course.step)
        stage.open_wanted.connect(course.next_open)
        stage.order_wanted.connect(course.set_order)
        stage.place_wanted.connect(lambda place: course.go(course.labelling.item(place)))
        stage.reel.wanted.connect(lambda items: pictures.want_small(items, stage.reel.side))
        pictures.picture_ready.connect(lambda item: self._show() if item == course.labelling.current else None)
        pictures.thumbnail_ready.connect(stage.reel.set_picture)
        panel.head_chosen.connect(self._state.set_head)
        panel.turns_changed.connect(course.set_turns)
        panel.retry_wanted.connect(keeping.retry)
        panel.give_up_wanted.connect(lambda: keeping.give_up(course.labelling.current))
        panel.part_opened.connect(self._follow_parts)
        self.editing.committed.connect(self._committed)
        self.editing.advance_wanted.connect(course.advance)
        self.editing.category_wanted.connect(self._add_category)
        self.editing.decided.connect(lambda item, parts, yes: self.helping.decided(course.head, item, parts, yes))
        self.helping.suggested.connect(course.suggest)
        self.reviewing.changed.connect(self.outcomes.show_again)
        self.outcomes.show_wanted.connect(self._show)
        self.lighting.picked.connect(course.go)
        self.assist.copy_wanted.connect(self._copy)
        course.read.connect(self._course_read)
        course.moved.connect(self._moved)
        course.hinted.connect(panel.show_hint)
        self._around.acting.turned.connect(lambda step: course.turned(step) if self.isVisible() else None)
        self._around.acting.unsaved = keeping.take_back

    # -- following the state ------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Follow the state."""
        shown, heads = self._state.shown, self.course.heads()
        if shown is None or not heads or not shown.items:
            self._say_nothing("There is no picture here yet." if heads else "This dataset asks nothing yet.")
            return
        if shown.dataset.id != self._dataset:
            self._begin(shown.dataset.id, shown.items)
        head = next((one for one in heads if one.name == self._state.head), heads[0])
        if head != self.editing.head:
            self._set_head(head)
        if self._generation != self._state.cache.generation:
            self._generation = self._state.cache.generation
            self.pictures.outdate()
            if not self.keeping.busy:  # somebody else has changed something
                self.course.look(again=True)
            self._follow_parts()
        self.course.look()
        self._want()
        self.words.refresh()

    def _begin(self, dataset: int, pictures: int) -> None:
        """Another dataset."""
        self.editing.leave()
        self._dataset, self.editing.head = dataset, None
        self.pictures.forget()
        self.stage.reel.forget()
        self.course.begin()
        self.keeping.begin()
        self.helping.begin(dataset, pictures)

    def _set_head(self, head: HeadDef) -> None:
        """Another question, or the same with other categories."""
        self.editing.set_head(head)
        self.stage.show_keys(*KEYS[self._paints])
        self._show()
        self.stage.reel.refresh()

    @property
    def _paints(self) -> bool:
        return self.editing.editor is not None and self.editing.editor.paints

    def _course_read(self) -> None:
        """The pictures are in another order, or are others."""
        labelling = self.course.labelling
        if not labelling.count:
            self._say_nothing("Nothing here matches the filter; show all pictures in Images.")
            return
        self._stack.setCurrentWidget(self.stage)
        self.panel.show()
        self.stage.reel.set_count(labelling.count, labelling.place)
        if labelling.current != self.editing.shown:
            self.editing.leave()
        self._moved()
        self.helping.follow(labelling, self.editing.head)

    def _say_nothing(self, sentence: str) -> None:
        self._nothing.setText(sentence)
        self._stack.setCurrentWidget(self._nothing)
        self.panel.hide()

    def _moved(self) -> None:
        """The current picture may be another."""
        self.stage.reel.set_current(self.course.labelling.place)
        self._want()
        self._show()
        self.words.refresh()
        if self.isVisible():
            self.stage.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def _want(self) -> None:
        self.pictures.want(self.course.labelling.around(_AHEAD, _BEHIND))

    def _show(self) -> None:
        """Show the current picture with its label, once both are there."""
        current = self.course.labelling.current
        if current is not None and self.editing.show_item(current):
            self.helping.follow(self.course.labelling, self.editing.head)
            self._follow_parts()
            self.words.refresh()

    def _follow_parts(self) -> None:
        """What is unfolded at the right is about the picture that is shown."""
        item = self.pictures.item(self.editing.shown or 0)
        is_set = item is not None and bool(item.group) and under_lights(self.course.heads())
        self.panel.set_part_visible("Lights", is_set)
        if item is not None and is_set and self.panel.is_open("Lights"):
            self.lighting.follow(item)
        if self.panel.is_open("Review") and self.editing.head is not None and self.editing.shown is not None:
            self.reviewing.follow(self.editing.head, self.editing.shown)

    # -- what a person does -------------------------------------------------------------------------------------------

    def _committed(self, item: int, draft: Draft | None) -> None:
        head = self.editing.head
        if head is None:
            return
        if self.review.second:
            self.reviewing.say(head, item, draft)
            return
        self.course.labelling.said(head.name, [item], labelled=draft is not None)
        self.words.refresh_marks()

    def _add_category(self, name: str) -> None:
        head = self.course.head
        self._around.acting.change(lambda store, one: store.add_category(one, head, name))

    def _copy(self, what: str) -> None:
        labelling = self.course.labelling
        if labelling.current is not None and self.course.head:
            before = labelling.item(labelling.place - 1) if labelling.place > 0 else None
            facts, annotator = self.helping.facts, self.keeping.annotator
            copy_label(self._around, what, self.course.head, labelling.current, before, facts, annotator=annotator)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What nothing at the right has taken."""
        if not self._key(event):
            super().keyPressEvent(event)

    def _key(self, event: QKeyEvent) -> bool:
        editor, course = self.editing.editor, self.course
        if editor is None or course.labelling.current is None:
            return False
        if self.editing.shown is not None and editor.handle_key(event):
            self.words.refresh()
            return True
        keys, key = Qt.Key, event.key()
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if editor.paints and not event.modifiers():
            key = {keys.Key_D: keys.Key_PageDown, keys.Key_A: keys.Key_PageUp}.get(keys(key), key)
        elif not editor.paints:
            key = {keys.Key_Right: keys.Key_PageDown, keys.Key_Left: keys.Key_PageUp}.get(keys(key), key)
        if (editor.paints and key == keys.Key_N) or (control and key == keys.Key_PageDown):
            course.next_open()
        elif key == keys.Key_PageDown:
            course.step(1)
        elif key == keys.Key_PageUp:
            course.step(-1)
        elif control and key == keys.Key_B:
            self._copy("previous")
        elif editor.paints and key == keys.Key_Y:
            editor.accept_proposal()
        elif editor.paints and key == keys.Key_X:
            editor.refuse_proposal()
        else:
            return False
        return True

    # -- Qt -----------------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """The keyboard is for the picture."""
        super().showEvent(event)
        QTimer.singleShot(0, self, lambda: self.stage.canvas.setFocus(Qt.FocusReason.OtherFocusReason))
        self._show()

    def hideEvent(self, event: QHideEvent) -> None:
        """Drop what is begun, and try once more to save what is not saved."""
        super().hideEvent(event)
        self.editing.leave()
        self.keeping.retry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A large window gives the right side more room."""
        super().resizeEvent(event)
        usual = _ASIDE_WIDE if self.width() >= _WIDE else _ASIDE
        letter = self.fontMetrics().averageCharWidth()
        self.panel.setFixedWidth(max(usual, min(_LETTERS * letter, self.width() * 2 // 5)))

    def close_view(self) -> None:
        """Stop loading, and leave a journal of what is not saved."""
        self.editing.close()
        self.lighting.close()
        self.pictures.close()
        self.helping.close()
        self.keeping.close()
