"""A titled card: a row a thing, its name at the left, the controls at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from desktop.theme import GAP
from desktop.widgets.labels import label

__all__ = ["Card"]

_NAMES = 160


class Card(QFrame):
    """Rows on a surface."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP.lg, GAP.m, GAP.lg, GAP.lg)
        column.setSpacing(GAP.m)
        column.addWidget(label(title, "section"))
        self._rows = QGridLayout()
        self._rows.setHorizontalSpacing(GAP.lg)
        self._rows.setVerticalSpacing(GAP.s)
        self._rows.setColumnMinimumWidth(0, _NAMES)
        self._rows.setColumnStretch(1, 1)
        column.addLayout(self._rows)

    def add_row(self, name: str, *widgets: QWidget, tall: bool = False) -> None:
        """Add a row; the first widget takes the room there is. The name of a ``tall`` one stands beside its top."""
        row = self._rows.rowCount()
        tall = tall or any(isinstance(widget, QLabel) and widget.wordWrap() for widget in widgets)
        middle = Qt.AlignmentFlag.AlignTop if tall else Qt.AlignmentFlag.AlignVCenter
        self._rows.addWidget(label(name, "secondary"), row, 0, middle)
        for column, widget in enumerate(widgets, 1):
            self._rows.addWidget(widget, row, column, 1, 1 if len(widgets) > 1 else -1)

    def clear(self) -> None:
        """Take all rows away."""
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()  # at once; deleting waits for the event loop
                widget.deleteLater()
