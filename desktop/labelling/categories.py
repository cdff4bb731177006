"""Answering a ``categories`` head by hand: take a suggestion, type a name, or say that it can't be told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.theme import GAP
from desktop.widgets.filter_field import FilterField
from desktop.widgets.key_hints import KeyHints
from desktop.widgets.labels import button
from desktop.widgets.labels import label as text_label
from desktop.widgets.suggestions import Suggestion, Suggestions

if TYPE_CHECKING:  # NumPy comes with it, and the window is painted before that is loaded
    from models.heads.categories import CategoriesResult

__all__ = ["CategoriesLabeller"]

_SHOWN = 5
_SHOWN_TALL = 9
_CLOSE = 0.15
_CANT_TELL = "can't tell"
_CANT_TELL_KEY = "U"
_FIELD_KEY = "/"
_OTHER_KEYS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


class CategoriesLabeller(QWidget):
    """Suggestions, a field and the keys for one head.

    Args:
        unknown_name: the label that stands for "can't tell".

    Signals:
        labelled: the name the person gives; new ones too.
        cant_tell: the person says that it can't be told.
        cleared: the person takes their label back.
        left: the keyboard may go back to where it came from.
        wanted: this head's name was clicked: its keys are to be the active ones.
    """

    labelled = Signal(str)
    cant_tell = Signal()
    cleared = Signal()
    left = Signal()
    wanted = Signal()

    def __init__(self, unknown_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._unknown_name = unknown_name
        self._shown = _SHOWN
        self._state: tuple[CategoriesResult, str | None, int] | None = None
        self._head = button("", "chip", on_click=self._want)
        self._head.setCheckable(True)
        self._hint = text_label("", "secondary", wrap=True)
        self._suggestions = Suggestions()
        self._suggestions.chosen.connect(lambda place: self._take(self._suggestions.rows[place]))
        self._field = FilterField("category", _FIELD_KEY)
        self._field.picked.connect(self._picked)
        self._field.left.connect(self.left)
        self._keys = KeyHints()
        heading = QHBoxLayout()
        heading.addWidget(self._head)
        heading.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP.s)
        column.addLayout(heading)
        for one in (self._hint, self._suggestions, self._field, self._keys):
            column.addWidget(one)
        self.set_head("", active=True)

    # -- what the owner says ------------------------------------------------------------------------------------------

    def set_head(self, name: str, *, active: bool) -> None:
        """Name the head over its answers ("" where the model has no other), lit up while the keys are for it."""
        self._head.setText(name)
        self._head.setVisible(bool(name))
        self._head.setChecked(active)
        self._keys.setVisible(active)

    def set_tall(self, tall: bool) -> None:
        """Show nine suggestions instead of five."""
        self._shown = _SHOWN_TALL if tall else _SHOWN
        self._refresh()

    def set_refusal(self, refusal: Callable[[str], str | None]) -> None:
        """What is wrong with a new name, in a sentence, or None."""
        self._field.set_refusal(refusal)

    def show_result(self, result: CategoriesResult, names: Sequence[str], label: str | None, selected: int) -> None:
        """Show what the model says of one picture, and what the person has said.

        Args:
            result: of this head.
            names: every name a person can give without making one.
            label: what the person has said, None for nothing yet.
            selected: how many pictures an answer will be for.
        """
        self._state = (result, label, selected)
        self._field.set_names([name for name in names if name != self._unknown_name])
        self._refresh()

    # -- showing ------------------------------------------------------------------------------------------------------

    def _refresh(self) -> None:
        if self._state is None:
            return
        result, label, selected = self._state
        top = result.top(self._shown)
        rows = [
            Suggestion(score.category, score.confidence, str(place), score.category == label)
            for place, score in enumerate(top, 1)
        ]
        if label == self._unknown_name:
            rows[self._shown - 1 :] = [Suggestion(_CANT_TELL, None, _CANT_TELL_KEY, chosen=True)]
        elif label is not None and not any(row.chosen for row in rows):
            rows[self._shown - 1 :] = [Suggestion(label, _confidence(result, label), chosen=True)]
        self._suggestions.set_rows(rows)
        close = len(top) > 1 and top[0].confidence - top[1].confidence < _CLOSE
        if label is not None:
            hint = "You said it can't be told" if label == self._unknown_name else f"You said {label}"
        elif close:
            hint = f"Two are close: {top[0].category} or {top[1].category}?"
        else:
            hint = "What is it?"
        # Enter takes each of several as it is shown; what is named here is for all of them
        self._hint.setText(f"{selected:,} selected: a name is for all of them" if selected > 1 else hint)
        undo = QKeySequence(QKeySequence.StandardKey.Undo).toString(QKeySequence.SequenceFormat.NativeText)
        accept = "accept each" if selected > 1 else "accept"
        self._keys.set_hints(
            (("Enter", accept), (_CANT_TELL_KEY, _CANT_TELL), (_FIELD_KEY, "type a name"), (undo, "undo"))
        )

    # -- taking -------------------------------------------------------------------------------------------------------

    def handle_key(self, event: QKeyEvent) -> bool:
        """Do what a key pressed elsewhere means here; returns whether it means anything.

        1 to 9 take a suggestion, Enter the first; U can't tell; Delete and Backspace take the label back; a slash or
        any other letter, with Shift also a U, opens the field.
        """
        if event.modifiers() & _OTHER_KEYS or self._state is None:
            return False
        text = event.text()
        row = next((row for row in self._suggestions.rows if row.key == text), None) if text.isdigit() else None
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                row = self._suggestions.rows[0] if self._suggestions.rows else None
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace if self._state[1] is not None:
                self.cleared.emit()
                return True
        if row is not None:
            self._take(row)
        elif text.upper() == _CANT_TELL_KEY and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.cant_tell.emit()
        elif text == _FIELD_KEY or text.isalpha():
            self._field.begin("" if text == _FIELD_KEY else text)
        else:
            return False
        return True

    def _take(self, row: Suggestion) -> None:
        if row.key == _CANT_TELL_KEY:
            self.cant_tell.emit()
        else:
            self.labelled.emit(row.name)

    def _picked(self, name: str, _new: bool) -> None:
        self.labelled.emit(name)
        self.left.emit()

    def _want(self) -> None:
        self._head.setChecked(True)  # a click does not put it out
        self.wanted.emit()


def _confidence(result: CategoriesResult, name: str) -> float | None:
    """What ``result`` gives to ``name``; None where the model doesn't know it."""
    return float(result.probabilities[result.categories.index(name)]) if name in result.categories else None
