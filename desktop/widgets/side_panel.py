"""A form in the inspector's place: a title, rows that scroll, and buttons that stay at its foot. Esc leaves it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from desktop.theme import GAP
from desktop.widgets.labels import label
from desktop.widgets.wrap import Wrap

__all__ = ["SidePanel"]


class SidePanel(QFrame):
    """Put rows into :attr:`column`; it is spread out below them.

    Signals:
        dismissed: the person wants none of it.
    """

    dismissed = Signal()

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        body = QWidget()
        body.setObjectName("inspector_body")
        body.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # never wider than the panel
        inside = QVBoxLayout(body)
        inside.setContentsMargins(GAP.lg, GAP.lg, GAP.lg, GAP.lg)
        inside.setSpacing(GAP.s)
        self.title = label(title, "section", wrap=True)
        inside.addWidget(self.title)
        self.column = QVBoxLayout()
        self.column.setSpacing(GAP.m)
        inside.addLayout(self.column)
        inside.addStretch(1)
        self.area = QScrollArea(widgetResizable=True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(body)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 0, 0, 0)  # beside the edge
        outer.setSpacing(0)
        outer.addWidget(self.area, 1)
        self._foot = QVBoxLayout()
        self._foot.setContentsMargins(GAP.lg, GAP.m, GAP.lg, GAP.lg)
        self._foot.setSpacing(GAP.s)
        outer.addLayout(self._foot)

    def add_named(self, name: str, widget: QWidget) -> None:
        """Add a row: what it is, and the widget under it."""
        named = label(name, "secondary")
        named.setBuddy(widget)
        self.add_pair(named, widget)

    def add_pair(self, first: QWidget, second: QWidget) -> None:
        """Add two widgets that belong together, close to each other."""
        pair = QVBoxLayout()
        pair.setSpacing(GAP.xs)
        pair.addWidget(first)
        pair.addWidget(second)
        self.column.addLayout(pair)

    def add_buttons(self, *buttons: QPushButton) -> None:
        """Add a row of buttons at the foot, or rows where they don't fit; the first takes the room there is."""
        row = Wrap(spacing=GAP.s)
        for one in buttons:
            row.addWidget(one)
        buttons[0].setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        row.begin_second()  # all of them stand at the left
        self._foot.addLayout(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismissed.emit()
        else:
            super().keyPressEvent(event)
