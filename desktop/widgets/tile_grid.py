"""A grid of picture tiles under section headers that paints only what is on screen.

Its cost does not grow with the number of tiles: 100,000 scroll like 100. What a tile is, the grid does not know; it
asks a :class:`TileSource` for keys and looks, and shows whatever picture it has been given for a key so far.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from desktop.theme import GAP
from desktop.widgets.grid_layout import Cell, GridLayout, Section
from desktop.widgets.tile_painter import FOOTER, MARGIN, Tile, TilePainter

__all__ = ["TileGrid", "TileSource"]

_MOVES = {
    Qt.Key.Key_Left: "left",
    Qt.Key.Key_Right: "right",
    Qt.Key.Key_Up: "up",
    Qt.Key.Key_Down: "down",
    Qt.Key.Key_Home: "home",
    Qt.Key.Key_End: "end",
}


class TileSource(Protocol):
    """What the grid shows."""

    def sections(self) -> Sequence[Section]:
        """Headers and counts, top to bottom; cheap, asked at every refresh."""

    def key(self, section: str, index: int) -> int:
        """The tile at a place; ``section`` is a section's key."""

    def place(self, key: int) -> tuple[str, int] | None:
        """Where a tile is now: section key and index, or None when it isn't shown."""

    def tile(self, key: int) -> Tile:
        """How a tile looks."""


class TileGrid(QAbstractScrollArea):
    """The grid.

    Signals:
        current_changed: key of the tile the keyboard is on, -1 for none.
        selection_changed: how many tiles are selected.
        wanted: keys on screen (and a screen ahead) whose picture is missing, nearest first.
        activated: key of a tile that was double-clicked or entered.
        menu_wanted: key of the current tile, and where on the screen its menu should open.
    """

    current_changed = Signal(int)
    selection_changed = Signal(int)
    wanted = Signal(list)
    activated = Signal(int)
    menu_wanted = Signal(int, QPoint)

    def __init__(self, source: TileSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._wished_side = 112
        self._layout = GridLayout((), width=100, side=100, gap=GAP.s, header=0, footer=FOOTER)
        self._paint = TilePainter(self)
        self.current = -1
        self.selected: set[int] = set()
        self._anchor = -1
        self._asking = QTimer(self, singleShot=True, interval=15)
        self._asking.timeout.connect(self._ask)
        self._catching_up = QTimer(self, singleShot=True, interval=0)
        self._catching_up.timeout.connect(self.viewport().update)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.viewport().setBackgroundRole(QPalette.ColorRole.Window)
        self.verticalScrollBar().valueChanged.connect(lambda _: self._asking.start())

    # -- what is shown ------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Ask the source again. The row at the top of the screen stays there, whatever came in above it."""
        bar = self.verticalScrollBar()
        held = self._held_row() if bar.value() > 0 else None
        self._relayout()
        if held is not None:
            key, row, offset = held
            for position, section in enumerate(self._layout.sections):
                if section.key == key:
                    rows = max(0, self._layout.rows(section) - 1)
                    bar.setValue(self._layout.tops[position] + min(row, rows) * self._layout.row_height + offset)
        self.viewport().update()
        self._asking.start()

    def set_tile_side(self, side: int) -> None:
        """Wish for tiles of ``side`` pixels; rows are filled, so they come out up to a column's share larger."""
        self._wished_side = side
        self._paint.forget_sizes()
        self.refresh()

    @property
    def picture_side(self) -> int:
        """Device pixels a picture needs to be sharp in a tile of the present size."""
        return round(self._layout.side * self.devicePixelRatioF())

    @property
    def picture_bytes(self) -> int:
        """Bytes of the pictures that are kept; bounded, however many are shown."""
        return self._paint.picture_bytes

    def set_picture(self, key: int, picture: QImage | None) -> None:
        """The picture of a tile, at about :attr:`picture_side`; None when there is none to be had."""
        self._paint.give(key, picture)
        place = self._cell_of(key)
        if place is not None:
            self.viewport().update(self._on_screen(place))

    def clear(self) -> None:
        """Forget pictures and selection."""
        self._paint.forget()
        self.select(())
        self.verticalScrollBar().setValue(0)
        self.refresh()

    # -- selection ----------------------------------------------------------------------------------------------------

    def select(self, keys: Sequence[int], current: int | None = None) -> None:
        """Select exactly ``keys``; the last one becomes current unless another is named."""
        self.selected = set(keys)
        self._anchor = self._move_current(current if current is not None else (keys[-1] if keys else -1))
        self.selection_changed.emit(len(self.selected))
        self.viewport().update()

    def select_all(self) -> None:
        """Select every tile that is shown."""
        self.selected = {
            self._source.key(section.key, index) for section in self._layout.sections for index in range(section.count)
        }
        self.selection_changed.emit(len(self.selected))
        self.viewport().update()

    def show_tile(self, key: int) -> None:
        """Scroll just far enough that a tile is whole on screen."""
        cell = self._cell_of(key)
        if cell is None:
            return
        bar = self.verticalScrollBar()
        head = self._layout.header if cell.index < self._layout.columns else 0
        if cell.y - head < bar.value():
            bar.setValue(cell.y - head)
        elif cell.y + cell.height + GAP.s > bar.value() + self.viewport().height():
            bar.setValue(cell.y + cell.height + GAP.s - self.viewport().height())

    def _move_current(self, key: int) -> int:
        if key != self.current:
            self.current = key
            self.current_changed.emit(key)
        return key

    def _extend_to(self, key: int) -> None:
        start, end = self._source.place(self._anchor), self._source.place(key)
        if start is None or end is None:
            self.select((key,))
            return
        order = {section.key: position for position, section in enumerate(self._layout.sections)}
        first, last = sorted(((order[start[0]], start[1]), (order[end[0]], end[1])))
        self.selected = {
            self._source.key(section.key, index)
            for position, section in enumerate(self._layout.sections[first[0] : last[0] + 1], first[0])
            for index in range(section.count)
            if first <= (position, index) <= last
        }
        self._move_current(key)
        self.selection_changed.emit(len(self.selected))
        self.viewport().update()

    # -- places -------------------------------------------------------------------------------------------------------

    def _relayout(self) -> None:
        metrics_header = self.fontMetrics().height() * 2 + GAP.s
        self._layout = GridLayout(
            self._source.sections(),
            width=max(64, self.viewport().width() - GAP.s),
            side=self._wished_side,
            gap=GAP.s,
            header=metrics_header,
            footer=FOOTER,
            margin=MARGIN,
        )
        bar = self.verticalScrollBar()
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(max(24, self._layout.row_height // 3))
        bar.setRange(0, max(0, self._layout.height - self.viewport().height()))

    def _held_row(self) -> tuple[str, int, int] | None:
        if not self._layout.sections:
            return None
        value = self.verticalScrollBar().value()
        position = self._layout.section_at(value)
        row, offset = divmod(value - self._layout.tops[position], self._layout.row_height)
        return self._layout.sections[position].key, row, offset

    def _cell_of(self, key: int) -> Cell | None:
        place = self._source.place(key)
        if place is None:
            return None
        for position, section in enumerate(self._layout.sections):
            if section.key == place[0] and place[1] < section.count:
                return self._layout.cell(position, place[1])
        return None

    def _on_screen(self, cell: Cell) -> QRect:
        return QRect(cell.x, cell.y - self.verticalScrollBar().value(), cell.width, cell.height).adjusted(-4, -4, 4, 4)

    def _key(self, cell: Cell) -> int:
        return self._source.key(self._layout.sections[cell.section].key, cell.index)

    def _ask(self) -> None:
        top = self.verticalScrollBar().value()
        height = self.viewport().height()
        on_screen = [self._key(cell) for cell in self._layout.visible(top, top + height)]
        ahead = [self._key(cell) for cell in self._layout.visible(top + height, top + 2 * height)]
        missing = [key for key in on_screen + ahead if self._paint.wants(key)]
        self.wanted.emit(missing)

    # -- events -------------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fill the new width."""
        super().resizeEvent(event)
        self._paint.forget_sizes()
        self.refresh()

    def changeEvent(self, event: QEvent) -> None:
        """Follow a change of theme or text size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._paint.forget_sizes()
            self.refresh()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select: plain, with Ctrl one more or fewer, with Shift up to here."""
        point = event.position().toPoint()
        cell = self._layout.hit(point.x(), point.y() + self.verticalScrollBar().value())
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        if cell is None:
            self.select(())
            return
        key = self._key(cell)
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self._anchor >= 0:
            self._extend_to(key)
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            rest = self.selected ^ {key}
            self.select(tuple(rest), current=key if key in rest else next(iter(rest), -1))
        else:
            self.select((key,))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The press has done all there is to do."""
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the tile."""
        super().mouseDoubleClickEvent(event)
        if self.current >= 0:
            self.activated.emit(self.current)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """By the mouse at its place, by the menu key on the current tile."""
        where = event.pos()
        if event.reason() is QContextMenuEvent.Reason.Mouse:
            cell = self._layout.hit(where.x(), where.y() + self.verticalScrollBar().value())
            if cell is not None and self._key(cell) not in self.selected:
                self.select((self._key(cell),))
        else:
            cell = self._cell_of(self.current)
            where = self._on_screen(cell).center() if cell is not None else where
        if cell is not None:
            self.menu_wanted.emit(self.current, self.viewport().mapToGlobal(where))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Home, End, Page Up and Page Down move; with Shift they select; Ctrl+A selects all."""
        key = Qt.Key(event.key())
        if key is Qt.Key.Key_A and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.select_all()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current >= 0:
            self.activated.emit(self.current)
        elif key is Qt.Key.Key_Escape and self.selected:
            self.select(())
        elif key in _MOVES:
            self._walk(_MOVES[key], 1, event)
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            rows = max(1, self.viewport().height() // self._layout.row_height - 1)
            self._walk("up" if key is Qt.Key.Key_PageUp else "down", rows, event)
        else:
            super().keyPressEvent(event)

    def _walk(self, move: str, times: int, event: QKeyEvent) -> None:
        cell = self._cell_of(self.current)
        if cell is None:
            filled = [i for i, s in enumerate(self._layout.sections) if s.count]
            if not filled:
                return
            section, index = filled[0], 0
        else:
            section, index = cell.section, cell.index
            for _ in range(times):
                section, index = self._layout.step(section, index, move)
        key = self._source.key(self._layout.sections[section].key, index)
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self._anchor >= 0:
            self._extend_to(key)
        else:
            self.select((key,))
        self.show_tile(key)

    # -- painting -----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Headers and tiles that touch the changed part of the screen."""
        painter = QPainter(self.viewport())
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        offset = self.verticalScrollBar().value()
        top, bottom = event.rect().top() + offset, event.rect().bottom() + 1 + offset
        painter.translate(0, -offset)
        self._paint.begin()
        for position in range(self._layout.section_at(top), len(self._layout.sections)):
            if self._layout.tops[position] >= bottom:
                break
            self._paint.header(painter, self._layout, position)
        for cell in self._layout.visible(top, bottom):
            key = self._key(cell)
            self._paint.tile(
                painter, cell, key, self._source.tile(key), selected=key in self.selected, current=key == self.current
            )
        if self._paint.behind:
            self._catching_up.start()
