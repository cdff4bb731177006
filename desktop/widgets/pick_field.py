"""A text field with a menu of what is usually typed into it; own words are as good."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget

from desktop.theme import icon, tokens

__all__ = ["PickField"]


class PickField(QLineEdit):
    """The arrow at its end, or the key Down, opens the menu.

    Args:
        options: what may be chosen.
        hint: what stands in the empty field.
    """

    def __init__(self, options: Sequence[str], hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(hint)
        self.menu = QMenu(self)
        for words in options:
            self.menu.addAction(words).triggered.connect(lambda _checked=False, words=words: self.setText(words))
        self._arrow = self.addAction(icon("chevron-down", "#000000"), QLineEdit.ActionPosition.TrailingPosition)
        self._arrow.setToolTip("Choose")
        self._arrow.triggered.connect(self.open)
        self._colour()

    def open(self) -> None:
        """Show the menu under the field."""
        self.menu.setMinimumWidth(self.width())
        self.menu.popup(self.mapToGlobal(QPoint(0, self.height())))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down opens the menu."""
        if event.key() == Qt.Key.Key_Down:
            self.open()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._colour()

    def _colour(self) -> None:
        self._arrow.setIcon(icon("chevron-down", tokens(self.palette()).secondary))
