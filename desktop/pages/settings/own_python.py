"""A field for the Python of an environment that a person has made, and a button that takes it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QLineEdit, QVBoxLayout, QWidget

from desktop.theme import GAP
from desktop.widgets.labels import button, label
from desktop.widgets.wrap import Wrap

__all__ = ["OwnPython"]

_HINT = "/home/me/venv/bin/python"
_WORDS = (
    "The python of an environment that has {title}, or the environment's folder. It has to compute once before it is "
    "taken, and is never changed."
)


class OwnPython(QWidget):
    """The form.

    Signals:
        agreed: the path that was typed or chosen.
    """

    agreed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = QLineEdit(placeholderText=_HINT)
        self.field.setAccessibleName("Path of your own Python")
        self.field.returnPressed.connect(self._agree)
        self._said = label("", "secondary", wrap=True)
        self.go = button("Prove and use it", on_click=self._agree)
        row = Wrap(spacing=GAP.s)
        row.addWidget(button("Browse…", on_click=self._browse))
        row.addWidget(self.go)
        row.begin_second()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP.s)
        column.addWidget(self._said)
        column.addWidget(self.field)
        column.addLayout(row)

    def begin(self, title: str) -> None:
        """Ask for a Python that has ``title``."""
        self._said.setText(_WORDS.format(title=title))

    def focus(self) -> None:
        """Let the person type."""
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.selectAll()

    def _browse(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "Choose the python of an environment")
        if chosen:
            self.field.setText(chosen)

    def _agree(self) -> None:
        text = self.field.text().strip()
        if text:
            self.agreed.emit(Path(text))
        else:
            self.focus()
