"""Rows at the side that are chosen by mouse or keyboard, that take tiles, and under headings if there are any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from desktop.theme import RADIUS, tokens
from desktop.widgets.row_list import Row, RowList
from desktop.widgets.tile_drag import TileDrop

__all__ = ["SideRow", "SideRows"]


@dataclass(frozen=True, slots=True)
class SideRow:
    """One row: its key for the owner, how it looks, and whether tiles may be dropped on it."""

    key: str
    row: Row
    droppable: bool = False


class SideRows(RowList):
    """The rows. Up and Down move, F2 renames, Delete removes, the menu key opens a menu.

    Signals:
        chosen: key of the row that is chosen now.
        headed: key of a heading that was clicked.
        dropped: key of the row that tiles were dropped on.
        menu_wanted: key of a row, and where on the screen.
        rename_wanted: key of the row that is chosen.
        remove_wanted: likewise.
    """

    chosen = Signal(str)
    headed = Signal(str)
    dropped = Signal(str)
    menu_wanted = Signal(str, QPoint)
    rename_wanted = Signal(str)
    remove_wanted = Signal(str)

    def __init__(self, name: str, *, row: int = 28, parent: QWidget | None = None) -> None:
        super().__init__(row=row, parent=parent)
        self._name = name
        self._entries: tuple[SideRow, ...] = ()
        self._drop = TileDrop(self, self._key_to_drop_on, self._light)
        self._chosen = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.clicked.connect(self._click)
        self.setAccessibleName(name)

    @property
    def entries(self) -> tuple[SideRow, ...]:
        """What is shown, first on top."""
        return self._entries

    @property
    def current(self) -> str:
        """Key of the row that is chosen, "" for none."""
        return self._entries[self._chosen].key if 0 <= self._chosen < len(self._entries) else ""

    def show_rows(self, entries: Sequence[SideRow], chosen: str) -> None:
        """Show ``entries``, the one called ``chosen`` as the chosen one ("" for none)."""
        place = next((at for at, one in enumerate(entries) if one.key == chosen and not one.row.heading), -1)
        moved = place != self._chosen
        self._chosen = place
        if tuple(entries) != self._entries:
            bar = self.verticalScrollBar()
            value = bar.value()
            self._entries = tuple(entries)
            self.set_rows([one.row for one in entries], place)
            if not moved:
                bar.setValue(value)
            self.setAccessibleName(f"{self._name}: {self.accessibleName()}")
        elif self._drop.hot is None:
            self.set_hot(place, scroll=moved)

    def sizeHint(self) -> QSize:
        """All rows."""
        return QSize(120, len(self._entries) * self.row_height())

    # -- mouse and keyboard -------------------------------------------------------------------------------------------

    def _click(self, place: int) -> None:
        one = self._entries[place]
        (self.headed if one.row.heading else self.chosen).emit(one.key)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The press has done it."""
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move, or do something with the row that is chosen."""
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            step = 1 if key is Qt.Key.Key_Down else -1
            place = self._chosen + step
            while 0 <= place < len(self._entries) and self._entries[place].row.heading:
                place += step
            if 0 <= place < len(self._entries):
                self.chosen.emit(self._entries[place].key)
        elif key is Qt.Key.Key_F2 and self.current:
            self.rename_wanted.emit(self.current)
        elif key is Qt.Key.Key_Delete and self.current:
            self.remove_wanted.emit(self.current)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """A menu for the row under the pointer, or the one that is chosen."""
        by_mouse = event.reason() is QContextMenuEvent.Reason.Mouse
        place = self.row_at(event.pos()) if by_mouse else self._chosen
        if place >= 0:
            where = event.pos() if by_mouse else QPoint(8, (place + 1) * self.row_height())
            self.menu_wanted.emit(self._entries[place].key, self.viewport().mapToGlobal(where))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keyboard is."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The keyboard is elsewhere."""
        super().focusOutEvent(event)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows, and a ring around the chosen one while the keyboard is here."""
        super().paintEvent(event)
        if self.hasFocus() and self._chosen >= 0:
            painter = QPainter(self.viewport())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(tokens(self.palette()).accent), 2))
            top = self._chosen * self.row_height() - self.verticalScrollBar().value()
            painter.drawRoundedRect(1, top + 2, self.viewport().width() - 2, self.row_height() - 4, RADIUS, RADIUS)

    # -- tiles in the hand --------------------------------------------------------------------------------------------

    def _key_to_drop_on(self, point: QPoint) -> str | None:
        place = self.row_at(point)
        return self._entries[place].key if place >= 0 and self._entries[place].droppable else None

    def _light(self) -> None:
        hot = self._drop.hot
        place = next((at for at, one in enumerate(self._entries) if one.key == hot), -1)
        self.set_hot(place if hot is not None else self._chosen, scroll=False)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Tiles come in; files are for whoever holds this."""
        self._drop.enter(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Light up the row beneath."""
        self._drop.move(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """They are gone."""
        self._drop.leave()

    def dropEvent(self, event: QDropEvent) -> None:
        """Tell where they were dropped."""
        key = self._drop.drop(event)
        if key is not None:
            self.dropped.emit(key)
