"""A form made from a description: sections of named fields, what is seldom wanted folded away under each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from desktop.theme import GAP
from desktop.widgets.fold import Fold
from desktop.widgets.form_fields import Field, FieldEdit, Value, editor
from desktop.widgets.labels import IconButton, label

__all__ = ["Field", "Form", "FormSection", "Value"]

_NAMES = 160
_NARROW = 26  # of the text's height: below so many, a name stands over its field


@dataclass(frozen=True, slots=True)
class FormSection:
    """Fields under a title; "" for none."""

    title: str
    fields: tuple[Field, ...]


class Form(QWidget):
    """The form. Values that can't be meant are named under their field, and the ones before stay.

    Signals:
        changed: key of a field, and its value.
    """

    changed = Signal(str, object)

    def __init__(self, sections: Sequence[FormSection], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: dict[str, _Row] = {}
        self._parts: list[tuple[QWidget, list[_Row], Fold | None]] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP.xl)
        for section in sections:
            column.addWidget(self._section(section))

    def _section(self, section: FormSection) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP.m)
        if section.title:
            column.addWidget(label(section.title, "section", wrap=True))
        rows = []
        for field in section.fields:
            row = _Row(field)
            row.edit.changed.connect(partial(self._tell, row))
            self._rows[field.key] = row
            rows.append(row)
        folded = [row for row in rows if row.field.advanced]
        for row in rows:
            if not row.field.advanced:
                column.addWidget(row)
        fold = None
        if folded:
            inside = QWidget()
            under = QVBoxLayout(inside)
            under.setContentsMargins(0, 0, 0, 0)
            under.setSpacing(GAP.m)
            for row in folded:
                under.addWidget(row)
            fold = Fold("Advanced", inside)
            fold.button.setAccessibleName(f"{section.title}: advanced" if section.title else "Advanced")
            column.addWidget(fold)
        self._parts.append((made, rows, fold))
        return made

    # -- values -------------------------------------------------------------------------------------------------------

    def values(self) -> dict[str, Value]:
        """Key -> value of every field."""
        return {key: row.edit.value for key, row in self._rows.items()}

    def set_values(self, values: Mapping[str, Value]) -> None:
        """Show these without telling of it; fields that are not among them stay as they are."""
        for key, value in values.items():
            if key in self._rows:
                self._rows[key].set_value(value)

    def reset(self, key: str) -> None:
        """Give a field its default, and tell of it."""
        self._rows[key].reset()

    def set_problem(self, key: str, sentence: str) -> None:
        """Say under a field what is wrong with it, "" for nothing; what is folded away is shown then."""
        self._rows[key].say(sentence)
        if sentence and self._rows[key].field.advanced:
            for _, rows, fold in self._parts:
                if fold is not None and self._rows[key] in rows:
                    fold.set_open(True)

    @property
    def problems(self) -> dict[str, str]:
        """Key -> sentence of every field that has one."""
        return {key: row.problem for key, row in self._rows.items() if row.problem}

    def edit(self, key: str) -> FieldEdit:
        """The widget that asks for a field."""
        return self._rows[key].edit

    def focus(self, key: str) -> None:
        """Bring the keyboard to a field."""
        row = self._rows[key]
        for _, rows, fold in self._parts:
            if fold is not None and row.field.advanced and row in rows:
                fold.set_open(True)
        row.edit.control.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_filter(self, text: str) -> None:
        """Show only fields whose title or help holds every word of ``text``; "" for all of them."""
        words = text.casefold().split()
        for made, rows, fold in self._parts:
            fits = {row: all(word in row.said for word in words) for row in rows}
            for row, shown in fits.items():
                row.setVisible(shown)
            made.setVisible(any(fits.values()))
            if fold is not None:
                within = any(shown for row, shown in fits.items() if row.field.advanced)
                fold.setVisible(within)
                if words:
                    fold.set_open(within)

    def _tell(self, row: _Row) -> None:
        self.changed.emit(row.field.key, row.edit.value)


class _Row(QWidget):
    """One field: its name beside it, or over it where there is too little room; help and problem under it."""

    def __init__(self, field: Field) -> None:
        super().__init__()
        self.field, self.edit = field, editor(field)
        self.said = f"{field.title} {field.help}".casefold()
        self.problem = ""
        self._beside: bool | None = None
        self._name = label(field.title, wrap=True)
        self._name.setBuddy(self.edit.control)
        self._help = label(field.help, "secondary", wrap=True)
        self._help.setVisible(bool(field.help))
        self._problem = label("", "bad", wrap=True)
        self._problem.hide()
        self._back = IconButton("undo-2", f"{field.title}: as it was made", self.reset)
        keeps = self._back.sizePolicy()
        keeps.setRetainSizeWhenHidden(True)
        self._back.setSizePolicy(keeps)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GAP.lg)
        self._grid.setVerticalSpacing(GAP.xs)
        self._place(beside=True)
        self.edit.changed.connect(self._mark)
        self.edit.refused.connect(self.say)
        self._mark()

    def set_value(self, value: Value) -> None:
        """Show ``value``, which is fine."""
        self.edit.set_value(value)
        self._mark()

    def reset(self) -> None:
        """Back to the default."""
        self.edit.set_value(self.field.default)
        self.say("")
        self._mark()
        self.edit.changed.emit()
        self.edit.control.setFocus(Qt.FocusReason.OtherFocusReason)

    def say(self, sentence: str) -> None:
        """What is wrong."""
        self.problem = sentence
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))
        self.edit.control.setAccessibleDescription(f"{sentence} {self.field.help}".strip())

    def _mark(self) -> None:
        self._back.setVisible(self.edit.value != self.field.default)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the name where it has room."""
        super().resizeEvent(event)
        self._place(beside=self.width() >= _NARROW * self.fontMetrics().height())

    def _place(self, *, beside: bool) -> None:
        if beside == self._beside:
            return
        self._beside = beside
        for one in (self._name, self.edit, self._back, self._help, self._problem):
            self._grid.removeWidget(one)
        row, column = (0, 1) if beside else (1, 0)
        self._grid.setColumnMinimumWidth(0, _NAMES if beside else 0)
        self._grid.setColumnStretch(0, 0 if beside else 1)
        self._grid.setColumnStretch(1, 1 if beside else 0)
        self._grid.addWidget(self._name, 0, 0, 1, 1 if beside else 2, Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(self.edit, row, column)
        self._grid.addWidget(self._back, row, column + 1)
        self._grid.addWidget(self._problem, row + 1, column)
        self._grid.addWidget(self._help, row + 2, column)
