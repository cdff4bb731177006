"""The hands on a view of tiles: mouse, keyboard, and tiles carried from one section to another."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDrag,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
)
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from desktop.widgets.tile_drag import PILE, THUMBNAIL, TileDrop, make_drag, run_drag
from desktop.widgets.tile_source import TileSource
from desktop.widgets.tile_view import TileView

__all__ = ["TileGrid", "TileSource"]

_MOVES = {
    Qt.Key.Key_Left: "left",
    Qt.Key.Key_Right: "right",
    Qt.Key.Key_Up: "up",
    Qt.Key.Key_Down: "down",
    Qt.Key.Key_Home: "home",
    Qt.Key.Key_End: "end",
}


class TileGrid(TileView):
    """The grid.

    Args:
        source: what it shows.
        run: carries a drag until it is dropped or given up.

    Attributes:
        key_filter: is offered each key the grid has no use for; says whether it had one.

    Signals:
        activated: key of a tile that was double-clicked, or current when Space was pressed.
        accepted: Enter was pressed, with a current tile.
        menu_wanted: key of the current tile, and where on the screen its menu should open.
        drag_started: the selected tiles have been taken into the hand.
        drag_ended: they have been dropped somewhere, or given up.
        dropped_on: key of the section the selected tiles were dropped on; not the one all of them are in.
    """

    activated = Signal(int)
    accepted = Signal()
    menu_wanted = Signal(int, QPoint)
    drag_started = Signal()
    drag_ended = Signal()
    dropped_on = Signal(str)

    def __init__(
        self, source: TileSource, parent: QWidget | None = None, *, run: Callable[[QDrag], object] = run_drag
    ) -> None:
        super().__init__(source, parent)
        self._run = run
        self._drop = TileDrop(self, self._section_to_drop_on, self._light)
        self._pressed: tuple[QPoint, int] | None = None  # where a tile was pressed that may become a drag, and which
        self._alone = False  # whether that tile is to be selected alone if it becomes none
        self.key_filter: Callable[[QKeyEvent], bool] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.verticalScrollBar().valueChanged.connect(lambda _: self._hover(-1))

    # -- mouse --------------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select: plain, with Ctrl one more or fewer, with Shift up to here, with both up to here beside the others; on
        a header the whole section.
        """
        point = event.position().toPoint()
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        self._alone = False
        cell, header = self._cell_at(point), self._header_at(point)
        more = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if cell is None:
            if header >= 0:
                self._chosen.select_section(header, more=more)
            else:
                self.select(())
            return
        key = self._key(cell)
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self._chosen.can_extend:
            self._chosen.extend_to(key, more=more)
        elif more:
            self._chosen.toggle(key)
        elif key not in self.selected:
            self.select((key,))
        else:
            self._alone = True  # at the release: all that are selected may be about to be dragged
        if key in self.selected:
            self._pressed = point, key

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Take the selected tiles into the hand; without a button, light up the header under the pointer."""
        point = event.position().toPoint()
        if not event.buttons() & Qt.MouseButton.LeftButton:
            self._hover(self._header_at(point))
        elif self._pressed is not None:
            where, key = self._pressed
            if (point - where).manhattanLength() >= QApplication.startDragDistance():
                self._pressed = None
                self._carry(key)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A press on one of several selected tiles that became no drag selects that one."""
        if event.button() is Qt.MouseButton.LeftButton:
            if self._pressed is not None and self._alone:
                self.select((self._pressed[1],))
            self._pressed = None
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the tile."""
        cell = self._cell_at(event.position().toPoint())
        if cell is not None:
            self.activated.emit(self._key(cell))
        else:
            self.mousePressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """Say what a click on a header does, and forget the header when the pointer leaves."""
        if event.type() is QEvent.Type.Leave:
            self._hover(-1)
        elif isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            header = self._header_at(event.pos())
            if header >= 0:
                QToolTip.showText(event.globalPos(), f"Select all {self._layout.sections[header].count:,}", self)
            return True
        return super().viewportEvent(event)

    def _hover(self, header: int) -> None:
        key = self._layout.sections[header].key if header >= 0 else None
        if key != self._hovered:
            self._hovered = key
            self.viewport().setCursor(Qt.CursorShape.ArrowCursor if key is None else Qt.CursorShape.PointingHandCursor)
            self.viewport().update()

    # -- tiles in the hand --------------------------------------------------------------------------------------------

    def _carry(self, first: int) -> None:
        keys = [first, *sorted(self.selected - {first})]
        drag = make_drag(self, keys, [self._paint.thumbnail(key, THUMBNAIL) for key in keys[:PILE]])
        self.drag_started.emit()
        self._run(drag)
        self._drop.leave()
        self.drag_ended.emit()

    def _section_to_drop_on(self, point: QPoint) -> str | None:
        """Key of the section at a point of the viewport, where dropping the selected tiles would change something."""
        y = point.y() + self.verticalScrollBar().value()
        if not 0 <= y < self._layout.height:
            return None
        section = self._layout.sections[self._layout.section_at(y)]
        own = self._chosen.sections_of(self.selected) == {section.key}
        return section.key if section.droppable and not own else None

    def _light(self) -> None:
        self._target = self._drop.hot
        self.viewport().update()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Tiles come in."""
        self._drop.enter(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Light up the section beneath."""
        self._drop.move(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """They are gone."""
        self._drop.leave()

    def dropEvent(self, event: QDropEvent) -> None:
        """Tell where they were dropped."""
        key = self._drop.drop(event)
        if key is not None:
            self.dropped_on.emit(key)

    # -- menu and keyboard --------------------------------------------------------------------------------------------

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """By the mouse at its place, by the menu key on the current tile."""
        where = event.pos()
        if event.reason() is QContextMenuEvent.Reason.Mouse:
            cell = self._cell_at(where)
            if cell is not None and self._key(cell) not in self.selected:
                self.select((self._key(cell),))
        else:
            cell = self._cell_of(self.current)
            where = self._on_screen(cell).center() if cell is not None else where
        if cell is not None:
            self.menu_wanted.emit(self.current, self.viewport().mapToGlobal(where))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Home, End, Page Up and Page Down move; with Shift they select; Ctrl+A selects all, Ctrl+G the section
        of the current tile; Space opens it, Enter accepts, Esc selects nothing. Others go to :attr:`key_filter`.
        """
        key, control = Qt.Key(event.key()), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        place = self._chosen.place(self.current)
        if key is Qt.Key.Key_A and control:
            self.select_all()
        elif key is Qt.Key.Key_G and control and place is not None:
            self._chosen.select_section(place[0])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and place is not None:
            self.accepted.emit()
        elif key is Qt.Key.Key_Space and place is not None:
            self.activated.emit(self.current)
        elif key is Qt.Key.Key_Escape and self.selected:
            self.select(())
        elif key in _MOVES:
            self._walk(_MOVES[key], 1, event)
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            rows = max(1, self.viewport().height() // self._layout.row_height - 1)
            self._walk("up" if key is Qt.Key.Key_PageUp else "down", rows, event)
        elif self.key_filter is None or not self.key_filter(event):
            super().keyPressEvent(event)

    def _walk(self, move: str, times: int, event: QKeyEvent) -> None:
        place = self._chosen.place(self.current)
        if place is None:  # begin with what came into the place of the tile that has gone, else with what is on screen
            top = self.verticalScrollBar().value()
            first = next(self._layout.visible(top, top + self.viewport().height()), None)
            place = self._chosen.where() or ((first.section, first.index) if first is not None else None)
            times = times if move in ("home", "end") else 0
        if place is None:
            return
        section, index = place
        for _ in range(times):
            section, index = self._layout.step(section, index, move)
        key = self._source.key(self._layout.sections[section].key, index)
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self._chosen.can_extend:
            self._chosen.extend_to(key)
        else:
            self.select((key,))
        self.show_tile(key)
