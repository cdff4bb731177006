"""A few words of which one is chosen, side by side; in more rows where there is too little room for one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

from desktop.theme import GAP
from desktop.widgets.labels import button
from desktop.widgets.wrap import Wrap

__all__ = ["Choice"]


class Choice(QWidget):
    """One of ``options`` (value -> words).

    Signals:
        chosen: the value a person has chosen.
    """

    chosen = Signal(str)

    def __init__(self, options: Mapping[str, str], value: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = Wrap(self, spacing=GAP.xs)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        self.set_options(options, value)

    def set_options(self, options: Mapping[str, str], value: str) -> None:
        """Offer ``options`` instead, ``value`` being chosen; nothing is told."""
        for made in self._buttons.values():
            self._group.removeButton(made)
            self._row.removeWidget(made)
            made.hide()  # at once; deleting waits for the event loop
            made.deleteLater()
        self._buttons = {}
        for one, words in options.items():
            made = button(words, "chip", on_click=partial(self.chosen.emit, one))
            made.setCheckable(True)
            made.setChecked(one == value)
            self._group.addButton(made)
            self._row.addWidget(made)
            self._buttons[one] = made
        self._row.begin_second()  # all of them from the left

    def set_value(self, value: str) -> None:
        """Show ``value`` as chosen, without telling of it."""
        self._buttons[value].setChecked(True)
