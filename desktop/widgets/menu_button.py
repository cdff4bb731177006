"""A quiet button that opens a menu, filled anew each time; its words are cut where there is too little room."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QWidget

from desktop.theme import ICON_SIDE, icon, tokens

__all__ = ["MenuButton"]

_LEAST = 6
"""Letters that are left of long words."""


class MenuButton(QPushButton):
    """Words, an arrow, and a menu.

    Args:
        words: what the button says.
        fill: puts the actions into the empty menu that is about to be shown.
    """

    def __init__(self, words: str, fill: Callable[[QMenu], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._shown, self._tip = words, "", ""
        self.setProperty("look", "chip")
        self.setAutoDefault(False)
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the arrow behind the words
        self.setIconSize(QSize(ICON_SIDE - 4, ICON_SIDE - 4))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        menu = QMenu(self)
        menu.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        menu.setToolTipsVisible(True)

        def refill() -> None:
            menu.clear()
            fill(menu)

        menu.aboutToShow.connect(refill)
        self.setMenu(menu)
        self._colour()
        self.set_words(words)

    def set_words(self, words: str, tip: str | None = None) -> None:
        """Say ``words``, and explain them by ``tip``; None leaves the explanation as it is."""
        self._words = words
        self._tip = self._tip if tip is None else tip
        self.setAccessibleName(words)
        self._cut()
        self.updateGeometry()

    @property
    def words(self) -> str:
        """What it says where there is room enough."""
        return self._words

    def sizeHint(self) -> QSize:
        """Room for all words."""
        hint = super().sizeHint()
        return QSize(self._advance(self._words) + self._frame(), hint.height())

    def minimumSizeHint(self) -> QSize:
        """Room for the first of them."""
        least = self._advance(self._words[:_LEAST] + "…")
        return QSize(min(least, self._advance(self._words)) + self._frame(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as much as there is room for."""
        super().resizeEvent(event)
        self._cut()

    def changeEvent(self, event: QEvent) -> None:
        """Follow theme and text size."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._colour()
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._cut()

    def _advance(self, text: str) -> int:
        """Pixels of ``text``, measured as Qt does for a button."""
        return QFontMetrics(self.font()).size(Qt.TextFlag.TextShowMnemonic, _plain(text)).width()

    def _frame(self) -> int:
        """Pixels beside the words: border, padding, arrow."""
        return super().sizeHint().width() - self._advance(self._shown)

    def _cut(self) -> None:
        room = self.width() - self._frame()
        fits = room >= self._advance(self._words)
        cut = QFontMetrics(self.font()).elidedText(self._words, Qt.TextElideMode.ElideRight, max(room, 0))
        shown = self._words if fits else cut
        if shown != self._shown:
            self._shown = shown
            self.setText(_plain(shown))
        tip = self._tip if fits else f"{self._words}\n{self._tip}".strip()
        self.setToolTip(tip)

    def _colour(self) -> None:
        self.setIcon(icon("chevron-down", tokens(self.palette()).secondary))


def _plain(text: str) -> str:
    """An ampersand is one, and underlines nothing."""
    return text.replace("&", "&&")
