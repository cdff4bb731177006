"""A name is typed: of a dataset, a category, or a version."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.widgets.labels import button, label
from desktop.widgets.side_panel import SidePanel

__all__ = ["NamingPanel"]

_LONGEST = 200


class NamingPanel(SidePanel):
    """One field; ``ask`` says what for and what becomes of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._then: Callable[[str], None] = lambda _: None
        self._words = label("", "secondary", wrap=True)
        self.field = QLineEdit(maxLength=_LONGEST)
        self.field.setAccessibleName("Name")
        self.field.returnPressed.connect(self._agree)
        self._go = button("", "primary", on_click=self._agree)
        self._cancel = button("Cancel", on_click=self.dismissed.emit)
        self.column.addWidget(self._words)
        self.column.addWidget(self.field)
        self.add_buttons(self._go, self._cancel)

    def ask(self, title: str, words: str, name: str, verb: str, then: Callable[[str], None]) -> None:
        """Ask for a name.

        Args:
            title: what is done.
            words: what it means.
            name: as it is now.
            verb: on the button.
            then: called with the name, not blank.
        """
        self.title.setText(title)
        self._words.setText(words)
        self._words.setVisible(bool(words))
        self.field.setText(name)
        self.field.selectAll()
        self._go.setText(verb)
        self._then = then
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _agree(self) -> None:
        name = self.field.text().strip()
        if name:
            self.dismissed.emit()
            self._then(name)
