"""Labels and buttons in the looks the style sheet knows."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from desktop.theme import ICON_SIDE, icon, tokens

__all__ = ["Elided", "IconButton", "button", "label"]


def label(text: str, role: str = "", *, wrap: bool = False) -> QLabel:
    """A label; ``role`` is a text_role of the style sheet (title, section, secondary, ...)."""
    made = QLabel(text)
    made.setProperty("text_role", role)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    return made


def button(text: str, look: str = "", *, on_click: Callable[[], object] | None = None, tip: str = "") -> QPushButton:
    """A push button; ``look`` is one of the style sheet (primary, link, chip, rail) or empty for the usual one."""
    made = QPushButton(text)
    made.setProperty("look", look)
    made.setAutoDefault(False)
    if on_click is not None:
        made.clicked.connect(lambda _checked=False: on_click())
    if tip:
        made.setToolTip(tip)
    return made


class IconButton(QToolButton):
    """A small button that shows only an icon; its name is read out and shown as a tip."""

    def __init__(self, name: str, tip: str, on_click: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self.setToolTip(tip)
        self.setAccessibleName(tip)
        self.setIconSize(QSize(ICON_SIDE, ICON_SIDE))
        self.clicked.connect(lambda _checked=False: on_click())
        self._colour()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._colour()

    def _colour(self) -> None:
        colours = tokens(self.palette())
        self.setIcon(icon(self._name, colours.secondary, checked=colours.accent))


class Elided(QLabel):
    """One line that is cut in the middle with an ellipsis where it doesn't fit; the whole text is its tip."""

    def __init__(self, text: str = "", role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("text_role", role)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.set_text(text)

    def set_text(self, text: str) -> None:
        """Show ``text``."""
        self.setText(text)
        self.setToolTip(text)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw as much of the text as fits."""
        painter = QPainter(self)
        cut = QFontMetrics(self.font()).elidedText(self.text(), Qt.TextElideMode.ElideMiddle, self.width())
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), self.alignment(), cut)
        event.accept()
