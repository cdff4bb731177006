"""Above the results: filters with counts, search, order, and the size of the tiles."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QActionGroup, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QBoxLayout, QButtonGroup, QHBoxLayout, QLineEdit, QMenu, QPushButton, QSlider, QWidget

from desktop.pages.sort.state import Filter, Order, SortState
from desktop.theme import GAP, ICON_SIDE, icon, tokens
from desktop.widgets.labels import button

__all__ = ["Toolbar"]

_SMALLEST, _LARGEST = 64, 256
_TYPING_MS = 120
_CHIP_PADDING = 22  # of a chip's text, left and right, with the border


class Toolbar(QWidget):
    """Changes the state; follows it.

    Signals:
        tile_side: wished side of a tile, pixels.
    """

    tile_side = Signal(int)

    def __init__(self, state: SortState, tile_side: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._compact = False
        self._chips: dict[Filter, QPushButton] = {}
        self._filters = self._filter_row()
        self._search = self._search_field()
        self._order = button(state.order.value)
        self._order.setMenu(self._order_menu())
        self._order.setToolTip("Order within each category")
        self._size = self._size_slider(tile_side)
        self._tools = QWidget()
        tools = QHBoxLayout(self._tools)
        tools.setContentsMargins(0, 0, 0, 0)
        tools.setSpacing(GAP.s)
        tools.addStretch(1)
        tools.addWidget(self._search, 20)
        tools.addWidget(self._order)
        tools.addWidget(self._size)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(GAP.xl, 0, GAP.lg, GAP.s)
        self._row.setSpacing(GAP.s)
        self._row.addWidget(self._filters)
        self._row.addWidget(self._tools, 1)
        self._look()
        self.refresh()

    def _filter_row(self) -> QWidget:
        row = QWidget()
        chips = QHBoxLayout(row)
        chips.setContentsMargins(0, 0, 0, 0)
        chips.setSpacing(GAP.xs)
        group = QButtonGroup(self)
        for one in Filter:
            chip = button(one.value, "chip", on_click=partial(self._state.choose, only=one))
            chip.setCheckable(True)
            group.addButton(chip)
            self._chips[one] = chip
            chips.addWidget(chip)
        chips.addStretch(1)
        return row

    def _search_field(self) -> QLineEdit:
        field = QLineEdit(placeholderText="Search names", clearButtonEnabled=True)
        field.setMinimumWidth(112)
        field.setMaximumWidth(260)
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
        for one, chip in self._chips.items():
            chosen = self._state.filter is one
            count = "" if self._compact and not chosen else f"  {self._state.counts[one]:,}"
            chip.setText(one.value + count)
            chip.setChecked(chosen)
            if one is Filter.UNKNOWN:  # not every model can say that it doesn't know
                chip.setVisible(chosen or self._state.counts[one] > 0)
        self._order.setText(self._state.order.value)
        self._size.setEnabled(self._state.filter is not Filter.FAILED)
        if not self._state.search and not self._typing.isActive() and self._search.text():
            self._search.clear()

    def _order_menu(self) -> QMenu:
        menu = QMenu(self)
        group = QActionGroup(menu)
        for one in Order:
            action = menu.addAction(one.value)
            action.setCheckable(True)
            action.setChecked(one is self._state.order)
            action.triggered.connect(lambda _checked=False, one=one: self._state.choose(order=one))
            group.addAction(action)
        return menu

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Two rows where one is too narrow; counts only beside the chosen filter where even that is."""
        super().resizeEvent(event)
        room = self.width() - GAP.xl - GAP.lg
        wide = sum(self._width(one) for one, chip in self._chips.items() if not chip.isHidden())
        row = QBoxLayout.Direction
        beside = wide + GAP.s + self._tools.minimumSizeHint().width() <= room
        self._row.setDirection(row.LeftToRight if beside else row.TopToBottom)
        compact = wide > room
        if compact != self._compact:
            self._compact = compact
            self.refresh()

    def _width(self, one: Filter) -> int:
        text = f"{one.value}  {self._state.counts[one]:,}"
        return self.fontMetrics().horizontalAdvance(text) + _CHIP_PADDING + GAP.xs

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._look()

    def _look(self) -> None:
        self._order.setIcon(icon("arrow-up-down", tokens(self.palette()).secondary))
        self._order.setIconSize(QSize(ICON_SIDE - 2, ICON_SIDE - 2))
