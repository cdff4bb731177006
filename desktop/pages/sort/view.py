"""The Sort page: shows its state, and turns drops, clicks and keys into calls of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from desktop.actions.facts import Facts
from desktop.jobs import Context, Job, Jobs, Loader
from desktop.notices import Notices
from desktop.pages.sort.failures import FailureList
from desktop.pages.sort.inspector import Inspector
from desktop.pages.sort.state import PENDING, UNKNOWN, Batch, Filter, Item, SortState
from desktop.pages.sort.toolbar import Toolbar
from desktop.theme import GAP
from desktop.widgets.drop_area import DropArea
from desktop.widgets.drop_overlay import DropOverlay
from desktop.widgets.grid_layout import Section
from desktop.widgets.labels import button, label
from desktop.widgets.page import Page
from desktop.widgets.pixels import to_image
from desktop.widgets.tile_grid import TileGrid
from desktop.widgets.tile_painter import Tile

__all__ = ["SortPage"]

_TAKE_MS = 40  # what has come in since the last time is shown together
_INSPECTOR = 320
_INSPECTOR_WIDE = 400
_WIDE_WINDOW = 1500


class SortPage(Page):
    """The page.

    Signals:
        opened: the name of what was dropped, "" when cleared.
        told: what came of a job, for the job bar.
        tile_side_changed: to be kept for the next start.
    """

    opened = Signal(str)
    told = Signal(str)
    tile_side_changed = Signal(int)

    def __init__(
        self,
        state: SortState,
        jobs: Jobs,
        notices: Notices,
        *,
        sample: Path,
        tile_side: int,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Sort", parent)
        self.state, self._jobs, self._notices, self._sample = state, jobs, notices, sample
        self._job: Job | None = None
        self._waiting: list[list[Path]] = []
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty())
        self._stack.addWidget(self._results(tile_side))
        self.body.addWidget(self._stack)
        self._clear = button("Clear", on_click=self._forget, tip="Empty this page; no file is touched")
        self._add = button("Add…")
        self._add.setMenu(self._browse_menu())
        self._export = button("Export…", "primary", on_click=self._choose_export, tip="Save the answers (Ctrl+E)")
        self._export.setShortcut("Ctrl+E")
        for one in (self._clear, self._add, self._export):
            self.add_action(one)
        self._thumbnails: Loader[QImage] = Loader(self._load_thumbnail, self._grid.set_picture, self)
        self._picture: Loader[tuple[QImage, Facts]] = Loader(self._load_picture, self._show_picture, self)
        self._overlay = DropOverlay("Drop to add", self)
        self._inbox: list[Batch] = []
        self._taking = QTimer(self, singleShot=True, interval=_TAKE_MS)
        self._taking.timeout.connect(self._take)
        # At once, so that what is on screen never lags behind the state it is painted from.
        state.changed.subscribe(lambda _: self._refresh())
        self._refresh()

    # -- building -----------------------------------------------------------------------------------------------------

    def _empty(self) -> QWidget:
        browse = button("Browse…", "primary")
        browse.setMenu(self._browse_menu())
        self._sample_button = button("Try the sample", on_click=lambda: self.drop([self._sample]))
        self._drop_area = DropArea(
            "images",
            "Drop textures, parts or a folder here",
            "Nothing is moved or sent anywhere. Answers appear as they are found.",
            [browse, self._sample_button],
        )
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(GAP.xl, GAP.xs, GAP.xl, GAP.xl)
        column.addWidget(self._drop_area)
        return page

    def _results(self, tile_side: int) -> QWidget:
        self._inspector = Inspector()
        self._toolbar = Toolbar(self.state, tile_side)
        self._toolbar.tile_side.connect(self._resize_tiles)
        self._grid = TileGrid(_Tiles(self.state))
        self._grid.set_tile_side(tile_side)
        self._grid.setAccessibleName("Pictures by category")
        self._grid.wanted.connect(self._want_thumbnails)
        self._grid.current_changed.connect(self._inspect)
        self._grid.activated.connect(lambda _: self._inspector.focus_picture())
        self._grid.selection_changed.connect(lambda _: self._inspect(self._grid.current))
        self._failures = FailureList(self.state)
        self._failures.current_changed.connect(self._inspect)
        self._nothing = label("", "secondary")
        self._lists = QStackedWidget()
        for one in (self._grid, self._failures, self._centred(self._nothing)):
            self._lists.addWidget(one)
        left = QVBoxLayout()
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(0)
        left.addWidget(self._toolbar)
        framed = QHBoxLayout()
        framed.setContentsMargins(GAP.xl - 2, 0, 0, 0)
        framed.addWidget(self._lists)
        left.addLayout(framed, 1)
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(left, 1)
        row.addWidget(self._inspector)
        return page

    def _centred(self, widget: QWidget) -> QWidget:
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

    def _browse_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.addAction("Folder…", self._browse_folder)
        menu.addAction("Files or zip…", self._browse_files)
        return menu

    # -- what a person does -------------------------------------------------------------------------------------------

    def drop(self, paths: Sequence[Path]) -> None:
        """Look at ``paths`` now, or after what is being looked at already."""
        if not paths:
            return
        if self._job is not None:
            self._waiting.append(list(paths))
            return
        self.state.begin(paths)
        self.opened.emit(_title(self.state.roots))
        self._job = self._jobs.start(
            "Looking at pictures",
            lambda context: self._classify(context, list(paths)),
            on_item=self._receive,
            on_error=self._notices.error,
            on_end=self._ended,
        )

    def select(self, numbers: Sequence[int]) -> None:
        """Select pictures, as if they had been clicked."""
        self._grid.select(numbers)

    def set_hot(self, hot: bool) -> None:
        """Whether something that may be dropped hovers over the window."""
        self._drop_area.set_hot(hot)
        if hot and self._stack.currentIndex() == 1:
            self._overlay.cover()
        else:
            self._overlay.hide()

    def close_page(self) -> None:
        """Stop the loaders; the jobs are stopped by whoever made them."""
        self._thumbnails.close()
        self._picture.close()

    def _browse_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "Choose a folder with pictures")
        self.drop([Path(folder)] if folder else [])

    def _browse_files(self) -> None:
        files, _ = QFileDialog.getOpenFileNames(self, "Choose pictures or a zip")
        self.drop([Path(file) for file in files])

    def _choose_export(self) -> None:
        suggested = f"{_title(self.state.roots) or 'answers'}.csv"
        name, kind = QFileDialog.getSaveFileName(self, "Save the answers", suggested, "CSV (*.csv);;JSON (*.json)")
        if not name:
            return
        path = Path(name)
        if path.suffix.lower() not in (".csv", ".json"):
            path = path.with_name(path.name + (".json" if "JSON" in kind else ".csv"))
        self.export(path)

    def export(self, path: Path) -> None:
        """Save every answer and failure to ``path``, as its ending says."""
        self._jobs.start(
            "Saving",
            lambda _: self.state.export(path),
            on_done=lambda count: self.told.emit(f"Saved {count:,} answers to {path.name}."),
            on_error=self._notices.error,
        )

    def _forget(self) -> None:
        self._waiting.clear()
        self._inbox.clear()
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self.state.clear()
        self._grid.clear()
        self.opened.emit("")

    def _resize_tiles(self, side: int) -> None:
        self._grid.set_tile_side(side)
        self.tile_side_changed.emit(side)

    # -- the background -----------------------------------------------------------------------------------------------

    def _classify(self, context: Context[Batch], paths: list[Path]) -> None:
        self.state.classify(paths, cancel=context.cancel, emit=context.emit, on_progress=context.progress)

    def _receive(self, batch: Batch) -> None:
        self._inbox.append(batch)
        if not self._taking.isActive():
            self._taking.start()

    def _take(self) -> None:
        batches, self._inbox = self._inbox, []
        self.state.take(batches)

    def _ended(self, job: Job) -> None:
        if job is not self._job:
            return
        self._job = None
        self._take()
        self.state.end()
        if self._waiting:
            self.drop(self._waiting.pop(0))

    def _want_thumbnails(self, numbers: list[int]) -> None:
        self._thumbnails.want(numbers)

    def _load_thumbnail(self, number: int) -> QImage | None:
        from desktop.actions.pictures import load_thumbnail  # decoders: not before the first paint

        pixels = load_thumbnail(self.state.items[number].source, max(64, self._grid.picture_side))
        return to_image(pixels.width, pixels.height, pixels.data)

    def _load_picture(self, number: int) -> tuple[QImage, Facts]:
        from desktop.actions.pictures import load_picture

        pixels, facts = load_picture(self.state.items[number].source)
        return to_image(pixels.width, pixels.height, pixels.data), facts

    def _show_picture(self, number: int, loaded: tuple[QImage, Facts] | None) -> None:
        item = self._item(number)
        if item is not None:
            image, facts = loaded or (None, None)
            self._inspector.show_picture(item, image, facts, self.state.model_name)

    # -- showing ------------------------------------------------------------------------------------------------------

    def _refresh(self) -> None:
        state = self.state
        opened = bool(state.items or state.running)
        self._stack.setCurrentIndex(1 if opened else 0)
        for one in (self._clear, self._add, self._export):
            one.setVisible(opened)
        self._export.setEnabled(state.counts[Filter.ALL] > 0)
        self._toolbar.refresh()
        if not opened:
            self.set_subtitle("")
            return
        count = len(state.items)
        self.set_subtitle(f"{_title(state.roots)}  /  {count:,} {'file' if count == 1 else 'files'}")
        if state.filter is Filter.FAILED:
            self._failures.refresh()
        else:
            self._grid.refresh()
        empty = not (state.failures() if state.filter is Filter.FAILED else state.groups())
        self._nothing.setText(self._why_empty())
        self._lists.setCurrentIndex(2 if empty else int(state.filter is Filter.FAILED))
        current = self._item(self._grid.current)
        if current is not None and state.filter is not Filter.FAILED:
            self._inspector.show_item(current, len(self._grid.selected), state.model_name)

    def _why_empty(self) -> str:
        state = self.state
        if state.running and not state.items:
            return "Looking for pictures…"
        if state.search:
            return f"No name here contains “{state.search}”."
        words = {Filter.UNSURE: "Every answer is sure enough.", Filter.UNKNOWN: "Nothing unknown here."}
        if state.filter is Filter.FAILED:
            return "Every file could be read."
        return words.get(state.filter, "There is no picture here.")

    def _inspect(self, number: int) -> None:
        item = self._item(number)
        if item is None:
            self._inspector.show_nothing()
            return
        self._inspector.show_item(item, len(self._grid.selected), self.state.model_name)
        self._picture.want([number])

    def _item(self, number: int) -> Item | None:
        return self.state.items[number] if 0 <= number < len(self.state.items) else None

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A large window gives the inspector more room."""
        super().resizeEvent(event)
        self._inspector.setFixedWidth(_INSPECTOR_WIDE if self.width() >= _WIDE_WINDOW else _INSPECTOR)


class _Tiles:
    """The state, as the grid wants to see it."""

    def __init__(self, state: SortState) -> None:
        self.state = state

    def sections(self) -> list[Section]:
        titles = {UNKNOWN: "Unknown", PENDING: "Still to come" if self.state.running else "Not looked at"}
        return [Section(key, titles.get(key) or key.capitalize(), count) for key, count in self.state.groups()]

    def key(self, section: str, index: int) -> int:
        return self.state.number(section, index)

    def place(self, key: int) -> tuple[str, int] | None:
        return self.state.place(key)

    def tile(self, key: int) -> Tile:
        item = self.state.items[key]
        if item.answer is None:
            return Tile()
        unsure = item.answer.unsure and not item.answer.unknown
        return Tile(item.confidence, "unsure" if unsure else "")


def _title(roots: Sequence[Path]) -> str:
    if not roots:
        return ""
    first = roots[0].name or str(roots[0])
    return first if len(roots) == 1 else f"{first} and {len(roots) - 1} more"
