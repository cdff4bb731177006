"""Above the pictures: which splits, which sources, what is shown just now, search, order, and the size of the tiles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QMenu, QSizePolicy, QSlider, QWidget

from desktop.pages.dataset.state import DatasetState
from desktop.pages.dataset.wanted import ORDERS, SPLIT_WORDS, Wanted
from desktop.theme import GAP
from desktop.widgets.labels import button
from desktop.widgets.menu_button import MenuButton
from desktop.widgets.wrap import Wrap

__all__ = ["Toolbar"]

_SMALLEST, _LARGEST = 64, 256
_TYPING_MS = 150


class Toolbar(QWidget):
    """Follows the state.

    Signals:
        wanted: the :class:`~desktop.pages.dataset.wanted.Wanted` that the person asks for.
        tile_side: wished side of a tile, pixels.
    """

    wanted = Signal(object)
    tile_side = Signal(int)

    def __init__(self, state: DatasetState, tile_side: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._everything = button("Show all", "link", on_click=self._show_all, tip="Show all pictures again (Esc)")
        self._split = MenuButton("Any split", self._fill_splits)
        self._source = MenuButton("Any source", self._fill_sources)
        self._faulty = button("", "chip", on_click=self._toggle_faulty)
        self._faulty.setCheckable(True)
        self._trash = button("", "chip", on_click=self._toggle_trash)
        self._trash.setCheckable(True)
        self._order = MenuButton(ORDERS[state.wanted.order], self._fill_orders)
        self._search = self._search_field()
        self._size = QSlider(Qt.Orientation.Horizontal)
        self._size.setRange(_SMALLEST, _LARGEST)
        self._size.setValue(tile_side)
        self._size.setFixedWidth(72)
        self._size.setToolTip("Size of the pictures")
        self._size.setAccessibleName("Size of the pictures")
        self._size.valueChanged.connect(self.tile_side)
        row = Wrap(self, spacing=GAP.xs)
        row.setContentsMargins(GAP.s, 0, GAP.lg, GAP.s)
        for one in (self._everything, self._split, self._source, self._faulty, self._trash):
            row.addWidget(one)
        row.begin_second()
        for two in (self._search, self._order, self._size):
            row.addWidget(two)
        self.refresh()

    def _search_field(self) -> QLineEdit:
        field = QLineEdit(placeholderText="Search paths", clearButtonEnabled=True)
        field.setMinimumWidth(112)
        field.setMaximumWidth(240)
        field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        field.setAccessibleName("Search paths (Ctrl+F)")
        field.setToolTip("Ctrl+F")
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._typing.timeout.connect(lambda: self._ask(text=self._search.text()))
        field.textChanged.connect(lambda _: self._typing.start())
        QShortcut(
            QKeySequence(QKeySequence.StandardKey.Find),
            self,
            field.setFocus,
            context=Qt.ShortcutContext.WindowShortcut,
        )
        return field

    def refresh(self) -> None:
        """Follow the state."""
        wanted, shown = self._state.wanted, self._state.shown
        self._split.set_words("Any split" if wanted.split is None else SPLIT_WORDS[wanted.split])
        self._source.set_words("Any source" if wanted.source is None else wanted.source or "Without a source")
        self._order.set_words(ORDERS[wanted.order], "Order of the pictures")
        sources = shown.sources if shown is not None else {}
        self._source.setVisible(len(sources) > 1 or wanted.source is not None)
        self._everything.setVisible(wanted.narrow)
        faulty = shown.faulty if shown is not None else 0
        self._faulty.setText(f"Unreadable  {faulty:,}")
        self._faulty.setVisible(faulty > 0 or wanted.faulty)
        self._faulty.setChecked(wanted.faulty)
        trashed = shown.trashed if shown is not None else 0
        self._trash.setText(f"Trash  {trashed:,}")
        self._trash.setVisible(trashed > 0 or wanted.trashed)
        self._trash.setChecked(wanted.trashed)
        if not self._typing.isActive() and self._search.text() != wanted.text:
            self._search.blockSignals(True)
            self._search.setText(wanted.text)
            self._search.blockSignals(False)

    def _ask(self, **changes: object) -> None:
        self.wanted.emit(replace(self._state.wanted, **changes))  # type: ignore[arg-type]

    def _show_all(self) -> None:
        self.wanted.emit(Wanted(order=self._state.wanted.order))

    def _toggle_faulty(self) -> None:
        self.wanted.emit(Wanted(faulty=not self._state.wanted.faulty, order=self._state.wanted.order))

    def _toggle_trash(self) -> None:
        self.wanted.emit(Wanted(trashed=not self._state.wanted.trashed, order=self._state.wanted.order))

    def _fill_splits(self, menu: QMenu) -> None:
        counts = self._state.shown.splits if self._state.shown is not None else {}
        chosen = self._state.wanted.split
        _choice(menu, "Any split", lambda: self._ask(split=None), chosen=chosen is None)
        for split, words in SPLIT_WORDS.items():
            said = f"{words}  {counts.get(split, 0):,}"
            _choice(menu, said, partial(self._ask, split=split), chosen=chosen == split)

    def _fill_sources(self, menu: QMenu) -> None:
        counts = self._state.shown.sources if self._state.shown is not None else {}
        chosen = self._state.wanted.source
        _choice(menu, "Any source", lambda: self._ask(source=None), chosen=chosen is None)
        for source, count in counts.items():
            words = f"{source or 'Without a source'}  {count:,}"
            _choice(menu, words, partial(self._ask, source=source), chosen=chosen == source)

    def _fill_orders(self, menu: QMenu) -> None:
        for order, words in ORDERS.items():
            chosen = order == self._state.wanted.order
            _choice(menu, words, partial(self._ask, order=order), chosen=chosen)


def _choice(menu: QMenu, words: str, run: Callable[[], None], *, chosen: bool) -> None:
    action = menu.addAction(words.replace("&", "&&"))
    action.setCheckable(True)
    action.setChecked(chosen)
    action.triggered.connect(lambda _checked=False: run())
