"""The part of the Label tab for second looks: accept or reject with a note, a second opinion, agreement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from desktop.pages.dataset.label_keeping import LabelKeeping
from desktop.pages.dataset.tab import Around
from desktop.pages.dataset.wording import label_note, value_words
from desktop.theme import GAP
from desktop.widgets.facts import Facts
from desktop.widgets.labels import button, label
from desktop.widgets.tick_box import TickBox
from desktop.widgets.wrap import Wrap

if TYPE_CHECKING:  # NumPy comes with them
    from training.datasets.heads import HeadDef
    from training.datasets.records import Label
    from training.datasets.reviews import Opinion, Review
    from training.datasets.store import DatasetStore
    from training.datasets.values import Value
    from training.labelling.drafts import Draft

__all__ = ["LabelReview", "Looks", "Reviewing"]


@dataclass(frozen=True, slots=True)
class Looks:
    """What was thought of one label: itself, its review, what others say, and how far the review is."""

    item: int
    head: str
    label: Label | None
    review: Review | None
    opinions: tuple[Opinion, ...]
    words: str


class LabelReview(QWidget):
    """Buttons, a note, and what others say.

    Signals:
        reviewed: "accepted", "rejected" or "" to take the review back; and the note.
        adopt_wanted: the annotator whose opinion is to become the label.
        second_changed: whether a second opinion is asked for, and under which name.
        agreement_wanted: how far the annotators agree.
        show_wanted: the items about which they don't.
    """

    reviewed = Signal(str, str)
    adopt_wanted = Signal(str)
    second_changed = Signal(bool, str)
    agreement_wanted = Signal()
    show_wanted = Signal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = label("", "secondary", wrap=True)
        self.note = QLineEdit(placeholderText="Why (a note)")
        self.note.setAccessibleName("Note on the label")
        self._accept = button("Accept", on_click=lambda: self._review("accepted"))
        self._reject = button("Reject", on_click=lambda: self._review("rejected"))
        self._back = button("Take it back", "link", on_click=lambda: self._review(""))
        self.second_box = TickBox("Second opinion")
        self.second_box.setToolTip("What you say is kept beside the label, which is not shown to you")
        self.name_field = QLineEdit()
        self.name_field.setAccessibleName("Your name")
        self.name_field.setPlaceholderText("Your name")
        self.name_field.editingFinished.connect(self._second_toggled)
        self.second_box.toggled.connect(lambda _: self._second_toggled())
        self._opinions = QVBoxLayout()
        self._opinions.setSpacing(GAP.xs)
        self._agreement = button("How far do annotators agree?", on_click=self.agreement_wanted.emit)
        self._agreed = Facts()
        self._differ = QVBoxLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP.s)
        verbs = QWidget()
        row = Wrap(verbs, spacing=GAP.xs)
        row.setContentsMargins(0, 0, 0, 0)
        for one in (self._accept, self._reject, self._back):
            row.addWidget(one)
        row.begin_second()
        for two in (self._state, self.note, verbs, self.second_box, self.name_field):
            column.addWidget(two)
        column.addLayout(self._opinions)
        column.addWidget(self._agreement)
        column.addWidget(self._agreed)
        column.addLayout(self._differ)
        self._agreed.hide()
        self.name_field.hide()
        for three in (self._accept, self._reject, self._back):
            three.setEnabled(False)

    @property
    def second(self) -> bool:
        """Whether a second opinion is asked for, and there is a name to give it under."""
        return self.second_box.isChecked() and bool(self.name)

    @property
    def name(self) -> str:
        """Under which a second opinion is given."""
        return self.name_field.text().strip()

    def show_looks(self, looks: Looks, head: HeadDef) -> None:
        """Show what was thought of a label."""
        from training.labelling.review import review_words

        said = label_note(looks.label) if looks.label is not None else "No label to review yet."
        review = looks.review
        self._state.setText(
            "\n".join(one for one in (said, review_words(review) if review else "", looks.words) if one)
        )
        self.note.setText(review.note if review else "")
        for one in (self._accept, self._reject, self.note):
            one.setEnabled(looks.label is not None)
        self._back.setEnabled(True)
        self._back.setVisible(review is not None)
        _clear(self._opinions)
        for opinion in looks.opinions if not self.second else ():
            words = f"{opinion.annotator} says {value_words(head, opinion.value)}"
            self._opinions.addWidget(label(words, wrap=True))
            self._opinions.addWidget(
                button("Make it the label", "link", on_click=partial(self.adopt_wanted.emit, opinion.annotator))
            )

    def show_agreement(self, rows: Sequence[tuple[str, str]], differing: Mapping[str, list[int]]) -> None:
        """(annotators, how far they agree); and by annotators the items about which they don't."""
        self._agreed.set_facts(rows)
        self._agreed.show()
        _clear(self._differ)
        for who, items in differing.items():
            if items:
                words = f"Show where {who} differ"
                self._differ.addWidget(button(words, "link", on_click=partial(self.show_wanted.emit, items, words)))

    def set_name(self, name: str) -> None:
        """A name to begin with."""
        if not self.name_field.text():
            self.name_field.setText(name)

    def _review(self, state: str) -> None:
        self.reviewed.emit(state, self.note.text().strip())

    def _second_toggled(self) -> None:
        self.name_field.setVisible(self.second_box.isChecked())
        self.second_changed.emit(self.second, self.name)


class Reviewing(QObject):
    """Between that part and the store.

    Signals:
        changed: a second opinion is asked for, or no more, or is another.
    """

    changed = Signal()

    def __init__(self, around: Around, keeping: LabelKeeping, part: LabelReview, parent: QObject) -> None:
        super().__init__(parent)
        self._around, self._keeping, self.part = around, keeping, part
        self._looks: Looks | None = None
        self._head: HeadDef | None = None
        self._item = 0
        self._mine: dict[tuple[str, int], Value | None] = {}
        part.reviewed.connect(self._review)
        part.adopt_wanted.connect(self._adopt)
        part.second_changed.connect(lambda _on, _name: self._second_changed())
        part.agreement_wanted.connect(self._agree)
        part.show_wanted.connect(around.show_items)

    def opinion(self, head: str, item: int) -> tuple[bool, Value | None]:
        """Whether a second opinion is asked for, and what it says so far."""
        if not self.part.second:
            return False, None
        if (head, item) in self._mine:
            return True, self._mine[head, item]
        looks = self._looks
        known = looks.opinions if looks is not None and (looks.head, looks.item) == (head, item) else ()
        return True, next((one.value for one in known if one.annotator == self.part.name), None)

    def follow(self, head: HeadDef, item: int) -> None:
        """The tab shows this label now."""
        dataset, store = self._around.state.selected, self._around.state.store
        self._head, self._item = head, item
        self.part.set_name(self._keeping.annotator)
        if dataset is None:
            return

        def work() -> Looks:
            from training.labelling.review import counts_words

            facts = store.label_facts(dataset, head.name, [item])
            reviews = store.reviews(dataset, head.name, [item])
            opinions = store.opinions(dataset, head.name, [item])
            words = counts_words(store.review_counts(dataset, head.name))
            return Looks(item, head.name, facts.get(item), reviews.get(item), opinions.get(item, ()), words)

        def done(looks: Looks) -> None:
            if self._head is not None and (looks.head, looks.item) == (self._head.name, self._item):
                self._looks = looks
                self.part.show_looks(looks, self._head)
                if self.part.second and (looks.head, looks.item) not in self._mine:
                    self.changed.emit()

        self._around.jobs.start("Reading reviews", lambda _: work(), on_done=done, visible=False)

    def say(self, head: HeadDef, item: int, draft: Draft | None) -> None:
        """Keep a second opinion."""
        name, dataset = self.part.name, self._around.state.selected
        if dataset is None:
            return

        def work(store: DatasetStore) -> tuple[int | None, Value | None]:
            from training.labelling.drafts import to_value

            value = None if draft is None else to_value(store.blobs, draft)
            given = {item: value}
            return (
                store.set_opinions(dataset, head.name, given, annotator=name, new_categories=True),
                value,
            )

        def done(kept: tuple[int | None, Value | None]) -> None:
            self._mine[head.name, item] = kept[1]
            self._around.acting.tell(kept[0])

        self._around.acting.act(work, done)

    def _second_changed(self) -> None:
        self._mine.clear()
        self.changed.emit()

    def _review(self, state: str, note: str) -> None:
        looks, name = self._looks, self._keeping.annotator
        if looks is None or looks.item != self._item:  # what is shown has not been read yet
            return

        def work(store: DatasetStore, dataset: int) -> int | None:
            given = {"accepted": "accepted", "rejected": "rejected"}.get(state)
            return store.set_reviews(dataset, looks.head, {looks.item: given}, note=note, reviewer=name)  # type: ignore[dict-item]  # one of three

        self._around.acting.change(work)

    def _adopt(self, annotator: str) -> None:
        looks = self._looks
        if looks is None or looks.item != self._item:
            return

        def work(store: DatasetStore, dataset: int) -> int | None:
            from training.labelling.review import adopt

            return adopt(store, dataset, looks.head, [looks.item], annotator=annotator)

        self._around.acting.change(work)

    def _agree(self) -> None:
        dataset, store, head = self._around.state.selected, self._around.state.store, self._head
        if dataset is None or head is None:
            return

        def work() -> tuple[list[tuple[str, str]], dict[str, list[int]]]:
            from training.labelling.agreement import agreements

            rows, differing = [], {}
            for one in agreements(store, dataset, head.name):
                who = " and ".join(name or "nobody in particular" for name in one.annotators)
                rows.append((who, one.words))
                differing[who] = [wrong.item for wrong in one.disagreements]
            return rows or [("", "No picture has been labelled by two annotators yet.")], differing

        self._around.jobs.start(
            "Comparing annotators",
            lambda _: work(),
            on_done=lambda found: self.part.show_agreement(*found),
            on_error=self._around.notices.error,
        )


def _clear(column: QVBoxLayout) -> None:
    while (item := column.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
