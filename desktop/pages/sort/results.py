"""What has been dropped: toolbar, grid or list of failures, inspector. Built when there is something to show."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication, QImage, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from desktop.actions.facts import Facts
from desktop.jobs import Loader
from desktop.pages.sort.failures import FailureList
from desktop.pages.sort.inspector import Inspector
from desktop.pages.sort.items import PENDING, UNKNOWN, Filter, Item
from desktop.pages.sort.nearest import nearest
from desktop.pages.sort.second_opinion import SecondOpinion
from desktop.pages.sort.sorting import Wish
from desktop.pages.sort.sorting_panel import SortingPanel
from desktop.pages.sort.state import SortState
from desktop.pages.sort.tiles import Tiles, title
from desktop.pages.sort.toolbar import Toolbar
from desktop.theme import GAP
from desktop.widgets.drop_list import DropList
from desktop.widgets.labels import label
from desktop.widgets.pixels import to_image
from desktop.widgets.thumb_row import Thumb
from desktop.widgets.tile_grid import TileGrid
from models.errors import SortwerkError

if TYPE_CHECKING:  # NumPy comes with it
    from training.learned_head import Published

__all__ = ["Results"]

_INSPECTOR = 320
_INSPECTOR_WIDE = 400
_WIDE = 1500


class Results(QWidget):
    """Shows the state's items; ``refresh`` follows the state.

    Signals:
        tile_side_changed: wished side of a tile, pixels; to be kept for the next start.
        promise: another share of the answers may be wrong, 0 to 1; None for any.
        labelled: items, head, and what a person says they are; None for "can't tell".
        accepted: items, head: they are what they are shown as.
        cleared: items, head: what was said of them is taken back.
    """

    tile_side_changed = Signal(int)
    promise = Signal(object)
    labelled = Signal(list, str, object)
    accepted = Signal(list, str)
    cleared = Signal(list, str)

    def __init__(self, state: SortState, tile_side: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._wish = state.filter, state.search
        self._published: tuple[Published, ...] = ()
        self._inspector = Inspector()
        self._toolbar = Toolbar(state, tile_side)
        self._toolbar.tile_side.connect(self._resize_tiles)
        self._toolbar.promise.connect(self.promise)
        self._grid = TileGrid(Tiles(state))
        self._grid.set_tile_side(tile_side)
        self._grid.setAccessibleName("Pictures by category")
        self._connect_inspector()
        self._connect_grid()
        self._drop_list = DropList()
        self._drop_list.dropped.connect(lambda group: self._dropped_on(group, self._asked))
        self._failures = FailureList(state)
        self._failures.current_changed.connect(self._inspect)
        self.panel = SortingPanel()
        self.panel.dismissed.connect(self.hide_panel)
        self._nothing = label("", "secondary")
        self._thumbnails: Loader[QImage] = Loader(self._load_thumbnail, self._grid.set_picture, self)
        self._grid.wanted.connect(self._thumbnails.want)
        self._picture: Loader[tuple[QImage, Facts]] = Loader(self._load_picture, self._show_picture, self)
        self._near: Loader[list[Thumb]] = Loader(self._load_nearest, self._show_nearest, self)
        self._lay_out()

    def _connect_inspector(self) -> None:
        self._inspector.labelled.connect(self._say)
        self._inspector.cant_tell.connect(lambda head: self._say(head, None))
        self._inspector.cleared.connect(self._take_back)
        self._inspector.left.connect(self._grid.setFocus)
        self._inspector.head_changed.connect(lambda _: self._want_nearest())

    def _connect_grid(self) -> None:
        self._grid.key_filter = self._inspector.handle_key
        self._grid.menu_wanted.connect(self._show_menu)
        self._grid.activated.connect(lambda _: self._inspector.focus_picture())
        self._grid.accepted.connect(self._accept)
        self._grid.current_changed.connect(self._inspect)
        self._grid.selection_changed.connect(lambda _: self._inspect(self._grid.current))
        self._grid.drag_started.connect(self._show_targets)
        self._grid.drag_ended.connect(self._hide_targets)
        self._grid.dropped_on.connect(lambda group: self._dropped_on(group, self._state.head))

    def _lay_out(self) -> None:
        self._lists = QStackedWidget()
        for one in (self._grid, self._failures, _centred(self._nothing)):
            self._lists.addWidget(one)
        left = QVBoxLayout()
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(0)
        left.addWidget(self._toolbar)
        framed = QHBoxLayout()
        framed.setContentsMargins(GAP.xl - 6, 0, 0, 0)
        framed.addWidget(self._lists)
        left.addLayout(framed, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(left, 1)
        self._aside = QStackedWidget()
        self._aside.addWidget(self._inspector)
        self._aside.addWidget(self.panel)
        self._aside.addWidget(self._drop_list)
        row.addWidget(self._aside)

    def show_panel(self, wish: Wish) -> None:
        """Plan a sorting, in the inspector's place."""
        self._aside.setCurrentWidget(self.panel)
        self.panel.wish(wish)

    def hide_panel(self) -> None:
        """Back to the inspector."""
        self._aside.setCurrentWidget(self._inspector)

    def set_alone(self, alone: bool) -> None:
        """Leave the inspector's place to what stands beside this."""
        self._aside.setVisible(not alone)

    def renew(self, numbers: Sequence[int]) -> None:
        """Load anew what is seen of items whose files have changed."""
        self._grid.renew(numbers)
        if self._grid.current in numbers:
            self._inspect(self._grid.current)

    def select(self, numbers: Sequence[int]) -> None:
        """Select pictures, as if they had been clicked, and bring the last on screen."""
        self._grid.select(numbers)
        if numbers:
            self._grid.show_tile(numbers[-1])

    def show_items(self, numbers: Sequence[int]) -> None:
        """Select those of ``numbers`` that the filter lets through, and bring the first on screen."""
        shown = [number for number in numbers if self._state.place(number) is not None]
        if shown:
            self._grid.select(shown, current=shown[0])
            self._grid.show_tile(shown[0])

    def forget(self) -> None:
        """Let go of pictures and selection."""
        self._grid.clear()
        self.hide_panel()

    def close_loaders(self) -> None:
        """Stop loading pictures."""
        for loader in (self._thumbnails, self._picture, self._near):
            loader.close()

    def refresh(self) -> None:
        """Follow the state."""
        state = self._state
        self._toolbar.refresh()
        self._grid.set_lines(len(state.heads) if len(state.heads) > 1 else 0)
        failed = state.filter is Filter.FAILED
        self._grid.refresh()  # hidden too: what it asks for later must be there
        if failed:
            self._failures.refresh()
        else:
            if self._wish != (state.filter, state.search):
                self._wish = state.filter, state.search
                self._drop_hidden()
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
            Filter.CORRECTED: "Nothing has been corrected yet.",
            Filter.CHANGED: "The last correction has changed no other picture.",
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
        published = learner.published if (learner := self._state.learner) is not None else ()
        names = {head.name: head.categories for head in published}
        if self._inspector.show_item(item, selected, self._state.model_name, names):
            self._picture.want([number])
            self._want_nearest()
        elif published is not self._published:  # something has been learned, which may be the nearest now
            self._want_nearest()
        self._published = published

    # -- what a person says -------------------------------------------------------------------------------------------

    def set_refusal(self, refusal: Callable[[str], str | None]) -> None:
        """What is wrong with a new category's name, in a sentence, or None."""
        self._inspector.set_refusal(refusal)

    def next_head(self) -> None:
        """Let the keys be for the next question of the model."""
        self._inspector.next_head()

    @property
    def on_screen(self) -> list[int]:
        """The items on screen."""
        return self._grid.keys_on_screen()

    def _chosen(self) -> list[int]:
        return sorted(self._grid.selected or {self._grid.current} - {-1})

    def _say(self, head: str, label: str | None) -> None:
        chosen = self._chosen()
        self._go_on(lambda: self.labelled.emit(chosen, head, label))

    def _accept(self) -> None:
        if not self._inspector.labels:
            return
        chosen = self._chosen()
        self._go_on(lambda: self.accepted.emit(chosen, self._inspector.head))

    def _take_back(self, head: str) -> None:
        chosen = self._chosen()
        self._go_on(lambda: self.cleared.emit(chosen, head), stay=True)

    def _go_on(self, act: Callable[[], None], *, stay: bool = False) -> None:
        """Do something with what is selected, and select what follows it; with ``stay`` only if the filter hides all
        of it now.
        """
        chosen = self._chosen()
        after = self._grid.next_after(set(chosen))
        act()
        shown = stay and any(self._state.place(number) is not None for number in chosen)
        if after >= 0 and not shown and self._state.place(after) is not None:
            self._grid.select((after,))
            self._grid.show_tile(after)
        self._grid.setFocus()

    def _drop_hidden(self) -> None:
        """Select no longer what another filter or search has hidden: nobody labels what is not seen."""
        kept = [number for number in self._grid.selected if self._state.place(number) is not None]
        if len(kept) < len(self._grid.selected):
            self._grid.select(kept, current=self._grid.current if self._grid.current in kept else None)

    @property
    def _asked(self) -> str:
        """The head that the keys are for."""
        return self._inspector.head or self._state.head

    def _show_targets(self) -> None:
        if not self._inspector.labels:
            return
        head, learner = self._asked, self._state.learner
        names = sorted(learner.head(head).categories, key=str.casefold) if learner is not None and head else []
        counts = dict(self._state.groups()) if head == self._state.head else {}
        rows = [(name, title(name), f"{counts[name]:,}" if name in counts else "") for name in names]
        self._drop_list.set_rows(rows, (UNKNOWN, "Can't tell", ""))
        self._aside.setCurrentWidget(self._drop_list)

    def _hide_targets(self) -> None:
        if self._aside.currentWidget() is self._drop_list:
            self._aside.setCurrentWidget(self._inspector)

    def _dropped_on(self, group: str, head: str) -> None:
        if group != PENDING and self._inspector.labels:
            chosen, label = self._chosen(), None if group == UNKNOWN else group
            self._go_on(lambda: self.labelled.emit(chosen, head, label), stay=True)

    @property
    def second_opinion(self) -> SecondOpinion:
        """What asks the online model, in the inspector."""
        return self._inspector.second_opinion

    def asked_about(self) -> tuple[Item, Sequence[str]] | None:
        """The item that is shown, and the names it may have by the head that the keys are for; None when none is."""
        item, learner = self._item(self._grid.current), self._state.learner
        if item is None or learner is None or not self._inspector.labels:
            return None
        return item, learner.head(self._inspector.head).categories

    # -- loading ------------------------------------------------------------------------------------------------------

    def _want_nearest(self) -> None:
        if self._grid.current >= 0:
            self._near.want([self._grid.current])

    def _load_nearest(self, number: int) -> list[Thumb]:
        from desktop.actions.pictures import load_thumbnail

        thumbs = []
        for near in nearest(self._state, number, self._asked):
            picture = None
            name = near.source.name if near.source is not None else "A picture that is not here"
            tip = f"{name}: you said {near.category}" if near.said else f"{name}: the model came with it"
            if near.source is not None:
                with contextlib.suppress(SortwerkError):
                    pixels = load_thumbnail(near.source, 96)
                    picture = to_image(pixels.width, pixels.height, pixels.data)
            thumbs.append(Thumb(near.category, near.similarity, picture, tip))
        return thumbs

    def _show_nearest(self, number: int, thumbs: list[Thumb] | None) -> None:
        item = self._item(number)
        if item is not None:
            self._inspector.show_nearest(item, thumbs or ())

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
