"""Some names to type, a row each; rows can be added and taken away, down to one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.theme import GAP
from desktop.widgets.labels import IconButton, button

__all__ = ["NameRows"]


class NameRows(QWidget):
    """The rows.

    Args:
        noun: what is named, such as "question".
        more: what the button says that adds a row.
        hint: what an empty row says.

    Signals:
        entered: Enter was pressed in a row.
    """

    entered = Signal()

    def __init__(self, noun: str, more: str, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._noun, self._hint = noun, hint
        self._rows: list[tuple[QWidget, QLineEdit, IconButton]] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP.xs)
        self._column = QVBoxLayout()
        self._column.setSpacing(GAP.xs)
        column.addLayout(self._column)
        self._more = button(more, "link", on_click=self._add_one)
        column.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        self.set_names([""])

    def names(self) -> list[str]:
        """What was typed, top to bottom."""
        return [edit.text() for _, edit, _ in self._rows]

    def set_names(self, names: Sequence[str]) -> None:
        """Show a row for each of ``names``, one or more."""
        for row in list(self._rows):
            self._remove(row[0])
        for name in names:
            self._add(name)

    def _add_one(self) -> None:
        self._add("").setFocus(Qt.FocusReason.OtherFocusReason)

    def _add(self, name: str) -> QLineEdit:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(GAP.xs)
        edit = QLineEdit(name, placeholderText=self._hint)
        edit.returnPressed.connect(self.entered)
        away = IconButton("x", f"Without this {self._noun}", lambda: self._remove(row))
        line.addWidget(edit, 1)
        line.addWidget(away)
        self._rows.append((row, edit, away))
        self._column.addWidget(row)
        self._number()
        return edit

    def _remove(self, row: QWidget) -> None:
        self._rows = [one for one in self._rows if one[0] is not row]
        self._column.removeWidget(row)
        row.hide()  # at once; deleting waits for the event loop
        row.deleteLater()
        self._number()

    def _number(self) -> None:
        for number, (_, edit, away) in enumerate(self._rows, start=1):
            edit.setAccessibleName(f"{self._noun.capitalize()} {number}")
            away.setVisible(len(self._rows) > 1)
