"""One output of a network in the import assistant: what it answers, under which name, with which categories."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.pages.models.draft import KINDS, LEFT_OUT, Question, count_of, kinds_of
from desktop.theme import GAP
from desktop.widgets.choice import Choice
from desktop.widgets.labels import button, label
from desktop.widgets.lines_field import LinesField
from desktop.widgets.numbers_field import NumbersField
from desktop.widgets.pick_button import PickButton

__all__ = ["QuestionForm"]

_VALUES = {"logits": "Raw scores", "probabilities": "Probabilities"}
_CORNERS = {
    "xyxy": "Left, top, right, bottom",
    "xywh": "Left, top, width, height",
    "cxcywh": "Middle, width, height",
    "yolo": "As YOLO writes them",
}
_LAYOUTS = {"NCHW": "Layers first", "NHWC": "Layers last"}
_UNITS = {"pixels": "Pixels", "fractions": "0 to 1"}


class QuestionForm(QWidget):
    """The rows.

    Args:
        question: as it is at first.

    Attributes:
        outputs: names of the network's outputs that it is about.

    Signals:
        changed: fields of the question, by name.
        names_wanted: a file with names of categories; :meth:`set_names` is wanted for it.
    """

    changed = Signal(dict)
    names_wanted = Signal(object)

    def __init__(self, question: Question, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.outputs = question.outputs
        self._begun = question
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GAP.xs)
        what = " + ".join(question.outputs)
        options = {kind: KINDS[kind] for kind in kinds_of(question)}
        self._kind = PickButton(f"What {what} answers", options, question.kind)
        self._kind.chosen.connect(lambda kind: self.changed.emit({"kind": kind}))
        self._name = QLineEdit(question.name, placeholderText="Such as: material")
        self._name.setAccessibleName(f"Name of what {what} answers")
        self._name.textEdited.connect(lambda text: self.changed.emit({"name": text}))
        self._values = Choice(_VALUES, question.values)
        self._values.chosen.connect(lambda values: self.changed.emit({"values": values}))
        self._layout = Choice(_LAYOUTS, question.layout)
        self._layout.chosen.connect(lambda layout: self.changed.emit({"layout": layout}))
        self._corners = PickButton("How corners are written", _CORNERS, question.boxes)
        self._corners.chosen.connect(lambda boxes: self.changed.emit({"boxes": boxes}))
        self._units = Choice(_UNITS, "fractions" if question.fractions else "pixels")
        self._units.chosen.connect(lambda unit: self.changed.emit({"fractions": unit == "fractions"}))
        self._first = Choice({"0": "0", "1": "1"}, str(question.first_label))
        self._first.chosen.connect(lambda first: self.changed.emit({"first_label": int(first)}))
        self._scale = NumbersField(("Lowest", "Highest"), between="to")
        self._scale.changed.connect(lambda both: self.changed.emit({"low": both[0], "high": both[1]}))
        self._names = LinesField("Names of the categories, a line each")
        self._names.changed.connect(lambda names: self.changed.emit({"categories": tuple(names)}))
        self._count = label("", "secondary", wrap=True)
        self._reason = label("", "secondary", wrap=True)
        self._rows: list[tuple[QWidget, Callable[[Question], bool]]] = []
        self._add("", f"Output {what}", self._kind, lambda _: True)
        self._column.addWidget(self._reason)
        self._add("Called", "", self._name, lambda one: one.kind != LEFT_OUT)
        self._add("Its numbers are", "", self._values, _has_values)
        self._add("Its numbers lie", "", self._layout, _in_doubt)
        self._add("Corners are", "", self._corners, lambda one: one.kind == "boxes" and len(one.outputs) > 1)
        self._add("Counted in", "", self._units, lambda one: one.kind == "boxes" and one.boxes != "yolo")
        self._add("First label", "", self._first, lambda one: one.kind == "boxes" and one.boxes != "yolo")
        self._add("From", "", self._scale, lambda one: one.kind in ("grade", "image"))
        self._add("", "Categories, one a line, in the order of the numbers", self._list(), _has_names)
        self.show_question(question)

    def _list(self) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP.xs)
        column.addWidget(self._names)
        foot = QHBoxLayout()
        foot.addWidget(self._count, 1)
        foot.addWidget(button("Load…", on_click=self._choose, tip="Read the names from a .txt or .json file"))
        column.addLayout(foot)
        return made

    def _add(self, beside: str, above: str, widget: QWidget, wanted: Callable[[Question], bool]) -> None:
        """A row with its words beside the widget or above it, which is there where it is ``wanted``."""
        row = QWidget()
        inside: QHBoxLayout | QVBoxLayout = QHBoxLayout(row) if beside else QVBoxLayout(row)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(GAP.s if beside else GAP.xs)
        said = label(beside or above, "secondary", wrap=bool(above))
        said.setBuddy(widget)
        if beside:
            said.setMinimumWidth(100)
        inside.addWidget(said)
        inside.addWidget(widget, 1)
        self._rows.append((row, wanted))
        self._column.addWidget(row)

    def show_question(self, question: Question) -> None:
        """Show what is said of the output now; what is being typed stays as it is."""
        self._kind.set_value(question.kind)
        for row, wanted in self._rows:
            row.setVisible(wanted(question))
        if self._name.text().strip() != question.name.strip():
            self._name.setText(question.name)
        if question.values in _VALUES:
            self._values.set_value(question.values)
        self._layout.set_value(question.layout)
        self._corners.set_value(question.boxes)
        self._units.set_value("fractions" if question.fractions else "pixels")
        self._first.set_value("1" if question.first_label else "0")
        self._scale.set_numbers((question.low, question.high))
        self._names.set_lines(question.categories)
        self._count.setText(_count_words(question))
        fits = count_of(question) in (None, len(question.categories))
        _set_role(self._count, "secondary" if fits else "caution")
        proposed = (question.kind, question.values) == (self._begun.kind, self._begun.values)
        self._reason.setText(" ".join(question.reasons))
        self._reason.setVisible(proposed and bool(question.reasons))

    def set_names(self, names: list[str]) -> None:
        """Take names that were read from a file."""
        self._names.set_lines(names)
        self.changed.emit({"categories": tuple(names)})

    def _choose(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "Choose a list of names", "", "Lists (*.txt *.json);;All files (*)")
        if name:
            self.names_wanted.emit(Path(name))


def _in_doubt(one: Question) -> bool:
    """Whether the layers of an output may be its second axis as well as its last."""
    return one.kind in ("mask", "image") and len(one.shape) == 4 and one.shape[1] == one.shape[3]


def _has_values(one: Question) -> bool:
    return one.kind in ("categories", "tags") or (one.kind == "mask" and one.values != "classes")


def _has_names(one: Question) -> bool:
    return one.kind in ("categories", "tags", "mask", "boxes")


def _count_words(one: Question) -> str:
    count, given = count_of(one), len(one.categories)
    names = f"{given:,} {'name' if given == 1 else 'names'}"
    return names if count is None else f"{names} for {count:,} {'number' if count == 1 else 'numbers'}"


def _set_role(words: QWidget, role: str) -> None:
    """Let a label look as ``role`` says."""
    if words.property("text_role") != role:
        words.setProperty("text_role", role)
        words.style().unpolish(words)
        words.style().polish(words)
