"""A sentence with an icon before it, both in a colour that says how it is meant."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.theme import GAP, ICON_SIDE, draw_icon, tokens
from desktop.widgets.labels import label

__all__ = ["IconLabel"]


class _Icon(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.icon, self.colour = "", "text"
        self.setFixedSize(QSize(ICON_SIDE, ICON_SIDE))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.icon:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            draw_icon(painter, self.icon, getattr(tokens(self.palette()), self.colour), QRectF(self.rect()))
        event.accept()


class IconLabel(QWidget):
    """The sentence is wrapped; the icon stands at its first line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = _Icon()
        self._words = label("", wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP.s)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)

    @property
    def words(self) -> str:
        """What is said."""
        return self._words.text()

    def show_words(self, icon: str, colour: str, words: str) -> None:
        """Say ``words`` after ``icon`` (of the theme) in ``colour``, a token such as "good" or "caution"."""
        self._icon.icon, self._icon.colour = icon, colour
        self._icon.update()
        self._words.setText(words)
