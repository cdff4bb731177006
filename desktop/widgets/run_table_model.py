"""What a :class:`~desktop.widgets.run_table.RunTable` shows: rows of cells, how they are sorted, and which are left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel, Qt

__all__ = ["Cell", "RunColumn", "RunOrder", "RunRow", "RunRows"]

_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole

KEY = _Role.UserRole
"""The row's key."""
VALUE = _Role.UserRole + 1
"""What a cell is sorted by."""


@dataclass(frozen=True, slots=True)
class RunColumn:
    """One column: its title, whether it holds numbers, which stand at the right, and what it means."""

    title: str
    numeric: bool = False
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell says, and what it is sorted by: a number, or None to stand last; text by itself."""

    text: str
    value: float | None = None


@dataclass(frozen=True, slots=True)
class RunRow:
    """One row.

    Attributes:
        key: for the owner.
        cells: one for each column.
        ticked: whether its box is ticked; None for no box.
        tip: says more of it.
        strong: whether it stands out.
    """

    key: str
    cells: tuple[Cell, ...]
    ticked: bool | None = None
    tip: str = ""
    strong: bool = False


class RunRows(QAbstractTableModel):
    """The rows as the owner gave them."""

    def __init__(self, columns: Sequence[RunColumn], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.rows: tuple[RunRow, ...] = ()

    def set_rows(self, rows: Sequence[RunRow]) -> None:
        """Show ``rows``; where only their words change, everything else stays as it is."""
        if [row.key for row in rows] == [row.key for row in self.rows]:
            self.rows = tuple(rows)
            if self.rows:
                self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, len(self.columns) - 1))
            return
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        """How many there are."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index | None = None) -> int:  # noqa: N802 - Qt's name
        """How many columns there are."""
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def data(self, index: _Index, role: int = _Role.DisplayRole) -> object:
        """One cell's words, tick, and so on."""
        row, column = self.rows[index.row()], index.column()
        cell = row.cells[column]
        match role:
            case _Role.DisplayRole:
                return cell.text
            case _Role.ToolTipRole:
                return row.tip or cell.text
            case _Role.CheckStateRole if column == 0 and row.ticked is not None:
                return Qt.CheckState.Checked if row.ticked else Qt.CheckState.Unchecked
            case _Role.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if self.columns[column].numeric else Qt.AlignmentFlag.AlignLeft
                return side | Qt.AlignmentFlag.AlignVCenter
            case _Role.AccessibleTextRole:
                return self._spoken(row, column)
        if role == KEY:
            return row.key
        if role == VALUE:
            return cell.value if self.columns[column].numeric else cell.text.casefold()
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole) -> object:  # noqa: N802 - Qt's name
        """A column's title and what it means."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = self.columns[section]
        return {
            _Role.DisplayRole: column.title,
            _Role.ToolTipRole: column.tip or column.title,
            _Role.TextAlignmentRole: (Qt.AlignmentFlag.AlignRight if column.numeric else Qt.AlignmentFlag.AlignLeft)
            | Qt.AlignmentFlag.AlignVCenter,
        }.get(_Role(role))

    def _spoken(self, row: RunRow, column: int) -> str:
        """The whole row in its first cell, the title and the figure in the others."""
        if column:
            return f"{self.columns[column].title} {row.cells[column].text}"
        ticked = "" if row.ticked is None else ", ticked" if row.ticked else ", not ticked"
        others = ", ".join(self._spoken(row, at) for at in range(1, len(row.cells)) if row.cells[at].text)
        return f"{row.cells[0].text}{ticked}: {others}"


class RunOrder(QSortFilterProxyModel):
    """The rows that hold every word that was typed, in the order of a column; what has no value stands last."""

    def __init__(self, source: RunRows, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows = source
        self._words: tuple[str, ...] = ()
        self.setSortRole(VALUE)
        self.setSourceModel(source)

    def set_words(self, text: str) -> None:
        """Leave the rows that hold all words of ``text``, however they are written."""
        self._words = tuple(text.casefold().split())
        self.invalidate()

    def filterAcceptsRow(self, place: int, parent: _Index) -> bool:  # noqa: N802 - Qt's name
        """Whether the row is left."""
        said = " ".join(cell.text for cell in self._rows.rows[place].cells).casefold()
        return all(word in said for word in self._words)

    def lessThan(self, left: _Index, right: _Index) -> bool:  # noqa: N802 - Qt's name
        """Whether a cell comes before another one."""
        first, second = left.data(VALUE), right.data(VALUE)
        if first is None or second is None:
            rising = self.sortOrder() is Qt.SortOrder.AscendingOrder
            return (first is not None) if rising else (first is None and second is not None)
        return bool(first < second)
