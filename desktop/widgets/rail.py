"""The navigation rail: the pages, top to bottom, and settings at the foot; icons only where the window is narrow."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QFrame, QPushButton, QVBoxLayout, QWidget

from desktop.theme import GAP, ICON_SIDE, icon, tokens
from desktop.widgets.labels import button, label

__all__ = ["Rail"]

_WIDE = 200
_NARROW = 56


class Rail(QFrame):
    """A column of buttons of which one is down.

    Signals:
        chosen: the name of the page to show.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self._group = QButtonGroup(self)
        self._icons: dict[QPushButton, str] = {}
        self._names: dict[QPushButton, str] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(GAP.s, GAP.lg, GAP.s, GAP.m)
        self._column.setSpacing(GAP.xs)
        self._brand = label("Sortwerk", "brand")
        self._brand.setContentsMargins(GAP.m, 0, 0, GAP.m)
        self._column.addWidget(self._brand)
        self._foot = QVBoxLayout()
        self._foot.setSpacing(GAP.xs)
        self._column.addStretch(1)
        self._column.addLayout(self._foot)
        self.set_narrow(False)

    def add(self, name: str, icon_name: str, *, foot: bool = False) -> None:
        """Add a page at the end of the list, or of the foot. Ctrl and its number (Ctrl+, at the foot) choose it."""
        made = button(_text(name), "rail", on_click=lambda: self.chosen.emit(name))
        made.setCheckable(True)
        made.setIconSize(QSize(ICON_SIDE, ICON_SIDE))
        self._group.addButton(made)
        self._icons[made], self._names[made] = icon_name, name
        keys = "Ctrl+," if foot else f"Ctrl+{self._column.count() - 2}"
        made.setToolTip(f"{name} ({keys})")
        made.setAccessibleName(name)
        QShortcut(QKeySequence(keys), self, lambda: self.choose(name))
        if foot:
            self._foot.addWidget(made)
        else:
            self._column.insertWidget(self._column.count() - 2, made)
        self._look()

    def choose(self, name: str) -> None:
        """Press the button of page ``name`` down and tell of it."""
        for made, text in self._names.items():
            if text == name:
                made.setChecked(True)
                self.chosen.emit(name)

    def set_narrow(self, narrow: bool) -> None:
        """Only icons, for a small window."""
        self.setFixedWidth(_NARROW if narrow else _WIDE)
        self._brand.setVisible(not narrow)
        for made, text in self._names.items():
            made.setText("" if narrow else _text(text))
            made.setProperty("narrow", narrow)
            made.style().polish(made)  # a property that the style sheet asks for is looked up only then

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._look()

    def _look(self) -> None:
        colours = tokens(self.palette())
        for made, name in self._icons.items():
            made.setIcon(icon(name, colours.secondary, checked=colours.accent))


def _text(name: str) -> str:
    return f"  {name}"  # Qt leaves but four pixels between icon and text
