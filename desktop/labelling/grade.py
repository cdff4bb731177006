"""Answering by a number: a slider, digits, and Enter."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSlider, QWidget

from desktop.labelling.answer_editor import OTHER_KEYS, UNKNOWN_KEY, AnswerEditor, sure_words
from desktop.labelling.editor import Proposal
from desktop.theme import GAP
from desktop.widgets.labels import button, label

__all__ = ["GradeEditor"]

_LOW, _HIGH, _STEP = 0.0, 10.0, 0.5
"""The slider where the question has no scale, and its step where it has none."""

_DIGITS = 9
"""A scale of whole numbers up to this needs one key an answer."""

_POINTS = ".,"


class GradeEditor(AnswerEditor):
    """Digits type a number, a point adds a half, Enter takes it and goes on; whole grades up to 9 need no Enter."""

    kind: ClassVar[str] = "grade"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._typed = False
        self._number = _Number()
        self._number.setAccessibleName("Grade")
        self._number.returnPressed.connect(self._enter)
        self._number.left.connect(self.released)
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setAccessibleName("Grade")
        self._slider.setTickPosition(QSlider.TickPosition.TicksBelow)
        self._slider.valueChanged.connect(self._slid)
        self._slider.sliderReleased.connect(self._let_go)
        self._low, self._high = label("", "secondary"), label("", "secondary")
        self._take_button = button("Take", on_click=self._enter)
        self._wrong = label("", "bad", wrap=True)
        ends = QHBoxLayout()
        ends.addWidget(self._low)
        ends.addStretch(1)
        ends.addWidget(self._high)
        row = QHBoxLayout()
        row.setSpacing(GAP.s)
        row.addWidget(self._number, 1)
        row.addWidget(self._take_button)
        self._column.addLayout(row)
        self._column.addWidget(self._slider)
        self._column.addLayout(ends)
        for one in (self._wrong, self._note, self._unknown):
            self._column.addWidget(one)

    def hints(self) -> Sequence[tuple[str, str]]:
        """Keys of this kind."""
        low, high, step = self._scale()
        unknown = (UNKNOWN_KEY, "nobody can tell")
        if self._at_once():
            return [(f"{low:g}–{high:g}", "grade"), ("Enter", "go on"), unknown]
        halves = [(".", "and a half")] if step < 1 else []
        return [("0–9", "type it"), *halves, ("↑ ↓", f"by {step:g}"), ("Enter", "take it, go on"), unknown]

    def handle_key(self, event: QKeyEvent) -> bool:
        """Digits, point and minus type a grade; Up and Down change it by a step; Enter takes it; U: nobody can tell."""
        if event.modifiers() & OTHER_KEYS or self._head is None or self._subject is None:
            return False
        text, key = event.text(), event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._slider.setValue(self._slider.value() + (1 if key == Qt.Key.Key_Up else -1))
        elif key == Qt.Key.Key_Backspace:
            self._number.setText(self._number.text()[:-1])
        elif text.isdigit() and self._at_once():
            if not self._on_scale(float(text)):
                return False
            self._number.setText(text)
            self._enter()
        elif text and (text.isdigit() or text in _POINTS or text == "-"):
            self._type(text)
        elif text.upper() == UNKNOWN_KEY:
            self._say_unknown()
        else:
            return False
        return True

    # -- typing -------------------------------------------------------------------------------------------------------

    def _type(self, text: str) -> None:
        """One more key of a number; the first one after what is there already begins anew."""
        now = self._number.text() if self._typed else ""
        self._typed = True
        if text in _POINTS:
            text = ".5" if "." not in now and self._scale()[2] == _STEP else "."
        self._number.setText((now or "0" * (text[0] == ".")) + text)

    def _enter(self) -> None:
        text = self._number.text().strip().replace(",", ".")
        if not text:
            self._go_on()
            return
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        low, high, _ = self._scale()
        if not self._on_scale(value):
            self._wrong.setText(f"Type a number from {low:g} to {high:g}.")
            self._wrong.show()
            return
        self._keep(value)
        self.released.emit()
        self.advance_wanted.emit()

    def _keep(self, value: float) -> None:
        from training.datasets.values import Grade

        grade = Grade(value)
        if grade != self._value:
            self._value = grade
            self._show()
            self.committed.emit(grade, f"Graded {self._said()} {value:g}")

    # -- the slider ---------------------------------------------------------------------------------------------------

    def _slid(self, place: int) -> None:
        low, _, step = self._scale()
        self._typed = False
        self._number.setText(f"{low + place * step:g}")
        self._wrong.hide()

    def _let_go(self) -> None:
        low, _, step = self._scale()
        self._keep(low + self._slider.value() * step)

    # -- showing ------------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        from training.datasets.values import Grade

        super()._show()
        low, high, step = self._scale()
        value = self._value if self._value is not None else self._proposal.draft if self._proposal is not None else None
        self._typed = False
        self._wrong.hide()
        self._low.setText(f"{low:g}")
        self._high.setText(f"{high:g}")
        self._number.setPlaceholderText(f"{low:g} to {high:g}")
        self._slider.blockSignals(True)
        self._slider.setRange(0, round((high - low) / step))
        self._slider.setTickInterval(max(1, round(1 / step)))
        self._slider.setValue(round((value.value - low) / step) if isinstance(value, Grade) else 0)
        self._slider.blockSignals(False)
        self._number.setText(f"{self._value.value:g}" if isinstance(self._value, Grade) else "")

    def _words(self, proposal: Proposal) -> str:
        from training.datasets.values import Grade

        if not isinstance(proposal.draft, Grade):
            return ""
        return f"Enter takes {proposal.draft.value:g}: {sure_words(proposal)}"

    def _scale(self) -> tuple[float, float, float]:
        """Low, high, step."""
        low, high = self._head.scale if self._head is not None else (None, None)
        step = self._head.options.get("step") if self._head is not None else None
        low = _LOW if low is None else low
        return low, max(_HIGH, low + 1) if high is None else high, float(step or _STEP)

    def _at_once(self) -> bool:
        low, high, step = self._scale()
        return step >= 1 and low >= 0 and high <= _DIGITS

    def _on_scale(self, value: float) -> bool:
        low, high = self._head.scale if self._head is not None else (None, None)
        return math.isfinite(value) and (low is None or value >= low) and (high is None or value <= high)


class _Number(QLineEdit):
    """Esc leaves it."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
