"""The middle of the Label tab: tools over the canvas, where one is under it, and the pictures around."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from desktop.pages.dataset.labelling import ORDERS
from desktop.theme import GAP
from desktop.widgets.canvas import Canvas, OverlaySlider
from desktop.widgets.labels import Elided, IconButton, label
from desktop.widgets.menu_button import MenuButton
from desktop.widgets.reel import Reel, ReelSource
from desktop.widgets.wrap import Wrap
from desktop.widgets.zoom_tools import ZoomTools

if TYPE_CHECKING:
    from desktop.labelling.editor import ToolButton

__all__ = ["LabelStage"]


class LabelStage(QWidget):
    """Tools, canvas, row.

    Args:
        source: what is in the row of pictures.
        key: takes a key that was pressed on the canvas; whether it meant anything.

    Signals:
        step_wanted: 1 for the next picture, -1 for the one before.
        open_wanted: the next one without a label.
        order_wanted: a key of ``ORDERS``.
        place_wanted: the picture at a place.
    """

    step_wanted = Signal(int)
    open_wanted = Signal()
    order_wanted = Signal(str)
    place_wanted = Signal(int)

    def __init__(self, source: ReelSource, key: Callable[[QKeyEvent], bool], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvas = Canvas()
        self.canvas.setMinimumSize(200, 160)
        self.canvas.set_key_filter(key)
        self.reel = Reel("Pictures around this one", source)
        self.reel.chosen.connect(self.place_wanted)
        self._tools: dict[str, tuple[IconButton, ToolButton]] = {}
        self._tool = ""
        self._problem = label("", "caution", wrap=True)
        self._problem.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP.s, 0, GAP.s, GAP.s)
        column.setSpacing(GAP.s)
        column.addWidget(self._toolbar())
        column.addWidget(self._problem)
        column.addWidget(self.canvas, 1)
        column.addWidget(self._way())
        column.addWidget(self.reel)

    def _toolbar(self) -> QWidget:
        bar = QWidget()
        row = Wrap(bar, spacing=GAP.xs)
        row.setContentsMargins(0, 0, 0, 0)
        self._left = QWidget()
        self._tool_row = QHBoxLayout(self._left)
        self._tool_row.setContentsMargins(0, 0, 0, 0)
        self._tool_row.setSpacing(GAP.xs)
        self._overlay = OverlaySlider(self.canvas)
        zoom = QWidget()
        zoom.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        tools = ZoomTools(self.canvas)
        zoom.setLayout(tools)
        tools.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._left)
        row.begin_second()
        row.addWidget(self._overlay)
        row.addWidget(zoom)
        return bar

    def _way(self) -> QWidget:
        bar = QWidget()
        row = QHBoxLayout(bar)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP.xs)
        self._before = IconButton("chevron-left", "", lambda: self.step_wanted.emit(-1))
        self._next = IconButton("chevron-right", "", lambda: self.step_wanted.emit(1))
        self._next_open = IconButton("target", "", self.open_wanted.emit)
        self._where = label("", "secondary")
        self._name = Elided("", "secondary")
        self._order = MenuButton("", self._fill_orders)
        for one in (self._before, self._next, self._next_open):
            one.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            row.addWidget(one)
        row.addWidget(self._where)
        row.addSpacing(GAP.s)
        row.addWidget(self._name, 1)
        row.addWidget(self._order)
        return bar

    # -- showing ------------------------------------------------------------------------------------------------------

    def show_where(self, name: str, place: int, count: int, left: int, order: str) -> None:
        """Say which picture it is, of how many, and how many are still open."""
        unlabelled = f", {left:,} unlabelled" if left else ", all labelled"
        self._where.setText(f"{place + 1:,} of {count:,}{unlabelled}" if count else "")
        self._name.set_text(name)
        self._order.set_words(ORDERS[order], "Order of the pictures")
        self._before.setEnabled(place > 0)
        self._next.setEnabled(0 <= place < count - 1)
        self._next_open.setEnabled(left > 0)

    def show_keys(self, before: str, following: str, unlabelled: str) -> None:
        """The keys of the three buttons, as printed on the keyboard."""
        for one, words, key in (
            (self._before, "Picture before", before),
            (self._next, "Next picture", following),
            (self._next_open, "Next without a label", unlabelled),
        ):
            one.setToolTip(f"{words} ({key})")
            one.setAccessibleName(f"{words} ({key})")

    def show_problem(self, sentence: str) -> None:
        """What is wrong with the picture that is shown; "" for nothing."""
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))

    def set_tools(self, tools: Sequence[ToolButton], *, overlay: bool) -> None:
        """Offer these tools; ``overlay``: whether there is anything over the picture."""
        for made, _ in self._tools.values():
            self._tool_row.removeWidget(made)
            made.hide()
            made.deleteLater()
        self._tools = {}
        for one in tools:
            tip = f"{one.words} ({one.shortcut})" if one.shortcut else one.words
            made = IconButton(one.icon, tip, partial(self._use, one))
            made.setCheckable(one.lasting or one.checkable)
            made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self._tool_row.addWidget(made)
            self._tools[one.key] = (made, one)
        self._overlay.setVisible(overlay)
        self.refresh_tools()

    def refresh_tools(self) -> None:
        """Ask the tools anew whether they can be used, and what is switched on."""
        for made, one in self._tools.values():
            made.setEnabled(one.enabled())
            if one.lasting or one.checkable:
                made.setChecked(one.key == self._tool if one.lasting else one.checked())

    def set_tool(self, key: str) -> None:
        """This one is in the hand."""
        self._tool = key
        self.refresh_tools()

    def _use(self, tool: ToolButton) -> None:
        tool.use()
        self.refresh_tools()
        self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fill_orders(self, menu: QMenu) -> None:
        for key, words in ORDERS.items():
            menu.addAction(words, partial(self.order_wanted.emit, key))
