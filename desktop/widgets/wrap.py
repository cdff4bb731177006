"""A layout like a line of text: widgets side by side, in as many rows as their width needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

__all__ = ["Wrap"]

_Placed = list[tuple[QLayoutItem, int]]


class Wrap(QLayout):
    """Two groups: the first from the left, the second to the right. Both in one row where there is room, else each in
    rows of its own, of which the last of the second is spread to the right.

    An item is as wide as its hint, and shrinks down to its minimum before a row is broken. What is left of a row goes
    to those that expand, up to their maximum.

    Args:
        spacing: between items and between rows, pixels.
    """

    def __init__(self, parent: QWidget | None = None, *, spacing: int) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._second = 0
        self.setSpacing(spacing)

    def begin_second(self) -> None:
        """What is added from here on is of the second group."""
        self._second = len(self._items)

    # -- what Qt asks of a layout -------------------------------------------------------------------------------------

    def addItem(self, item: QLayoutItem) -> None:  # noqa: N802  # Qt's name
        """Add an item."""
        self._items.append(item)

    def count(self) -> int:
        """How many items there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # noqa: N802  # Qt's name
        """The item at a place, None behind the last."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # noqa: N802  # Qt's name
        """Take the item at a place out."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:  # noqa: N802  # Qt's name
        """It asks for no more room than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:  # noqa: N802  # Qt's name
        """The narrower, the more rows."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802  # Qt's name
        """Pixels that all rows need."""
        return self._place(QRect(0, 0, width, 0), move=False)

    def minimumSize(self) -> QSize:  # noqa: N802  # Qt's name
        """Room for the widest item."""
        margins = self.contentsMargins()
        sizes = [item.minimumSize() for item in self._shown(self._items)]
        width = max((size.width() for size in sizes), default=0) + margins.left() + margins.right()
        height = max((size.height() for size in sizes), default=0) + margins.top() + margins.bottom()
        return QSize(width, height)

    def sizeHint(self) -> QSize:
        """As small as it may be: the width decides the rest."""
        return self.minimumSize()

    def setGeometry(self, rect: QRect) -> None:  # noqa: N802  # Qt's name
        """Place the items."""
        super().setGeometry(rect)
        self._place(rect, move=True)

    # -- inside -------------------------------------------------------------------------------------------------------

    @staticmethod
    def _shown(items: Iterable[QLayoutItem]) -> list[QLayoutItem]:
        return [item for item in items if not item.isEmpty()]

    def _place(self, rect: QRect, *, move: bool) -> int:
        """Put the items into ``rect`` if they are to ``move``; the height they need."""
        margins = self.contentsMargins()
        inner = rect.marginsRemoved(margins)
        first, second = self._shown(self._items[: self._second]), self._shown(self._items[self._second :])
        rows = self._rows([*first, *second], inner.width())
        if len(rows) == 1:
            left = [item for item, _ in rows[0]][: len(first)]
            placed = [(rows[0], len(left))]
        else:
            placed = [(row, len(row)) for row in self._rows(first, inner.width())]
            placed += [(row, 1 if len(row) > 1 else 0) for row in self._rows(second, inner.width())]
        y = inner.top()
        for row, left_ones in placed:
            height = max(item.sizeHint().height() for item, _ in row)
            if move:
                self._set_row(row, left_ones, QRect(inner.left(), y, inner.width(), height))
            y += height + self.spacing()
        return y - self.spacing() * bool(placed) - rect.top() + margins.bottom()

    def _rows(self, items: Sequence[QLayoutItem], width: int) -> list[_Placed]:
        """Items with their widths, row by row; a row that would only fit shrunk is shrunk before it is broken."""
        rows: list[_Placed] = []
        while items:
            taken = 1
            while taken < len(items) and self._least(items[: taken + 1]) <= width:
                taken += 1
            rows.append(self._widths(items[:taken], width))
            items = items[taken:]
        return rows

    def _least(self, items: Sequence[QLayoutItem]) -> int:
        return sum(item.minimumSize().width() for item in items) + self.spacing() * (len(items) - 1)

    def _widths(self, items: Sequence[QLayoutItem], width: int) -> _Placed:
        """Each at its hint as far as there is room, the last first to give way; those that expand get what is left."""
        spare = max(0, width - self._least(items))
        widths = [min(item.minimumSize().width(), width) for item in items]
        expands = [bool(item.expandingDirections() & Qt.Orientation.Horizontal) for item in items]
        for index in sorted(range(len(items)), key=expands.__getitem__):
            most = items[index].maximumSize() if expands[index] else items[index].sizeHint()
            more = min(spare, max(0, most.width() - widths[index]))
            spare -= more
            widths[index] += more
        return list(zip(items, widths, strict=True))

    def _set_row(self, row: _Placed, left_ones: int, where: QRect) -> None:
        """The first ``left_ones`` from the left, the others up to the right end."""
        used = sum(width for _, width in row) + self.spacing() * (len(row) - 1)
        x = where.left()
        for index, (item, width) in enumerate(row):
            if index == left_ones:
                x += max(0, where.width() - used)
            height = min(item.sizeHint().height(), where.height())
            item.setGeometry(QRect(x, where.top() + (where.height() - height) // 2, width, height))
            x += width + self.spacing()
