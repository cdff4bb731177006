"""Picture tiles under section headers, of which only those on screen are painted; the hands are in ``tile_grid``.

Its cost does not grow with the number of tiles: 100,000 scroll like 100. What a tile is, the view does not know; it
asks a :class:`TileSource` for keys and looks, and shows whatever picture it has been given for a key so far.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from desktop.theme import GAP
from desktop.widgets.grid_layout import Cell, GridLayout
from desktop.widgets.tile_look import footer_height
from desktop.widgets.tile_painter import MARGIN, TilePainter
from desktop.widgets.tile_selection import TileSelection
from desktop.widgets.tile_source import TileSource

__all__ = ["TileView"]


class TileView(QAbstractScrollArea):
    """What is shown and what of it is selected.

    Signals:
        current_changed: key of the tile the keyboard is on, -1 for none.
        selection_changed: how many tiles are selected.
        wanted: keys on screen (and a screen ahead) whose picture is missing, nearest first.
    """

    current_changed = Signal(int)
    selection_changed = Signal(int)
    wanted = Signal(list)

    def __init__(self, source: TileSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._wished_side = 112
        self._lines = 0
        self._layout = GridLayout((), width=100, side=100, gap=GAP.s, header=0, footer=0)
        self._paint = TilePainter(self)
        self._chosen = TileSelection(source, self)
        self._chosen.current_changed.connect(self.current_changed)
        self._chosen.changed.connect(self._selection_changed)
        self._hovered: str | None = None  # key of the section whose header the pointer is on
        self._target: str | None = None  # key of the section that what is carried would be dropped on
        self._asking = QTimer(self, singleShot=True, interval=15)
        self._asking.timeout.connect(self._ask)
        self._catching_up = QTimer(self, singleShot=True, interval=0)
        self._catching_up.timeout.connect(self.viewport().update)
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

    def set_lines(self, count: int) -> None:
        """Make room for ``count`` lines under each picture, 0 for a bar only."""
        if count != self._lines:
            self._lines = count
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

    def renew(self, keys: Iterable[int]) -> None:
        """Load the pictures of tiles anew: they show something else now."""
        for key in keys:
            self._paint.drop(key)
        self.viewport().update()
        self._asking.start()

    def clear(self) -> None:
        """Forget pictures and selection."""
        self._paint.forget()
        self.select(())
        self.verticalScrollBar().setValue(0)
        self.refresh()

    # -- selection ----------------------------------------------------------------------------------------------------

    @property
    def current(self) -> int:
        """Key of the tile the keyboard is on, -1 for none."""
        return self._chosen.current

    @property
    def selected(self) -> set[int]:
        """Keys of the selected tiles; not to be changed."""
        return self._chosen.selected

    def select(self, keys: Sequence[int], current: int | None = None) -> None:
        """Select exactly ``keys``; the last one becomes current unless another is named."""
        self._chosen.select(keys, current)

    def select_all(self) -> None:
        """Select every tile that is shown."""
        self._chosen.select_all()

    def next_after(self, keys: set[int]) -> int:
        """The tile after the last of ``keys``, in the order shown, that isn't one of them; else the one before; -1
        where there is none. To be asked before ``keys`` move elsewhere.
        """
        return self._chosen.next_after(keys)

    def _selection_changed(self, count: int) -> None:
        self.selection_changed.emit(count)
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

    # -- places -------------------------------------------------------------------------------------------------------

    def _relayout(self) -> None:
        metrics_header = self.fontMetrics().height() * 2 + GAP.s
        self._layout = GridLayout(
            self._source.sections(),
            width=max(64, self.viewport().width() - GAP.s),
            side=self._wished_side,
            gap=GAP.s,
            header=metrics_header,
            footer=footer_height(self.font(), self._lines),
            margin=MARGIN,
        )
        self._chosen.set_sections(self._layout.sections)
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
        place = self._chosen.place(key)
        return self._layout.cell(*place) if place is not None else None

    def _cell_at(self, point: QPoint) -> Cell | None:
        return self._layout.hit(point.x(), point.y() + self.verticalScrollBar().value())

    def _header_at(self, point: QPoint) -> int:
        """Position of the section whose title is at a point of the viewport, -1 for none."""
        if not self._layout.sections or not self.viewport().rect().contains(point):
            return -1
        y = point.y() + self.verticalScrollBar().value()
        position = self._layout.section_at(y)
        return position if self._paint.header_box(self._layout, position).contains(point.x(), y) else -1

    def _on_screen(self, cell: Cell) -> QRect:
        return QRect(cell.x, cell.y - self.verticalScrollBar().value(), cell.width, cell.height).adjusted(-4, -4, 4, 4)

    def _key(self, cell: Cell) -> int:
        return self._source.key(self._layout.sections[cell.section].key, cell.index)

    def keys_on_screen(self) -> list[int]:
        """The tiles of which anything is on screen, top to bottom."""
        top = self.verticalScrollBar().value()
        return [self._key(cell) for cell in self._layout.visible(top, top + self.viewport().height())]

    def _ask(self) -> None:
        top = self.verticalScrollBar().value()
        height = self.viewport().height()
        on_screen = self.keys_on_screen()
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
            if self._layout.sections[position].key == self._target:
                self._paint.target(painter, self._layout, position, self._layout.width)
            self._paint.header(
                painter, self._layout, position, hovered=self._layout.sections[position].key == self._hovered
            )
        for cell in self._layout.visible(top, bottom):
            key = self._key(cell)
            self._paint.tile(
                painter, cell, key, self._source.tile(key), selected=key in self.selected, current=key == self.current
            )
        if self._paint.behind:
            self._catching_up.start()
