"""A few numbers side by side to type, each in a field of its own."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from desktop.theme import GAP
from desktop.widgets.labels import label

__all__ = ["NumbersField"]


class NumbersField(QWidget):
    """The fields.

    Args:
        names: what each number is, read out.
        between: what stands between two fields, such as "×".
        after: what stands behind the last, such as "pixels".

    Signals:
        changed: all numbers, as floats; only while each field holds one.
    """

    changed = Signal(list)

    def __init__(
        self, names: Sequence[str], *, between: str = "", after: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP.s)
        self._edits: list[QLineEdit] = []
        for place, name in enumerate(names):
            if place and between:
                row.addWidget(label(between, "secondary"))
            edit = QLineEdit()
            edit.setAccessibleName(name)
            edit.setToolTip(name)
            edit.textEdited.connect(lambda _: self._tell())
            self._edits.append(edit)
            row.addWidget(edit, 1)
        if after:
            row.addWidget(label(after, "secondary"))

    @property
    def numbers(self) -> list[float] | None:
        """What was typed; None while a field holds no number."""
        found = []
        for edit in self._edits:
            try:
                value = float(edit.text().strip().replace(",", ".").replace("–", "-"))
            except ValueError:
                return None
            if not math.isfinite(value):
                return None
            found.append(value)
        return found

    def set_numbers(self, numbers: Sequence[float]) -> None:
        """Show ``numbers`` without telling of it; what is being typed, or says the same however written, stays."""
        typing = any(edit.hasFocus() and edit.isModified() for edit in self._edits)
        if not typing and self.numbers != [float(number) for number in numbers]:
            for edit, number in zip(self._edits, numbers, strict=True):
                edit.setText(f"{number:.6g}")

    def _tell(self) -> None:
        numbers = self.numbers
        if numbers is not None:
            self.changed.emit(numbers)
