"""Beside the cards: of which architecture a file of weights is, where the file itself does not tell."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCompleter, QLineEdit, QVBoxLayout, QWidget

from desktop.pages.models.converting import Question
from desktop.theme import GAP
from desktop.widgets.labels import button, label
from desktop.widgets.side_panel import SidePanel

__all__ = ["ConversionPanel"]

_WHY = "A file of weights does not say which network they belong to. Its maker knows the name."


class ConversionPanel(SidePanel):
    """Asks for the name.

    Signals:
        agreed: the architecture that the person names.
    """

    agreed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Which network is it?", parent)
        self._file = label("", "secondary", wrap=True)
        self.column.addWidget(self._file)
        self._question = label("", wrap=True)
        self.column.addWidget(self._question)
        self.convert = button("Convert", "primary", on_click=self._agree)
        self.architecture = QLineEdit(placeholderText="Such as: resnet50")
        self.architecture.setAccessibleName("Architecture")
        self.architecture.textChanged.connect(lambda text: self.convert.setEnabled(bool(text.strip())))
        self.architecture.returnPressed.connect(self._agree)
        self.add_named("Architecture, as timm or torchvision call it", self.architecture)
        self._candidates = QVBoxLayout()
        self._candidates.setSpacing(GAP.xs)
        self.column.addLayout(self._candidates)
        self.column.addWidget(label(_WHY, "secondary", wrap=True))
        self.add_buttons(self.convert, button("Cancel", on_click=self.dismissed.emit))

    def ask(self, path: Path, question: Question, architectures: list[str]) -> None:
        """Ask about the file at ``path``; names that are begun are completed from ``architectures``."""
        self._file.setText(path.name)
        self._question.setText(question.sentence)
        while (item := self._candidates.takeAt(0)) is not None:
            if (shown := item.widget()) is not None:
                shown.deleteLater()
        for name in question.candidates:
            self._candidates.addWidget(button(name, on_click=partial(self.architecture.setText, name)))
        self.architecture.setText(question.candidates[0] if question.candidates else "")
        completer = QCompleter(architectures, self.architecture)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.architecture.setCompleter(completer)
        self.convert.setEnabled(bool(self.architecture.text().strip()))
        self.architecture.setFocus(Qt.FocusReason.OtherFocusReason)

    def _agree(self) -> None:
        if self.convert.isEnabled():
            self.agreed.emit(self.architecture.text().strip())
