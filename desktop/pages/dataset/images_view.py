"""The pictures of a dataset: toolbar, grid, inspector; keys and clicks become changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QPoint, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication, QImage, QKeyEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from desktop.jobs import Loader
from desktop.pages.dataset import answering
from desktop.pages.dataset.acting import Acting
from desktop.pages.dataset.details import Details, read_details
from desktop.pages.dataset.inspector import Inspector
from desktop.pages.dataset.state import DatasetState
from desktop.pages.dataset.tiles import Tiles
from desktop.pages.dataset.toolbar import Toolbar
from desktop.pages.dataset.wanted import Wanted
from desktop.theme import GAP
from desktop.widgets.labels import label
from desktop.widgets.pixels import to_image
from desktop.widgets.tile_grid import TileGrid

__all__ = ["ImagesView"]

_ASKING_MS = 10


class ImagesView(QWidget):
    """The tab.

    Args:
        inspector: beside it, for whoever lays it out.

    Signals:
        wanted: the person asks for other pictures.
        tile_side_changed: wished side of a tile, pixels.
    """

    wanted = Signal(object)
    tile_side_changed = Signal(int)

    def __init__(
        self, state: DatasetState, inspector: Inspector, tile_side: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._state, self._inspector = state, inspector
        self._acting: Acting | None = None
        self._seen: tuple[int | None, Wanted] | None = None
        self._generation = -1
        self._pages_missing: set[int] = set()
        self._tiles = Tiles(state, self._miss)
        self.toolbar = Toolbar(state, tile_side)
        self.toolbar.wanted.connect(self.wanted)
        self.toolbar.tile_side.connect(self._resize_tiles)
        self.grid = TileGrid(self._tiles)
        self.grid.set_tile_side(tile_side)
        self.grid.setAccessibleName("Pictures of the dataset")
        self.grid.key_filter = self._key
        self.grid.current_changed.connect(self._inspect)
        self.grid.selection_changed.connect(lambda _: self._inspect(self.grid.current))
        self.grid.activated.connect(lambda _: inspector.focus_picture())
        self.grid.menu_wanted.connect(self._menu)
        self._asking = QTimer(self, singleShot=True, interval=_ASKING_MS)
        self._asking.timeout.connect(self._ask)
        self._thumbnails: Loader[QImage] = Loader(self._load_thumbnail, self.grid.set_picture, self)
        self._details: Loader[Details] = Loader(lambda number: read_details(state, number), self._show_details, self)
        self._items: Loader[object] = Loader(self._load_items, self._show_items, self)
        self.grid.wanted.connect(self._thumbnails.want)
        editor = inspector.editor
        editor.named.connect(self.name)
        editor.graded.connect(self._grade)
        editor.cleared.connect(self.clear)
        editor.left.connect(self.grid.setFocus)
        inspector.trash_wanted.connect(self.trash)
        inspector.restore_wanted.connect(self.restore)
        self._lay_out()

    def _lay_out(self) -> None:
        self._nothing = label("", "secondary", wrap=True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.grid)
        self._stack.addWidget(self._nothing)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.toolbar)
        framed = QHBoxLayout()
        framed.setContentsMargins(GAP.s, 0, 0, 0)
        framed.addWidget(self._stack)
        column.addLayout(framed, 1)

    def set_acting(self, acting: Acting) -> None:
        """What does things."""
        self._acting = acting

    # -- showing ------------------------------------------------------------------------------------------------------

    def on_screen(self) -> list[int]:
        """The items on screen, and the current one."""
        return [*self.grid.keys_on_screen(), *([self.grid.current] if self.grid.current >= 0 else [])]

    def refresh(self) -> None:
        """Follow the state."""
        state, shown = self._state, self._state.shown
        self.toolbar.refresh()
        self.grid.set_lines(len(self._tiles.heads()))
        seen = (shown.dataset.id, shown.wanted) if shown is not None else None
        if seen is None or self._seen is None or seen[0] != self._seen[0]:
            self.grid.clear()
        else:
            self.grid.refresh()
            if seen != self._seen:
                self.grid.verticalScrollBar().setValue(0)
            kept = [number for number in self.grid.selected if state.place(number) is not None]
            if len(kept) < len(self.grid.selected):
                self.grid.select(kept, current=self.grid.current if self.grid.current in kept else None)
        self._seen = seen
        empty = shown is None or not len(shown.ids)
        self._nothing.setText(self._why_empty())
        self._stack.setCurrentIndex(1 if empty else 0)
        if self._generation != state.cache.generation:
            self._generation = state.cache.generation
            self._inspect(self.grid.current)
        elif self.grid.current >= 0:
            self._inspector.show_item(self.grid.current, len(self.grid.selected))

    def _why_empty(self) -> str:
        shown = self._state.shown
        if shown is None:
            return ""
        wanted = shown.wanted
        if wanted.trashed:
            return "Nothing is in the trash."
        if wanted.text:
            return f"No path here contains “{wanted.text}”."
        if wanted.unlabelled:
            return "Everything here has a label."
        if wanted.narrow:
            return "There is no such picture."
        return "There is no picture here yet. Drop pictures, a folder or a zip to add them."

    def _inspect(self, number: int) -> None:
        if number < 0 or self._state.place(number) is None:
            self._inspector.show_nothing()
            return
        self._inspector.show_item(number, len(self.grid.selected))
        self._details.want([number])

    def _show_details(self, number: int, details: Details | None) -> None:
        if details is not None:
            self._state.cache.add([details.item], self._state.cache.generation)
        self._inspector.show_details(number, details, len(self.grid.selected))

    def _resize_tiles(self, side: int) -> None:
        self.grid.set_tile_side(side)
        self.tile_side_changed.emit(side)

    # -- loading ------------------------------------------------------------------------------------------------------

    def _miss(self, page: int) -> None:
        self._pages_missing.add(page)
        self._asking.start()

    def _ask(self) -> None:
        pages, self._pages_missing = sorted(self._pages_missing), set()
        self._items.want(pages)

    def _load_items(self, page: int) -> object:
        found = self._state.load_page(page)
        if found is not None:
            self._state.cache.add(*found)
        return None

    def _show_items(self, _page: int, _nothing: object) -> None:
        self.grid.viewport().update()

    def _load_thumbnail(self, number: int) -> QImage | None:
        from desktop.actions.pictures import load_thumbnail

        item = self._state.load_item(number)
        if item is None:
            return None
        pixels = load_thumbnail(item.place.source, max(64, self.grid.picture_side))
        return to_image(pixels.width, pixels.height, pixels.data)

    def close_loaders(self) -> None:
        """Stop loading."""
        for loader in (self._thumbnails, self._details, self._items):
            loader.close()

    # -- what a person does -------------------------------------------------------------------------------------------

    @property
    def chosen(self) -> list[int]:
        """The items that an answer is for."""
        return sorted(self.grid.selected or {self.grid.current} - {-1})

    def name(self, category: str, head: str | None = None) -> None:
        """Say what the selected pictures are."""
        asked = head or self._state.head
        self._change(lambda chosen: lambda store, one: answering.name(store, one, asked, chosen, category))

    def _grade(self, value: float) -> None:
        asked = self._state.head
        self._change(lambda chosen: lambda store, one: answering.grade(store, one, asked, chosen, value))

    def clear(self, head: str | None = None) -> None:
        """Take the labels of the selected pictures away."""
        asked = head or self._state.head
        self._change(lambda chosen: lambda store, one: answering.clear(store, one, asked, chosen), stay=True)

    def trash(self) -> None:
        """Put the selected pictures into the trash."""
        if not self._state.wanted.trashed:
            self._change(lambda chosen: lambda store, one: store.trash_items(one, chosen))

    def restore(self) -> None:
        """Bring the selected pictures back from the trash."""
        self._change(lambda chosen: lambda store, one: store.restore_items(one, chosen))

    def dropped_on(self, head: str, category: str | None) -> None:
        """Tiles were dropped on a category, None for "unlabelled"."""
        if category is None:
            self.clear(head)
        else:
            self.name(category, head)

    def _change(self, make: Callable[[list[int]], Callable[..., int | None]], *, stay: bool = False) -> None:
        """Change what is selected, and go on to what follows it."""
        chosen = self.chosen
        if not chosen or self._acting is None:
            return
        single = len(chosen) == 1 and self._state.facts is not None and self._state.facts.head.kind == "tags"
        after = -1 if stay or single else self.grid.next_after(set(chosen))
        self._acting.change(make(chosen))
        if after >= 0:
            self.grid.select((after,))
            self.grid.show_tile(after)
        self.grid.setFocus()

    def select(self, numbers: Sequence[int]) -> None:
        """Select pictures, as if they had been clicked, and bring the last on screen."""
        self.grid.select(numbers)
        if numbers:
            self.grid.show_tile(numbers[-1])

    def _key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Delete:
            self.trash()
            return True
        if event.key() == Qt.Key.Key_Escape and self._state.wanted.narrow:
            self.wanted.emit(Wanted(order=self._state.wanted.order))
            return True
        if self.grid.current < 0 or self._state.wanted.trashed:
            return False
        return self._inspector.editor.handle_key(event)

    def _menu(self, number: int, where: QPoint) -> None:
        item = self._state.cache.get(number)
        if item is None:
            return
        source = item.place.source
        path, shown = source.path, QUrl.fromLocalFile
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        if self._state.wanted.trashed:
            menu.addAction("Restore from the trash", self.restore)
        else:
            splits = menu.addMenu("Put into a split")
            for split, words in (("train", "Train"), ("val", "Validation"), ("test", "Test"), ("", "None")):
                splits.addAction(words, partial(self._put, split))
            menu.addAction("Take the label away", self.clear)
            menu.addAction("To the trash", self.trash)
        menu.addSeparator()
        menu.addAction("Open", lambda: QDesktopServices.openUrl(shown(str(path))))
        menu.addAction("Open its folder", lambda: QDesktopServices.openUrl(shown(str(path.parent))))
        menu.addAction("Copy path", lambda: QGuiApplication.clipboard().setText(source.label))
        menu.popup(where)

    def _put(self, split: str) -> None:
        self._change(lambda chosen: lambda store, one: store.set_splits(one, dict.fromkeys(chosen, split)), stay=True)
