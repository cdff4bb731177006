"""A table to sort and to filter, a row a thing: a box to tick, a few words, numbers under one another at the right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFontMetrics, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from desktop.theme import GAP, TYPE, sized
from desktop.widgets.run_table_look import TICK_ROOM, RunCells, RunHeader
from desktop.widgets.run_table_model import KEY, Cell, RunColumn, RunOrder, RunRow, RunRows

__all__ = ["Cell", "RunColumn", "RunRow", "RunTable"]

_LEAST_NAME = 140
_ROW = 32


class RunTable(QTableView):
    """The table.

    Up and Down walk, Space ticks, Enter and a double click open, the menu key and the right button ask for a menu. A
    click on a title sorts; so do Ctrl+Up and Ctrl+Down, by the column that Left and Right have gone to.

    Args:
        title: what the rows are, for who can't see them.
        columns: the first holds names and takes the room there is.

    Signals:
        ticked: key of a row, and whether its box is to be ticked now; the owner says so by ``set_rows``.
        opened: key of a row.
        selected: keys of the rows that are selected, from the top.
        menu_wanted: keys of the selected rows, and where on the screen.
    """

    ticked = Signal(str, bool)
    opened = Signal(str)
    selected = Signal(list)
    menu_wanted = Signal(list, QPoint)

    def __init__(self, title: str, columns: Sequence[RunColumn], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = RunRows(columns, self)
        self._order = RunOrder(self._rows, self)
        self.setAccessibleName(title)
        self.setHorizontalHeader(RunHeader(self))
        self.setItemDelegate(RunCells(self))
        self.setModel(self._order)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.viewport().setAutoFillBackground(False)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        self.selectionModel().selectionChanged.connect(lambda *_: self.selected.emit(self.keys()))
        self._measure()

    # -- rows ---------------------------------------------------------------------------------------------------------

    @property
    def rows(self) -> tuple[RunRow, ...]:
        """All rows, as they were given."""
        return self._rows.rows

    @property
    def shown(self) -> list[str]:
        """Keys of the rows that are left, from the top."""
        return [str(self._order.index(place, 0).data(KEY)) for place in range(self._order.rowCount())]

    def set_rows(self, rows: Sequence[RunRow]) -> None:
        """Show ``rows`` in place of those before; what is selected stays selected, and the order stays."""
        chosen, current = self.keys(), self.current
        self._rows.set_rows(rows)
        if self.keys() != chosen:
            self._select([key for key in chosen if key in self.shown], current)
        self._measure()
        self.updateGeometry()

    def set_filter(self, text: str) -> None:
        """Leave the rows that hold every word of ``text``."""
        self._order.set_words(text)
        self.updateGeometry()

    def sort_by(self, column: int, *, falling: bool = False) -> None:
        """Sort by a column, -1 for the order in which the rows were given."""
        order = Qt.SortOrder.DescendingOrder if falling else Qt.SortOrder.AscendingOrder
        self.horizontalHeader().setSortIndicator(column, order)

    def keys(self) -> list[str]:
        """Keys of the rows that are selected, from the top."""
        return [str(index.data(KEY)) for index in sorted(self.selectionModel().selectedRows(), key=QModelIndex.row)]

    @property
    def current(self) -> str:
        """Key of the row that the keyboard is on, "" for none."""
        index = self.currentIndex()
        return str(index.data(KEY)) if index.isValid() else ""

    def select(self, key: str) -> None:
        """Select the row called ``key``, if it is left, and scroll to it."""
        self._select([key], key)

    def _select(self, keys: Sequence[str], current: str) -> None:
        shown = self.shown
        model, flag = self.selectionModel(), type(self.selectionModel()).SelectionFlag
        if current in shown:
            model.setCurrentIndex(self._order.index(shown.index(current), 0), flag.NoUpdate)
        model.clearSelection()
        for key in keys:
            if key in shown:
                model.select(self._order.index(shown.index(key), 0), flag.Select | flag.Rows)

    # -- size ---------------------------------------------------------------------------------------------------------

    def row_height(self) -> int:
        """Pixels of a row at the present text size."""
        return max(_ROW, self.fontMetrics().height() + GAP.m)

    def sizeHint(self) -> QSize:
        """All rows that are left."""
        head = self.horizontalHeader().sizeHint().height()
        return QSize(480, head + self.row_height() * self._order.rowCount() + 2)

    def minimumSizeHint(self) -> QSize:
        """Titles and two rows."""
        return QSize(_LEAST_NAME, self.horizontalHeader().sizeHint().height() + 2 * self.row_height())

    def _measure(self) -> None:
        """Each column as wide as its widest words; the first takes what is left, and gives way to where names end."""
        self.verticalHeader().setDefaultSectionSize(self.row_height())
        small, wide = QFontMetrics(sized(self.font(), TYPE.secondary)), self.fontMetrics()
        widths = []
        for at, column in enumerate(self._rows.columns):
            words = max((wide.horizontalAdvance(row.cells[at].text) for row in self._rows.rows), default=0)
            widths.append(max(words, small.horizontalAdvance(column.title) + RunHeader.ARROW) + GAP.xl)
        ticks = TICK_ROOM if any(row.ticked is not None for row in self._rows.rows) else 0
        left = self.viewport().width() - sum(widths[1:])
        widths[0] = max(min(_LEAST_NAME + ticks, widths[0] + ticks), left)
        for at, width in enumerate(widths):
            self.setColumnWidth(at, width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Divide the width anew."""
        super().resizeEvent(event)
        self._measure()

    def changeEvent(self, event: QEvent) -> None:
        """Follow theme and text size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and hasattr(self, "_order"):
            self._measure()
            self.updateGeometry()

    # -- mouse and keyboard -------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """On a box, tick it; elsewhere select."""
        index = self.indexAt(event.position().toPoint())
        left = event.position().x() - self.columnViewportPosition(0)
        on_box = event.button() is Qt.MouseButton.LeftButton and index.column() == 0 and left < TICK_ROOM
        if not (on_box and self._tick(index)):
            super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the row; on a box, tick it once more."""
        index = self.indexAt(event.position().toPoint())
        left = event.position().x() - self.columnViewportPosition(0)
        if event.button() is not Qt.MouseButton.LeftButton or not index.isValid():
            return
        if not (index.column() == 0 and left < TICK_ROOM and self._tick(index)):
            self.opened.emit(str(index.data(KEY)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open, tick, sort; all else as in any table."""
        index = self.currentIndex()
        ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if index.isValid():
                self.opened.emit(str(index.data(KEY)))
            case Qt.Key.Key_Space if index.isValid() and not ctrl:
                self._tick(index.siblingAtColumn(0))
            case Qt.Key.Key_Up | Qt.Key.Key_Down if ctrl and index.isValid():
                self.sort_by(index.column(), falling=event.key() == Qt.Key.Key_Down)
            case Qt.Key.Key_Escape:
                event.ignore()
            case _:
                super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for a menu for the selected rows, with the one under the pointer."""
        by_mouse = event.reason() is QContextMenuEvent.Reason.Mouse
        index = self.indexAt(event.pos()) if by_mouse else self.currentIndex()
        if not index.isValid():
            return
        if str(index.data(KEY)) not in self.keys():
            self.select(str(index.data(KEY)))
        where = event.pos() if by_mouse else self.visualRect(index).bottomLeft()
        self.menu_wanted.emit(self.keys(), self.viewport().mapToGlobal(where))

    def _tick(self, index: QModelIndex | QPersistentModelIndex) -> bool:
        """Ask for the other state of a box; whether there is one."""
        state = index.data(Qt.ItemDataRole.CheckStateRole)
        if state is None:
            return False
        self.ticked.emit(str(index.data(KEY)), Qt.CheckState(state) is not Qt.CheckState.Checked)
        return True
