"""A question of a dataset: asked anew, renamed, given other categories or another scale, or taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.pages.dataset.questioning import NAMED, QuestionWish, numbers_of
from desktop.pages.dataset.wording import KIND_WORDS, counted
from desktop.theme import GAP
from desktop.widgets.labels import button, label
from desktop.widgets.lines_field import LinesField
from desktop.widgets.pick_button import PickButton
from desktop.widgets.side_panel import SidePanel

if TYPE_CHECKING:  # NumPy comes with it
    from training.datasets.heads import HeadDef

__all__ = ["QuestionPanel"]

_LONGEST = 200
_ROWS = 8
_NEW = "All pictures are unlabelled in it at first."
_SCALE = ("Lowest", "Highest", "Step")
_LINES = "One a line. A line that is typed over renames the category, and its labels follow."


class QuestionPanel(SidePanel):
    """A form.

    Signals:
        agreed: the :class:`QuestionWish`.
        remove_wanted: id of the question that is to go.
    """

    agreed = Signal(object)
    remove_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._id = 0
        self._about = label("", "secondary", wrap=True)
        self.column.addWidget(self._about)
        self.name = _line("Name")
        self.add_named("Name", self.name)
        self.kind = PickButton("Answered by", {key: words.capitalize() for key, words in KIND_WORDS.items()}, "")
        self.kind.chosen.connect(lambda _: self._follow())
        self.add_named("Answered by", self.kind)
        self.question = _line("What a person is asked")
        self.question.setPlaceholderText("What is it?")
        self.add_named("What a person is asked", self.question)
        self.categories = LinesField("Categories", shown=_ROWS)
        self._categories = QWidget()
        column = QVBoxLayout(self._categories)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP.xs)
        column.addWidget(label("Categories", "secondary"))
        column.addWidget(self.categories)
        column.addWidget(label(_LINES, "secondary", wrap=True))
        self.column.addWidget(self._categories)
        self._scale = QWidget()
        row = QHBoxLayout(self._scale)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP.s)
        self.scale = [_line(words) for words in _SCALE]
        for words, field in zip(_SCALE, self.scale, strict=True):
            pair = QVBoxLayout()
            pair.setSpacing(GAP.xs)
            pair.addWidget(label(words, "secondary"))
            field.setPlaceholderText("None")
            field.setMinimumWidth(0)
            pair.addWidget(field)
            row.addLayout(pair, 1)
        self.column.addWidget(self._scale)
        self._problem = label("", "bad", wrap=True)
        self.column.addWidget(self._problem)
        self._remove = button("Remove the question", on_click=lambda: self.remove_wanted.emit(self._id))
        self.add_buttons(self._remove)
        self._go = button("", "primary", on_click=self._agree)
        self.add_buttons(self._go, button("Cancel", on_click=self.dismissed.emit))

    def begin(self, head: HeadDef | None, *, labelled: int = 0, more: int = 0) -> None:
        """Ask about a question.

        Args:
            head: as it is; None for a new one.
            labelled: pictures that have an answer to it.
            more: questions that the dataset has beside it.
        """
        self._id = head.id if head is not None else 0
        self.title.setText(f"Question {head.name}" if head is not None else "Add a question")
        answered = f"{counted(labelled)} {'has' if labelled == 1 else 'have'} an answer to it."
        self._about.setText(_NEW if head is None else answered if labelled else "No picture has an answer to it.")
        self.name.setText(head.name if head is not None else "")
        self.kind.set_value(head.kind if head is not None else "categories")
        self.kind.setEnabled(not labelled)
        self.kind.setToolTip("It has answers in this form; ask a new question beside it" if labelled else "")
        self.question.setText(str(head.options.get("question", "")) if head is not None else "")
        self.categories.set_lines(head.categories if head is not None else ())
        for field, text in zip(self.scale, numbers_of(head.options if head is not None else {}), strict=True):
            field.setText(text)
        self._remove.setVisible(head is not None and more > 0)
        self._remove.setToolTip("Its labels go with it; it can be undone")
        self._go.setText("Save" if head is not None else "Add the question")
        self.show_problem("")
        self._follow()
        self.area.verticalScrollBar().setValue(0)
        self.name.selectAll()
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_problem(self, sentence: str) -> None:
        """Why it can't be asked so; "" for nothing."""
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))
        if sentence:
            self.area.ensureWidgetVisible(self._problem)

    def _follow(self) -> None:
        self._categories.setVisible(self.kind.value in NAMED)
        self._scale.setVisible(self.kind.value == "grade")

    def _agree(self) -> None:
        name = self.name.text().strip()
        if not name:
            self.show_problem("A question needs a name; type one.")
            self.name.setFocus()
            return
        self.show_problem("")
        low, high, step = (field.text().strip() for field in self.scale)
        question = self.question.text().strip()
        wish = QuestionWish(name, self.kind.value, question, self.categories.lines, (low, high, step), self._id)
        self.agreed.emit(wish)


def _line(name: str) -> QLineEdit:
    field = QLineEdit(maxLength=_LONGEST)
    field.setAccessibleName(name)
    return field
