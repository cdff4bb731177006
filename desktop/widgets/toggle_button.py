"""A button with an icon that stays down while something is on."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.theme import ICON_SIDE, icon, tokens

__all__ = ["ToggleButton"]


class ToggleButton(QPushButton):
    """Words and an icon; only the icon where ``set_narrow`` says so.

    Args:
        words: what the button says.
        icon_name: a file of assets/icons, without its ending.
    """

    def __init__(self, words: str, icon_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._icon = words, icon_name
        self.set_narrow(False)
        self.setProperty("look", "toggle")
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setAccessibleName(words)
        self.setIconSize(QSize(ICON_SIDE - 2, ICON_SIDE - 2))
        self._colour()

    def set_narrow(self, narrow: bool) -> None:
        """Show the icon alone."""
        self.setText("" if narrow else f" {self._words}")  # a space: Qt leaves next to none beside the icon

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.EnabledChange):
            self._colour()

    def _colour(self) -> None:
        colours = tokens(self.palette())
        self.setIcon(icon(self._icon, colours.secondary, checked=colours.accent))
