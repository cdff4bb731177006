"""A heading that shows and hides what is under it; folded at first."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from desktop.theme import GAP, ICON_SIDE, icon, tokens

__all__ = ["Fold"]


class Fold(QWidget):
    """A button with an arrow over a widget.

    Args:
        title: what the button says.
        inside: what it shows and hides.

    Signals:
        opened: whether what is inside is shown now.
    """

    opened = Signal(bool)

    def __init__(self, title: str, inside: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inside = inside
        self.button = QPushButton(f" {title}")
        self.button.setProperty("look", "fold")
        self.button.setAutoDefault(False)
        self.button.setCheckable(True)
        self.button.setAccessibleName(title)
        self.button.setIconSize(QSize(ICON_SIDE - 4, ICON_SIDE - 4))
        self.button.toggled.connect(self._show)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP.s)
        column.addWidget(self.button)
        column.addWidget(inside)
        inside.hide()
        self._colour()

    def set_open(self, shown: bool) -> None:
        """Show or hide what is inside."""
        self.button.setChecked(shown)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._colour()

    def _show(self, shown: bool) -> None:
        self._inside.setVisible(shown)
        self._colour()
        self.opened.emit(shown)

    def _colour(self) -> None:
        arrow = "chevron-down" if self.button.isChecked() else "chevron-right"
        self.button.setIcon(icon(arrow, tokens(self.palette()).secondary))
