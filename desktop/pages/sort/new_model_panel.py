"""What a new model is to be, beside the pictures: its name, its questions, which of their answers go together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from desktop.pages.sort.choosing import QUESTION, NewModel
from desktop.theme import GAP
from desktop.widgets.labels import Elided, IconButton, button, label
from desktop.widgets.name_rows import NameRows

__all__ = ["NewModelPanel"]


class NewModelPanel(QFrame):
    """A form.

    Signals:
        agreed: the :class:`~desktop.pages.sort.choosing.NewModel` that is to be made.
        dismissed: none is to be made.
        table_chosen: a CSV file of known combinations; :meth:`show_table` is wanted for it.
    """

    agreed = Signal(object)
    dismissed = Signal()
    table_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self._table: Path | None = None
        body = QWidget()
        body.setObjectName("inspector_body")
        column = QVBoxLayout(body)
        column.setContentsMargins(GAP.lg, GAP.lg, GAP.lg, GAP.lg)
        column.setSpacing(GAP.s)
        column.addWidget(label("New model", "section"))
        column.addWidget(
            label(
                "It knows nothing at first: say what a few pictures are, and it sorts the rest.", "secondary", wrap=True
            )
        )
        column.addSpacing(GAP.s)
        column.addWidget(label("Name", "secondary"))
        self._name = QLineEdit(placeholderText="Such as: My bricks")
        self._name.setAccessibleName("Name of the model")
        self._name.returnPressed.connect(self._agree)
        column.addWidget(self._name)
        column.addSpacing(GAP.s)
        column.addWidget(label("What should it say of each picture?", "secondary"))
        self._questions = NameRows("question", "Add a question", "Such as: colour")
        self._questions.entered.connect(self._agree)
        column.addWidget(self._questions)
        column.addSpacing(GAP.s)
        column.addWidget(label("Known combinations", "secondary"))
        column.addLayout(self._table_row())
        column.addWidget(
            label(
                "Optional: a CSV file of the pairs that exist, the two questions in its first row.",
                "secondary",
                wrap=True,
            )
        )
        self._problem = label("", "bad", wrap=True)
        column.addWidget(self._problem)
        column.addStretch(1)
        area = QScrollArea(widgetResizable=True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(body)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, GAP.lg)
        outer.addWidget(area, 1)
        outer.addLayout(self._buttons())

    def _table_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(GAP.s)
        self._file = Elided("None")
        self._without = IconButton("x", "Without a table", lambda: self._set_table(None))
        row.addWidget(self._file, 1)
        row.addWidget(self._without)
        row.addWidget(button("Choose…", on_click=self._choose_table))
        return row

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(GAP.lg, 0, GAP.lg, 0)
        row.setSpacing(GAP.s)
        self._go = button("Create", "primary", on_click=self._agree)
        row.addWidget(self._go, 1)
        row.addWidget(button("Cancel", on_click=self.dismissed.emit))
        return row

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismissed.emit()
        else:
            super().keyPressEvent(event)

    def begin(self) -> None:
        """Start with an empty form."""
        self._name.clear()
        self._questions.set_names([QUESTION])
        self._set_table(None)
        self._go.setEnabled(True)

    def focus_name(self) -> None:
        """Give the keyboard to the name."""
        self._name.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_table(self, table: Path, questions: Sequence[str]) -> None:
        """Take a table, which is about ``questions``; they are asked, where nothing else was wished so far."""
        self._set_table(table)
        if self._questions.names() in ([QUESTION], [""]):
            self._questions.set_names(questions)

    def show_problem(self, sentence: str) -> None:
        """Why it can't be as it is wished."""
        self._problem.setText(sentence)
        self._go.setEnabled(True)

    def _set_table(self, table: Path | None) -> None:
        self._table = table
        self._file.set_text(str(table) if table is not None else "None")
        self._without.setVisible(table is not None)
        self._problem.clear()

    def _choose_table(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "Choose a table of combinations", "", "CSV (*.csv)")
        if name:
            self.table_chosen.emit(Path(name))

    def _agree(self) -> None:
        if not self._go.isEnabled():
            return
        self._problem.clear()
        self._go.setEnabled(False)  # until it is made, or can't be
        self.agreed.emit(NewModel(self._name.text(), tuple(self._questions.names()), self._table))
