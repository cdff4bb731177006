"""The fields a form is made of: what each asks for, and the widget that asks it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from desktop.theme import GAP
from desktop.widgets.labels import label
from desktop.widgets.lines_field import LinesField
from desktop.widgets.pick_button import PickButton
from desktop.widgets.tick_box import TickBox

__all__ = ["Field", "FieldEdit", "Kind", "Value", "editor"]

Kind: TypeAlias = Literal["int", "float", "bool", "choice", "text", "pairs"]
Value: TypeAlias = int | float | bool | str | dict[str, float] | None

_NUMBER_WIDTH = 7.5  # times the height of the text
_PAIRS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that is asked for.

    Attributes:
        key: for the owner.
        title: what it is called.
        kind: what is typed or chosen; pairs are names with a number each, a line a pair.
        help: what it means, in a sentence or two.
        default: what it is unless somebody says otherwise.
        minimum: the least number; None for any.
        maximum: the greatest number; None for any.
        step: what an arrow key adds to a number; 0 for a tenth of it or 1, by its kind.
        choices: of a choice, value -> words.
        unit: behind a number.
        advanced: whether it is folded away.
        optional: whether it may be left empty, which is None.
    """

    key: str
    title: str
    kind: Kind
    help: str = ""
    default: Value = None
    minimum: float | None = None
    maximum: float | None = None
    step: float = 0.0
    choices: Mapping[str, str] | None = None
    unit: str = ""
    advanced: bool = False
    optional: bool = False


class FieldEdit(QWidget):
    """What the form knows of a field's widget.

    Args:
        field: what is asked for.
        control: the widget that asks it.
        show: shows a value in it, and tells nobody.

    Signals:
        changed: another value was typed or chosen, which :attr:`value` has; only while there is no problem.
        refused: a sentence about what was typed, "" once it is fine.
    """

    changed = Signal()
    refused = Signal(str)

    def __init__(self, field: Field, control: QWidget, show: Callable[[Value], None]) -> None:
        super().__init__()
        self.field, self.control, self._show = field, control, show
        self._value: Value = None
        control.setAccessibleName(f"{field.title}, {field.unit}" if field.unit else field.title)
        control.setAccessibleDescription(field.help)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(GAP.s)
        self.row.addWidget(control, 1)
        if field.unit:
            self.row.addWidget(label(field.unit, "secondary"))
        self.setFocusProxy(control)

    @property
    def value(self) -> Value:
        """What was said last that was fine."""
        return self._value

    def set_value(self, value: Value) -> None:
        """Show ``value`` without telling of it."""
        self._value = value
        self._show(value)

    def _take(self, value: Value) -> None:
        """A person has said ``value``, which is fine."""
        if value != self._value:
            self._value = value
            self.changed.emit()


class _Line(QLineEdit):
    """A line whose arrow keys are offered first."""

    stepped = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.stepped.emit(step)


class _Typed(FieldEdit):
    """A number, or text: what can't be meant is said under the field, and the value before stays."""

    def __init__(self, field: Field) -> None:
        self._edit = _Line()
        super().__init__(field, self._edit, lambda value: self._edit.setText(_written(value)))
        if field.kind != "text":
            self.row.addStretch(1)
            self._edit.stepped.connect(self._step)
        if field.optional:
            self._edit.setPlaceholderText("none")
        self._edit.textEdited.connect(lambda _: self._read())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.field.kind != "text":
            self._edit.setMaximumWidth(round(_NUMBER_WIDTH * self.fontMetrics().height()))

    def set_value(self, value: Value) -> None:
        if value != self._value or not self._edit.hasFocus():
            super().set_value(value)

    def _step(self, by: int) -> None:
        if isinstance(self._value, int | float):
            step = self.field.step or (1 if self.field.kind == "int" else abs(self._value) / 10 or 0.1)
            number = self._value + by * step
            low, high = self.field.minimum, self.field.maximum
            number = number if low is None else max(low, number)
            number = number if high is None else min(high, number)
            self._edit.setText(_written(round(number) if self.field.kind == "int" else float(f"{number:.6g}")))
            self._read()

    def _read(self) -> None:
        text = self._edit.text().strip()
        problem, value = _understood(self.field, text)
        self.refused.emit(problem)
        if not problem:
            self._take(value)


class _Ticked(FieldEdit):
    def __init__(self, field: Field) -> None:
        self._box = TickBox("On")
        super().__init__(field, self._box, self._tick)
        self._box.toggled.connect(self._take)

    def _tick(self, value: Value) -> None:
        self._box.blockSignals(True)
        self._box.setChecked(bool(value))
        self._box.blockSignals(False)


class _Chosen(FieldEdit):
    def __init__(self, field: Field) -> None:
        options = {"": "None"} if field.optional else {}
        options |= dict(field.choices or {})
        self._pick = PickButton(field.title, options, next(iter(options), ""))
        super().__init__(field, self._pick, lambda value: self._pick.set_value("" if value is None else str(value)))
        self._pick.chosen.connect(lambda value: self._take(value or None))


class _Paired(FieldEdit):
    """Names with a number each, such as "real = 1.5"."""

    def __init__(self, field: Field) -> None:
        self._lines = LinesField(field.title, shown=_PAIRS_SHOWN)
        self._lines.setPlaceholderText("name = 1.0")
        super().__init__(field, self._lines, self._write)
        self._value = {}
        self._lines.changed.connect(self._read)

    @property
    def value(self) -> Value:
        return dict(self._value) if isinstance(self._value, dict) else None

    def set_value(self, value: Value) -> None:
        if value != self._value:
            super().set_value(dict(value) if isinstance(value, dict) else None)

    def _write(self, value: Value) -> None:
        pairs = value if isinstance(value, dict) else {}
        self._lines.set_lines([f"{name} = {number:g}" for name, number in pairs.items()])

    def _read(self, lines: Sequence[str]) -> None:
        found: dict[str, float] = {}
        for line in lines:
            name, _, written = line.rpartition("=")
            problem, number = _understood(self.field, written.strip())
            if not name.strip() or not isinstance(number, int | float):
                self.refused.emit(problem or f"“{line}” is no pair: write a name, an equals sign and a number.")
                return
            found[name.strip()] = float(number)
        self.refused.emit("")
        self._take(None if self.field.optional and not found else found)


def _understood(field: Field, text: str) -> tuple[str, Value]:
    """A sentence about what is wrong with ``text`` ("" for nothing), and the value it stands for."""
    if field.kind == "text":
        return ("", text) if text or field.optional else (f"{field.title} is empty: type something.", None)
    if not text:
        return (
            ("", None)
            if field.optional and field.kind != "pairs"
            else (f"{field.title} is empty: type a number.", None)
        )
    try:
        number = float(text.replace(",", ".").replace("–", "-"))
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        return f"“{text}” is no number: type one, such as {_written(field.default or 1)}.", None
    if field.kind == "int" and number != round(number):
        return f"{text} is no whole number: type one, such as {round(number)}.", None
    if (field.minimum is not None and number < field.minimum) or (field.maximum is not None and number > field.maximum):
        return f"{text} is not {_limits(field)}: type another number.", None
    return "", round(number) if field.kind == "int" else number


def _limits(field: Field) -> str:
    low, high = (None if one is None else _written(one) for one in (field.minimum, field.maximum))
    if low is not None and high is not None:
        return f"from {low} to {high}"
    return f"at least {low}" if low is not None else f"at most {high}"


def _written(value: Value) -> str:
    if value is None:
        return ""
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def editor(field: Field) -> FieldEdit:
    """A widget that asks for ``field``, showing its default."""
    kinds = {"bool": _Ticked, "choice": _Chosen, "pairs": _Paired}
    made: FieldEdit = kinds.get(field.kind, _Typed)(field)
    made.set_value(field.default)
    return made
