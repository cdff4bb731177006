"""Where a person asks the online model about one picture, and sees what it says; hidden while that is turned off."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.theme import GAP
from desktop.widgets.labels import button, label
from desktop.widgets.suggestions import Suggestion, Suggestions

__all__ = ["SecondOpinion"]


class SecondOpinion(QWidget):
    """A button, and under it the answer.

    Signals:
        asked: the picture that is shown is to be asked about.
        chosen: the name of an answer that a person takes.
    """

    asked = Signal()
    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: list[str] = []
        self._host = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP.xs)
        self._button = button("Ask online", on_click=self._ask)
        self._said = label("", "secondary", wrap=True)
        self._rows = Suggestions(clickable=True)
        self._rows.chosen.connect(lambda place: self.chosen.emit(self._names[place]))
        for one in (self._button, self._said, self._rows):
            column.addWidget(one)
        self.set_host("")

    def set_host(self, host: str) -> None:
        """Who is asked; "" hides all of it."""
        self._host = host
        self._button.setText(f"Ask {host}")
        self._button.setToolTip(
            f"Sends this picture, reduced to 512 pixels, and the names of your categories to {host}"
        )
        self.setVisible(bool(host))
        self.clear()

    def clear(self) -> None:
        """Another picture is shown."""
        self._button.setEnabled(True)
        self._show("", [])

    def show_answer(self, answers: Sequence[tuple[str, float]]) -> None:
        """Names and how sure the online model is of each, 0 to 1, surest first."""
        self._button.setEnabled(True)
        self._show(f"{self._host} says", answers)

    def show_problem(self, sentence: str) -> None:
        """Why there is no answer."""
        self._button.setEnabled(True)
        self._show(sentence, [])

    def _ask(self) -> None:
        self._button.setEnabled(False)
        self._show("Asking…", [])
        self.asked.emit()

    def _show(self, words: str, answers: Sequence[tuple[str, float]]) -> None:
        self._names = [name for name, _ in answers]
        self._said.setText(words)
        self._said.setVisible(bool(words))
        self._rows.set_rows([Suggestion(name, confidence) for name, confidence in answers])
        self._rows.setVisible(bool(answers))
