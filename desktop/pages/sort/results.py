"""What has been dropped: toolbar, grid or list of failures, inspector. Built when there is something to show."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication, QImage, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from desktop.actions.facts import Facts
from desktop.jobs import Loader
from desktop.pages.sort.failures import FailureList
from desktop.pages.sort.inspector import Inspector
from desktop.pages.sort.sorting import Wish
from desktop.pages.sort.sorting_panel import SortingPanel
from desktop.pages.sort.state import PENDING, UNKNOWN, Filter, Item, SortState
from desktop.pages.sort.toolbar import Toolbar
from desktop.theme import GAP
from desktop.widgets.grid_layout import Section
from desktop.widgets.labels import label
from desktop.widgets.pixels import to_image
from desktop.widgets.tile_grid import TileGrid
from desktop.widgets.tile_painter import Tile

__all__ = ["Results"]

_INSPECTOR = 320
_INSPECTOR_WIDE = 400
_WIDE = 1500


class Results(QWidget):
    """Shows the state's items; ``refresh`` follows the state.

    Signals:
        tile_side_changed: wished side of a tile, pixels; to be kept for the next start.
    """

    tile_side_changed = Signal(int)

    def __init__(self, state: SortState, tile_side: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._inspector = Inspector()
        self._toolbar = Toolbar(state, tile_side)
        self._toolbar.tile_side.connect(self._resize_tiles)
        self._grid = TileGrid(_Tiles(state))
        self._grid.set_tile_side(tile_side)
        self._grid.setAccessibleName("Pictures by category")
        self._grid.menu_wanted.connect(self._show_menu)
        self._grid.activated.connect(lambda _: self._inspector.focus_picture())
        self._grid.current_changed.connect(self._inspect)
        self._grid.selection_changed.connect(lambda _: self._inspect(self._grid.current))
        self._failures = FailureList(state)
        self._failures.current_changed.connect(self._inspect)
        self.panel = SortingPanel()
        self.panel.dismissed.connect(self.hide_panel)
        self._nothing = label("", "secondary")
        self._thumbnails: Loader[QImage] = Loader(self._load_thumbnail, self._grid.set_picture, self)
        self._grid.wanted.connect(self._thumbnails.want)
        self._picture: Loader[tuple[QImage, Facts]] = Loader(self._load_picture, self._show_picture, self)
        self._lay_out()

    def _lay_out(self) -> None:
        self._lists = QStackedWidget()
        for one in (self._grid, self._failures, _centred(self._nothing)):
            self._lists.addWidget(one)
        left = QVBoxLayout()
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(0)
        left.addWidget(self._toolbar)
        framed = QHBoxLayout()
        framed.setContentsMargins(GAP.xl - 2, 0, 0, 0)
        framed.addWidget(self._lists)
        left.addLayout(framed, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(left, 1)
        self._aside = QStackedWidget()
        self._aside.addWidget(self._inspector)
        self._aside.addWidget(self.panel)
        row.addWidget(self._aside)

    def show_panel(self, wish: Wish) -> None:
        """Plan a sorting, in the inspector's place."""
        self._aside.setCurrentWidget(self.panel)
        self.panel.wish(wish)

    def hide_panel(self) -> None:
        """Back to the inspector."""
        self._aside.setCurrentWidget(self._inspector)

    def select(self, numbers: Sequence[int]) -> None:
        """Select pictures, as if they had been clicked."""
        self._grid.select(numbers)

    def forget(self) -> None:
        """Let go of pictures and selection."""
        self._grid.clear()
        self.hide_panel()

    def close_loaders(self) -> None:
        """Stop loading pictures."""
        self._thumbnails.close()
        self._picture.close()

    def refresh(self) -> None:
        """Follow the state."""
        state = self._state
        self._toolbar.refresh()
        failed = state.filter is Filter.FAILED
        if failed:
            self._failures.refresh()
        else:
            self._grid.refresh()
        empty = not (state.failures() if failed else state.groups())
        self._nothing.setText(self._why_empty())
        self._lists.setCurrentIndex(2 if empty else int(failed))
        self._inspect(self._failures.current if failed else self._grid.current)

    def _why_empty(self) -> str:
        state = self._state
        if state.running and not state.items:
            return "Looking for pictures…"
        if state.search:
            return f"No name here contains “{state.search}”."
        words = {
            Filter.ALL: "There is no picture here.",
            Filter.UNSURE: "Every answer is sure enough.",
            Filter.UNKNOWN: "Nothing unknown here.",
            Filter.FAILED: "Every file could be read.",
        }
        return words[state.filter]

    def _resize_tiles(self, side: int) -> None:
        self._grid.set_tile_side(side)
        self.tile_side_changed.emit(side)

    def _inspect(self, number: int) -> None:
        item = self._item(number)
        if item is None:
            self._inspector.show_nothing()
            return
        selected = len(self._grid.selected) if item.failure is None else 1
        if self._inspector.show_item(item, selected, self._state.model_name):
            self._picture.want([number])

    def _show_menu(self, number: int, where: QPoint) -> None:
        item = self._item(number)
        if item is None:
            return
        path, shown = item.source.path, QUrl.fromLocalFile
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Open", lambda: QDesktopServices.openUrl(shown(str(path))))
        menu.addAction("Open its folder", lambda: QDesktopServices.openUrl(shown(str(path.parent))))
        menu.addAction("Copy path", lambda: QGuiApplication.clipboard().setText(item.source.label))
        menu.popup(where)

    def _item(self, number: int) -> Item | None:
        return self._state.items[number] if 0 <= number < len(self._state.items) else None

    def _load_thumbnail(self, number: int) -> QImage | None:
        from desktop.actions.pictures import load_thumbnail  # decoders: only when there is something to decode

        pixels = load_thumbnail(self._state.items[number].source, max(64, self._grid.picture_side))
        return to_image(pixels.width, pixels.height, pixels.data)

    def _load_picture(self, number: int) -> tuple[QImage, Facts]:
        from desktop.actions.pictures import load_picture

        pixels, facts = load_picture(self._state.items[number].source)
        return to_image(pixels.width, pixels.height, pixels.data), facts

    def _show_picture(self, number: int, loaded: tuple[QImage, Facts] | None) -> None:
        item = self._item(number)
        if item is not None:
            image, facts = loaded or (None, None)
            self._inspector.show_picture(item, image, facts, self._state.model_name)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A large window gives the inspector more room."""
        super().resizeEvent(event)
        self._aside.setFixedWidth(_INSPECTOR_WIDE if self.width() >= _WIDE else _INSPECTOR)


class _Tiles:
    """The state, as the grid wants to see it."""

    def __init__(self, state: SortState) -> None:
        self._state = state

    def sections(self) -> list[Section]:
        titles = {UNKNOWN: "Unknown", PENDING: "Still to come" if self._state.running else "Not looked at"}
        return [Section(key, titles.get(key) or key.capitalize(), count) for key, count in self._state.groups()]

    def key(self, section: str, index: int) -> int:
        return self._state.number(section, index)

    def place(self, key: int) -> tuple[str, int] | None:
        return self._state.place(key)

    def tile(self, key: int) -> Tile:
        item = self._state.items[key]
        if item.answer is None:
            return Tile()
        unsure = item.answer.unsure and not item.answer.unknown
        return Tile(item.confidence, "unsure" if unsure else "")


def _centred(widget: QWidget) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.addStretch(1)
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(widget)
    row.addStretch(1)
    column.addLayout(row)
    column.addStretch(2)
    return page
