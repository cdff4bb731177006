"""A few words of which one is chosen, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from desktop.theme import GAP
from desktop.widgets.labels import button

__all__ = ["Choice"]


class Choice(QWidget):
    """One of ``options`` (value -> words).

    Signals:
        chosen: the value a person has chosen.
    """

    chosen = Signal(str)

    def __init__(self, options: Mapping[str, str], value: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(GAP.xs)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        self._row.addStretch(1)
        self.set_options(options, value)

    def set_options(self, options: Mapping[str, str], value: str) -> None:
        """Offer ``options`` instead, ``value`` being chosen; nothing is told."""
        for made in self._buttons.values():
            self._group.removeButton(made)
            made.hide()  # at once; deleting waits for the event loop
            made.deleteLater()
        self._buttons = {}
        for one, words in options.items():
            made = button(words, "chip", on_click=partial(self.chosen.emit, one))
            made.setCheckable(True)
            made.setChecked(one == value)
            self._group.addButton(made)
            self._row.insertWidget(len(self._buttons), made)
            self._buttons[one] = made

    def set_value(self, value: str) -> None:
        """Show ``value`` as chosen, without telling of it."""
        self._buttons[value].setChecked(True)
