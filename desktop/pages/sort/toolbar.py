"""Above the results: filters with counts, search, the promise, the question, order, and the size of the tiles."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QButtonGroup, QLineEdit, QMenu, QPushButton, QSizePolicy, QSlider, QWidget

from desktop.pages.sort.items import Filter, Order
from desktop.pages.sort.promise import CHOICES, choice_words, explain, words
from desktop.pages.sort.state import SortState
from desktop.theme import GAP
from desktop.widgets.labels import button
from desktop.widgets.menu_button import MenuButton
from desktop.widgets.wrap import Wrap

__all__ = ["Toolbar"]

_SMALLEST, _LARGEST = 64, 256
_TYPING_MS = 120
_AT_TIMES = (Filter.UNKNOWN, Filter.CORRECTED, Filter.CHANGED)  # shown where there are any
_CHIP_PADDING = 22  # of a chip's text, left and right, with the border


class Toolbar(QWidget):
    """Changes the state; follows it.

    Signals:
        tile_side: wished side of a tile, pixels.
        promise: another share of the answers may be wrong, 0 to 1; None for any.
    """

    tile_side = Signal(int)
    promise = Signal(object)

    def __init__(self, state: SortState, tile_side: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._chips: dict[Filter, QPushButton] = {}
        self._search = self._search_field()
        self._promise = MenuButton(choice_words(state.wrong), self._fill_promise)
        self._head = MenuButton("", self._fill_heads)
        self._order = MenuButton(state.order.value, self._fill_orders)
        self._order.set_words(state.order.value, "Order within each category")
        self._size = self._size_slider(tile_side)
        self._row = Wrap(self, spacing=GAP.xs)
        self._row.setContentsMargins(GAP.xl, 0, GAP.lg, GAP.s)
        self._add_filters()
        self._row.begin_second()
        for one in (self._search, self._promise, self._head, self._order, self._size):
            self._row.addWidget(one)
        self.refresh()

    def _add_filters(self) -> None:
        group = QButtonGroup(self)
        for one in Filter:
            chip = button(one.value, "chip", on_click=partial(self._state.choose, only=one))
            chip.setCheckable(True)
            group.addButton(chip)
            self._chips[one] = chip
            self._row.addWidget(chip)

    def _search_field(self) -> QLineEdit:
        field = QLineEdit(placeholderText="Search names", clearButtonEnabled=True)
        field.setMinimumWidth(112)
        field.setMaximumWidth(260)
        field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        field.setAccessibleName("Search names (Ctrl+F)")
        field.setToolTip("Ctrl+F")
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._typing.timeout.connect(lambda: self._state.choose(search=self._search.text()))
        field.textChanged.connect(lambda _: self._typing.start())
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self, field.setFocus)
        return field

    def _size_slider(self, tile_side: int) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(_SMALLEST, _LARGEST)
        slider.setValue(tile_side)
        slider.setFixedWidth(96)
        slider.setToolTip("Size of the pictures")
        slider.setAccessibleName("Size of the pictures")
        slider.valueChanged.connect(self.tile_side)
        return slider

    def refresh(self) -> None:
        """Follow the state."""
        for one in _AT_TIMES:
            self._chips[one].setVisible(self._state.filter is one or self._state.counts[one] > 0)
        # Counts only beside the chosen filter where they would need a second row
        wide = sum(self._width(one) for one, chip in self._chips.items() if not chip.isHidden())
        compact = wide > self.width() - GAP.xl - GAP.lg
        for one, chip in self._chips.items():
            chosen = self._state.filter is one
            count = "" if compact and not chosen else f"  {self._state.counts[one]:,}"
            chip.setText(one.value + count)
            chip.setChecked(chosen)
        self._order.set_words(self._state.order.value)
        self._promise.set_words(
            words(self._state.wrong, self._state.calibration), explain(self._state.wrong, self._state.calibration)
        )
        self._head.setVisible(len(self._state.heads) > 1)
        self._head.set_words(f"Grouped by {self._state.head}", "Whose answers the groups, filters and keys are of")
        self._size.setEnabled(self._state.filter is not Filter.FAILED)
        if not self._state.search and not self._typing.isActive() and self._search.text():
            self._search.clear()

    def _fill_orders(self, menu: QMenu) -> None:
        for one in Order:
            action = _choice(menu, one.value, chosen=one is self._state.order)
            action.triggered.connect(lambda _checked=False, one=one: self._state.choose(order=one))

    def _fill_heads(self, menu: QMenu) -> None:
        for head in self._state.heads:
            action = _choice(menu, head, chosen=head == self._state.head)
            action.triggered.connect(lambda _checked=False, head=head: self._state.ask(head))

    def _fill_promise(self, menu: QMenu) -> None:
        for wrong in CHOICES:
            if wrong is None:
                menu.addSeparator()
            action = _choice(menu, choice_words(wrong), chosen=wrong == self._state.wrong)
            action.triggered.connect(lambda _checked=False, wrong=wrong: self.promise.emit(wrong))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say more or less, as there is room."""
        super().resizeEvent(event)
        self.refresh()

    def _width(self, one: Filter) -> int:
        text = f"{one.value}  {self._state.counts[one]:,}"
        return self.fontMetrics().horizontalAdvance(text) + _CHIP_PADDING + GAP.xs


def _choice(menu: QMenu, text: str, *, chosen: bool) -> QAction:
    action = menu.addAction(text.replace("&", "&&"))
    action.setCheckable(True)
    action.setChecked(chosen)
    return action
