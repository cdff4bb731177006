"""Cards side by side in as many columns as there is room for; one of them is the current one, and keys move it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from desktop.theme import GAP, RADIUS, tokens

__all__ = ["CardGrid", "GridCard"]

_LETTERS = 40  # that a card is wide at least


class GridCard(QFrame):
    """A surface for one thing; what is on it is its maker's. The current one has an accented edge.

    Signals:
        pressed: it was clicked, or the keyboard came to it.
        opened: it was double-clicked.
        menu_wanted: the menu key or the right button was pressed; where, on the screen.
    """

    pressed = Signal()
    opened = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._current = False
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def set_current(self, current: bool) -> None:
        """Whether it is the one that others on the page are about; only that one is reached by Tab."""
        self._current = current
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if current else Qt.FocusPolicy.ClickFocus)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground and the edge; a thicker one while the keyboard is on it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = tokens(self.palette())
        width = 2 if self.hasFocus() else 1
        colour = colours.accent if self._current or self.hasFocus() else colours.border
        painter.setPen(QPen(QColor(colour), width))
        painter.setBrush(QColor(colours.surface))
        half = width / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), RADIUS, RADIUS)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """It is meant."""
        super().mousePressEvent(event)
        self.pressed.emit()
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """It is to be opened."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.opened.emit()
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with it."""
        self.pressed.emit()
        self.menu_wanted.emit(event.globalPos())
        event.accept()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard is on it."""
        super().focusInEvent(event)
        self.update()
        self.pressed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The keyboard is elsewhere."""
        super().focusOutEvent(event)
        self.update()


class CardGrid(QWidget):
    """Lays cards out and moves among them by the arrow keys.

    Args:
        letters: that a card is wide at least.

    Signals:
        current_changed: the place of the card that is the current one now.
        activated: Enter, or a double click, on the card at a place.
        rename_wanted: F2, on the card at a place.
        remove_wanted: Delete, on the card at a place.
        menu_wanted: a menu for the card at a place; where, on the screen.
    """

    current_changed = Signal(int)
    activated = Signal(int)
    rename_wanted = Signal(int)
    remove_wanted = Signal(int)
    menu_wanted = Signal(int, QPoint)

    def __init__(self, *, letters: int = _LETTERS, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._letters = letters
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GAP.lg)
        self._cards: list[GridCard] = []
        self._blanks: list[QWidget] = []
        self._columns = 0
        self.current = -1

    @property
    def cards(self) -> Sequence[GridCard]:
        """What is shown, in its order."""
        return tuple(self._cards)

    @property
    def columns(self) -> int:
        """Cards side by side."""
        letters = self.fontMetrics().averageCharWidth()
        return max(1, (self.width() + GAP.lg) // (self._letters * letters + GAP.lg))

    def set_cards(self, cards: Sequence[GridCard], current: int) -> None:
        """Show ``cards`` in place of those before, the one at ``current`` as the current one (-1 for none).

        The keyboard stays on the current card, if it was on one.
        """
        had_focus = any(card.hasFocus() for card in self._cards)
        for card in self._cards:
            self._grid.removeWidget(card)
            card.hide()  # at once; deleting waits for the event loop
            card.blockSignals(True)
            card.deleteLater()
        self._cards = list(cards)
        for place, card in enumerate(self._cards):
            card.pressed.connect(lambda place=place: self.set_current(place))
            card.opened.connect(lambda place=place: self.activated.emit(place))
            card.menu_wanted.connect(lambda where, place=place: self.menu_wanted.emit(place, where))
        self.current = -1
        self._columns = 0
        self._lay_out()
        if 0 <= current < len(self._cards):
            self._mark(current)
            if had_focus:
                self._cards[current].setFocus(Qt.FocusReason.OtherFocusReason)

    def set_current(self, place: int) -> None:
        """Make the card at ``place`` the current one, and tell of it where it is another."""
        if place != self.current:
            self._mark(place)
            self.current_changed.emit(place)

    def focus_current(self) -> None:
        """Give the keyboard to the current card."""
        if self.current >= 0:
            self._cards[self.current].setFocus(Qt.FocusReason.OtherFocusReason)

    def _mark(self, place: int) -> None:
        self.current = place
        for other, card in enumerate(self._cards):
            card.set_current(other == place)

    def _lay_out(self) -> None:
        columns = self.columns
        if columns == self._columns:
            return
        for column in range(max(columns, self._columns, self._grid.columnCount())):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        self._columns = columns
        for place, card in enumerate(self._cards):
            self._grid.addWidget(card, place // columns, place % columns)
            card.show()
        while len(self._blanks) < columns:
            self._blanks.append(QWidget(self))
        for column, blank in enumerate(self._blanks):  # an empty column takes its room too
            self._grid.removeWidget(blank)
            blank.setVisible(len(self._cards) <= column < columns)
            if blank.isVisibleTo(self):
                self._grid.addWidget(blank, 0, column)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many columns as there is room for."""
        super().resizeEvent(event)
        self._lay_out()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Home and End move; Enter, F2 and Delete are told of."""
        moves = {
            Qt.Key.Key_Left: self.current - 1,
            Qt.Key.Key_Right: self.current + 1,
            Qt.Key.Key_Up: self.current - self._columns,
            Qt.Key.Key_Down: self.current + self._columns,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(self._cards) - 1,
        }
        asked = {
            Qt.Key.Key_Return: self.activated,
            Qt.Key.Key_Enter: self.activated,
            Qt.Key.Key_F2: self.rename_wanted,
            Qt.Key.Key_Delete: self.remove_wanted,
        }
        key = Qt.Key(event.key())
        if self.current < 0 or key not in {*moves, *asked}:
            super().keyPressEvent(event)
        elif key in asked:
            asked[key].emit(self.current)
        elif 0 <= moves[key] < len(self._cards):
            self._cards[moves[key]].setFocus(Qt.FocusReason.OtherFocusReason)
