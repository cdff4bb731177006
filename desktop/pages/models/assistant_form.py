"""The form of the import assistant: what was read from the file, and everything a person says of it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from desktop.pages.models.draft import RANGES, Draft
from desktop.pages.models.question_form import QuestionForm
from desktop.theme import GAP
from desktop.widgets.choice import Choice
from desktop.widgets.facts import Facts
from desktop.widgets.labels import label
from desktop.widgets.numbers_field import NumbersField
from desktop.widgets.pick_button import PickButton
from desktop.widgets.pick_field import PickField

__all__ = ["AssistantForm"]

_COLOURS = {"RGB": "Red first", "BGR": "Blue first"}
_FITS = {"stretch": "All of the picture", "crop": "The middle"}
_LAYOUTS = {"NCHW": "Colour first", "NHWC": "Colour last"}
_PLAIN_LAYOUT = {
    "NCHW": "The number of colours comes first, so: colour, height, width.",
    "NHWC": "The number of colours comes last, so: height, width, colour.",
}
_LICENCES = ("MIT", "Apache-2.0", "BSD-3-Clause", "CC0-1.0", "CC-BY-4.0", "CC-BY-NC-4.0", "Own, not to be passed on")
_CHANNELS = ("red", "green", "blue")


class AssistantForm(QWidget):
    """The rows, to be put into a scroll area.

    Signals:
        changed: fields of the draft, by name.
        question_changed: index of a question, and fields of it by name.
        names_wanted: index of a question, and a file with names.
    """

    changed = Signal(dict)
    question_changed = Signal(int, dict)
    names_wanted = Signal(int, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(GAP.xl, GAP.xs, GAP.lg, GAP.xl)
        self._column.setSpacing(GAP.s)
        self._questions: list[QuestionForm] = []
        self._reasons: dict[str, QLabel] = {}
        self._begun = Draft("", ())
        self._add_file()
        self._add_answers()
        self._add_pictures()
        self._add_about()
        self._column.addStretch(1)

    # -- building -----------------------------------------------------------------------------------------------------

    def _section(self, title: str) -> None:
        if self._column.count():
            self._column.addSpacing(GAP.lg)
        self._column.addWidget(label(title, "section", wrap=True))

    def _named(self, name: str, widget: QWidget, reason: str = "") -> QWidget:
        """A row: its name, the widget, and room for why something is proposed."""
        row = QWidget()
        inside = QVBoxLayout(row)
        inside.setContentsMargins(0, 0, 0, GAP.xs)
        inside.setSpacing(GAP.xs)
        named = label(name, "secondary", wrap=True)
        named.setBuddy(widget)
        inside.addWidget(named)
        inside.addWidget(widget)
        if reason:
            self._reasons[reason] = label("", "secondary", wrap=True)
            inside.addWidget(self._reasons[reason])
        self._column.addWidget(row)
        return row

    def _add_file(self) -> None:
        self._section("What is in the file")
        self._facts = Facts()
        self._column.addWidget(self._facts)

    def _add_answers(self) -> None:
        self._section("What it is for")
        self._name = QLineEdit(placeholderText="Such as: My bricks")
        self._name.setAccessibleName("Name of the model")
        self._name.textEdited.connect(lambda text: self.changed.emit({"name": text}))
        self._named("Name", self._name)
        self._answers = QVBoxLayout()
        self._answers.setSpacing(GAP.lg)
        self._column.addLayout(self._answers)

    def _add_pictures(self) -> None:
        self._section("How it wants its pictures")
        self._size = NumbersField(("Width in pixels", "Height in pixels"), between="×", after="pixels")
        self._size.changed.connect(lambda both: self.changed.emit({"width": int(both[0]), "height": int(both[1])}))
        self._named("Size", self._size, "size")
        self._range = PickButton("Pixel range", {key: words for key, (words, *_) in RANGES.items()}, "unit")
        self._range.chosen.connect(lambda key: self.changed.emit({"range": key}))
        self._named("Each colour counts", self._range, "values")
        self._own = QWidget()
        inside = QVBoxLayout(self._own)
        inside.setContentsMargins(0, 0, 0, GAP.xs)
        inside.setSpacing(GAP.xs)
        self._mean = NumbersField([f"Mean of {one}" for one in _CHANNELS])
        self._mean.changed.connect(lambda three: self.changed.emit({"mean": tuple(three)}))
        self._std = NumbersField([f"Spread of {one}" for one in _CHANNELS])
        self._std.changed.connect(lambda three: self.changed.emit({"std": tuple(three)}))
        inside.addWidget(label("Mean of the colours, after the range is brought to 0 to 1", "secondary", wrap=True))
        inside.addWidget(self._mean)
        inside.addWidget(label("Spread of the colours (standard deviation)", "secondary", wrap=True))
        inside.addWidget(self._std)
        self._column.addWidget(self._own)
        self._colour = Choice(_COLOURS, "RGB")
        self._colour.chosen.connect(lambda colour: self.changed.emit({"colour": colour}))
        self._colour_row = self._named("Order of the colours", self._colour)
        self._fit = Choice(_FITS, "stretch")
        self._fit.chosen.connect(lambda fit: self.changed.emit({"fit": fit}))
        self._fit_row = self._named("It is shown", self._fit)
        self._layout = Choice(_LAYOUTS, "NCHW")
        self._layout.chosen.connect(lambda layout: self.changed.emit({"layout": layout}))
        self._layout_row = self._named("Order of the numbers", self._layout, "layout")

    def _add_about(self) -> None:
        self._section("About it")
        self._licence = PickField(_LICENCES, "What its maker allows")
        self._licence.setAccessibleName("Licence")
        self._licence.textChanged.connect(lambda text: self.changed.emit({"licence": text}))
        self._named("Licence", self._licence)
        for name, field, hint in (
            ("Author", "author", "Who made it"),
            ("Description", "description", "What it is good for, in a sentence"),
        ):
            edit = QLineEdit(placeholderText=hint)
            edit.setAccessibleName(name)
            edit.textEdited.connect(partial(self._say, field))
            self._named(name, edit)

    def _say(self, field: str, text: str) -> None:
        self.changed.emit({field: text})

    # -- showing ------------------------------------------------------------------------------------------------------

    def begin(self, facts: list[tuple[str, str]], draft: Draft) -> None:
        """Show another file and its draft."""
        self._facts.set_facts(facts)
        self._name.setText(draft.name)
        for form in self._questions:
            form.hide()  # at once; deleting waits for the event loop
            self._answers.removeWidget(form)
            form.deleteLater()
        self._questions = []
        for index, question in enumerate(draft.questions):
            form = QuestionForm(question)
            form.changed.connect(partial(self.question_changed.emit, index))
            form.names_wanted.connect(partial(self.names_wanted.emit, index))
            self._questions.append(form)
            self._answers.addWidget(form)
        self._begun = draft
        self.show_draft(draft)

    def shows(self, draft: Draft) -> bool:
        """Whether the form has been begun for a draft of these outputs."""
        return [form.outputs for form in self._questions] == [question.outputs for question in draft.questions]

    def show_draft(self, draft: Draft) -> None:
        """Show what is said of the file now; what is being typed stays as it is."""
        self._size.set_numbers((draft.width, draft.height))
        self._size.setVisible(not draft.fixed)
        self._range.set_value(draft.range)
        self._own.setVisible(draft.range == "own")
        self._mean.set_numbers(draft.mean)
        self._std.set_numbers(draft.std)
        self._colour_row.setVisible(not draft.grey)
        self._colour.set_value(draft.colour if draft.colour in _COLOURS else "RGB")
        self._fit_row.setVisible(not draft.shows_all)
        self._fit.set_value(draft.fit)
        self._layout_row.setVisible(len(draft.layouts) > 1)
        self._layout.set_value(draft.layout)
        self._reasons["layout"].setText(_PLAIN_LAYOUT[draft.layout])
        self._show_reason("size", draft)
        self._show_reason("values", draft, proposed=draft.range == self._begun.range)
        for form, question in zip(self._questions, draft.questions, strict=True):
            form.show_question(question)

    def set_names(self, index: int, names: list[str]) -> None:
        """Take names that were read from a file, for the question at ``index``."""
        self._questions[index].set_names(names)

    def _show_reason(self, what: str, draft: Draft, *, proposed: bool = True) -> None:
        """Say why it is so, as long as it is as it was ``proposed``."""
        said = draft.reasons.get(what, "") if proposed else ""
        self._reasons[what].setText(said)
        self._reasons[what].setVisible(bool(said))
