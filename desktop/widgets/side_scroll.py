"""A column at the side that scrolls up and down: as wide as wished, and wider where its content needs it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

__all__ = ["SideScroll"]

_BAR = 12


class SideScroll(QScrollArea):
    """Holds ``body``.

    Args:
        body: its content.
        width: pixels at least.
    """

    def __init__(self, body: QWidget, width: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._width = width
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setWidget(body)
        self.viewport().setAutoFillBackground(False)
        body.setAutoFillBackground(False)
        body.installEventFilter(self)

    def set_wished(self, width: int) -> None:
        """Wish for another width, pixels."""
        if width != self._width:
            self._width = width
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """As wide as wished, or as its content needs."""
        body = self.widget()
        needed = body.minimumSizeHint().width() + _BAR if body is not None else 0  # None while it is being made
        return QSize(max(self._width, needed), 200)

    def minimumSizeHint(self) -> QSize:
        """Its content is never cut at the side."""
        return QSize(self.sizeHint().width(), 80)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Its content may need more room now."""
        if event.type() is QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)
