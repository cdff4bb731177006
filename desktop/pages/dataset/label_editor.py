"""The labels of what is selected: the question that the keys are for at the top, with a field; the others beneath."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from desktop.pages.dataset.answering import HAND, parse_grade
from desktop.pages.dataset.state import DatasetState
from desktop.pages.dataset.wording import KIND_WORDS, counted, value_words
from desktop.theme import GAP
from desktop.widgets.facts import Facts
from desktop.widgets.filter_field import FilterField
from desktop.widgets.key_hints import KeyHints
from desktop.widgets.labels import label
from desktop.widgets.pick_button import PickButton

__all__ = ["LabelEditor"]

_FIELD_KEY = "/"
_OTHER_KEYS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


class LabelEditor(QWidget):
    """Follows the state; the owner says which picture is meant.

    Signals:
        named: category, a new one too.
        graded: a number.
        cleared: nobody knows.
        left: the keyboard may go back to the grid.
    """

    named = Signal(str)
    graded = Signal(float)
    cleared = Signal()
    left = Signal()

    def __init__(self, state: DatasetState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._heads = PickButton("Question", {}, "")
        self._heads.chosen.connect(state.set_head)
        self._question = label("", "secondary", wrap=True)
        self._value = label("", "section", wrap=True)
        self._note = label("", "secondary", wrap=True)
        self._field = FilterField("category", _FIELD_KEY)
        self._field.picked.connect(self._picked)
        self._field.left.connect(self.left)
        self._number = QLineEdit()
        self._number.setAccessibleName("Grade")
        self._number.returnPressed.connect(self._grade)
        self._keys = KeyHints()
        self._others = Facts()
        self._others_title = label("Other answers", "secondary")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP.s)
        for one in (
            self._heads,
            self._question,
            self._value,
            self._note,
            self._field,
            self._number,
            self._keys,
            self._others_title,
            self._others,
        ):
            column.addWidget(one)

    # -- showing ------------------------------------------------------------------------------------------------------

    def show_item(self, number: int, selected: int, notes: Mapping[str, str]) -> None:
        """Show the labels of an item.

        Args:
            number: the current one.
            selected: how many are selected with it.
            notes: question -> who says so; where it is known by now.
        """
        shown, facts = self._state.shown, self._state.facts
        item = self._state.cache.get(number)
        if shown is None or facts is None:
            self.setVisible(False)
            return
        self.setVisible(True)
        head = facts.head
        names = [one.head.name for one in shown.heads]
        self._heads.set_options({name: name for name in names}, head.name)
        self._heads.setVisible(len(names) > 1)
        value = item.labels.get(head.name) if item is not None else None
        question = str(head.options.get("question") or f"{head.name}: {KIND_WORDS.get(head.kind, '')}")
        several = f"{counted(selected)} selected: what you say is for all of them"
        self._question.setText(several if selected > 1 else question)
        self._value.setText(value_words(head, value) if item is not None else " ")
        self._note.setText(notes.get(head.name, ""))
        self._note.setVisible(bool(self._note.text()))
        self._field.setVisible(head.kind in ("categories", "tags"))
        self._field.set_names(head.categories)
        self._number.setVisible(head.kind == "grade")
        low, high = head.scale
        scale = f" from {low:g} to {high:g}" if low is not None and high is not None else ""
        self._number.setPlaceholderText(f"Type a number{scale}, then Enter")
        self._keys.set_hints(self._hints(head.kind))
        self._keys.setVisible(head.kind in HAND)
        others = [one.head for one in shown.heads if one.head.name != head.name] if item is not None else []
        rows = [(one.name, value_words(one, item.labels.get(one.name))) for one in others if item is not None]
        self._others.set_facts(rows)
        self._others_title.setVisible(bool(rows))
        self._others.setVisible(bool(rows))

    def _hints(self, kind: str) -> list[tuple[str, str]]:
        undo = QKeySequence(QKeySequence.StandardKey.Undo).toString(QKeySequence.SequenceFormat.NativeText)
        trash = [("Delete", "to the trash"), (undo, "undo")]
        if kind == "grade":
            return [("1–9", "grade"), ("U", "unlabelled"), *trash]
        verb = "on or off" if kind == "tags" else "label"
        keys = len(self._state.keys)
        first = [("1" if keys == 1 else f"1–{keys}", verb)] if keys else []
        return [*first, (_FIELD_KEY, "type a name"), ("U", "unlabelled"), *trash]

    # -- keys ---------------------------------------------------------------------------------------------------------

    def handle_key(self, event: QKeyEvent) -> bool:
        """Do what a key pressed in the grid means; whether it means anything.

        1 to 9 take a category, or a grade; U and Backspace take the label away; a slash or any other letter opens the
        field.
        """
        facts = self._state.facts
        if event.modifiers() & _OTHER_KEYS or facts is None or facts.head.kind not in HAND:
            return False
        text, kind = event.text(), facts.head.kind
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() == Qt.Key.Key_Backspace or (text.upper() == "U" and not shift):
            self.cleared.emit()
        elif kind == "grade":
            if not (text.isdigit() or text in "/.,-") or not text:
                return False
            if text.isdigit() and text != "0" and self._on_scale(float(text)):
                self.graded.emit(float(text))
            else:
                self._number.setFocus(Qt.FocusReason.ShortcutFocusReason)
                self._number.setText("" if text == "/" else text)
        elif text.isdigit() and 0 < int(text) <= len(self._state.keys):
            self.named.emit(self._state.keys[int(text) - 1])
        elif text == _FIELD_KEY or text.isalpha():
            self._field.begin("" if text == _FIELD_KEY else text)
        else:
            return False
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc in a field goes back to the pictures."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _on_scale(self, value: float) -> bool:
        facts = self._state.facts
        low, high = facts.head.scale if facts is not None else (None, None)
        return (low is None or value >= low) and (high is None or value <= high)

    def _picked(self, name: str, _new: bool) -> None:
        self.named.emit(name)
        self.left.emit()

    def _grade(self) -> None:
        value = parse_grade(self._number.text())
        if value is None:
            self._number.selectAll()
            return
        self._number.clear()
        self.graded.emit(value)
        self.left.emit()
