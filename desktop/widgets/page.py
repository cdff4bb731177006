"""The frame all pages share: a title with what it is about beside it, and the page's actions at the right."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.theme import GAP
from desktop.widgets.labels import Elided, label

__all__ = ["Page"]


class Page(QWidget):
    """Put content into :attr:`body`; ``set_subtitle`` says what is open."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(GAP.xl, GAP.lg, GAP.xl, GAP.m)
        head.setSpacing(GAP.s)
        head.addWidget(label(title, "title"))
        self._beside = QHBoxLayout()
        head.addLayout(self._beside)
        self._subtitle = Elided("", "secondary")
        head.addWidget(self._subtitle, 1)
        self._actions = QHBoxLayout()
        self._actions.setSpacing(GAP.s)
        head.addLayout(self._actions)
        column.addLayout(head)
        self.body = QVBoxLayout()
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(0)
        column.addLayout(self.body, 1)

    def set_subtitle(self, text: str) -> None:
        """Say in a few words what is open."""
        self._subtitle.set_text(text)

    def add_beside_title(self, widget: QWidget) -> None:
        """Add something at the left end of the title row, behind the title."""
        self._beside.addWidget(widget)

    def add_action(self, button: QPushButton) -> None:
        """Add a button at the right end of the title row."""
        self._actions.addWidget(button)
