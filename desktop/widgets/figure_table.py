"""A small table of figures: names at the left, numbers under one another at the right, what counts in bold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop.theme import GAP, TYPE, draw_icon, sized, tokens

__all__ = ["Column", "FigureRow", "FigureTable"]

_ICON = 18
_LEAST_NAME = 160
_LEAST_COLUMNS = 2


@dataclass(frozen=True, slots=True)
class Column:
    """One column of numbers: its title, and what it means."""

    title: str
    tip: str = ""


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One row.

    Attributes:
        name: at the left.
        figures: a text for each column of numbers.
        note: a few words under the name.
        icon: of the theme, before the name; "" for none.
        strong: whether it stands out.
    """

    name: str
    figures: tuple[str, ...]
    note: str = ""
    icon: str = ""
    strong: bool = False


class FigureTable(QWidget):
    """The table; it only shows.

    Args:
        name: title of the column of names.
        columns: of numbers.
        least: pixels that a name keeps before columns are left out.
    """

    def __init__(
        self, name: str, columns: Sequence[Column], *, least: int = _LEAST_NAME, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._name, self._columns, self._least = name, tuple(columns), least
        self._rows: tuple[FigureRow, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def rows(self) -> tuple[FigureRow, ...]:
        """What is shown, first on top."""
        return self._rows

    def set_rows(self, rows: Sequence[FigureRow]) -> None:
        """Show ``rows``, first on top."""
        self._rows = tuple(rows)
        titles = [column.title for column in self._columns]
        self.setAccessibleName("; ".join(_spoken(row, titles) for row in self._rows))
        self.updateGeometry()
        self.update()

    # -- size ---------------------------------------------------------------------------------------------------------

    def _small(self) -> QFont:
        return sized(self.font(), TYPE.secondary)

    def _header(self) -> int:
        return QFontMetrics(self._small()).height() + GAP.m

    def _row_height(self) -> int:
        notes = any(row.note for row in self._rows)
        more = QFontMetrics(self._small()).height() + 2 if notes else 0
        return max(32, self.fontMetrics().height() + GAP.m) + more

    def _widths(self) -> list[int]:
        strong = QFont(self.font())
        strong.setWeight(QFont.Weight.DemiBold)
        wide, small = QFontMetrics(strong), QFontMetrics(self._small())
        return [
            max(
                small.horizontalAdvance(column.title),
                *(wide.horizontalAdvance(row.figures[place]) for row in self._rows),
                0,
            )
            + GAP.xl
            for place, column in enumerate(self._columns)
        ]

    def sizeHint(self) -> QSize:
        """All rows."""
        return QSize(
            self._least + sum(self._widths()) + 2 * GAP.lg, self._header() + self._row_height() * len(self._rows)
        )

    def minimumSizeHint(self) -> QSize:
        """All rows; where there is too little room, names are cut and the last columns are left out."""
        return QSize(self._least + sum(self._widths()[:_LEAST_COLUMNS]) + 2 * GAP.lg, self.sizeHint().height())

    def _fitting(self) -> list[int]:
        """The widths of the columns for which there is room, from the first on."""
        widths = self._widths()
        while len(widths) > _LEAST_COLUMNS and self._least + sum(widths) + 2 * GAP.lg > self.width():
            widths.pop()
        return widths

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self.updateGeometry()

    def event(self, event: QEvent) -> bool:
        """Say what a column means, and a name in full."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            self._tell(event)
            return True
        return super().event(event)

    def _tell(self, event: QHelpEvent) -> None:
        right = self.width() - GAP.lg
        place = (event.pos().y() - self._header()) // self._row_height() if self._rows else -1
        widths = self._fitting()
        for column, width in zip(reversed(self._columns[: len(widths)]), reversed(widths), strict=True):
            if right - width < event.pos().x() <= right:
                QToolTip.showText(event.globalPos(), column.tip or column.title, self)
                return
            right -= width
        if 0 <= place < len(self._rows):
            row = self._rows[place]
            QToolTip.showText(event.globalPos(), f"{row.name}\n{row.note}".strip(), self)

    # -- painting -----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Titles, rows, hairlines between."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = tokens(self.palette())
        widths = self._fitting()
        header = QRect(GAP.lg, 0, self.width() - 2 * GAP.lg, self._header())
        painter.setFont(self._small())
        painter.setPen(QColor(colours.secondary))
        painter.drawText(header, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self._name)
        self._across(painter, [column.title for column in self._columns], widths, header)
        height = self._row_height()
        for place, row in enumerate(self._rows):
            box = QRect(GAP.lg, header.bottom() + 1 + place * height, header.width(), height)
            painter.setPen(QPen(QColor(colours.border), 1))
            painter.drawLine(0, box.top(), self.width(), box.top())
            self._paint_row(painter, row, box, widths)
        event.accept()

    def _across(self, painter: QPainter, texts: Sequence[str], widths: Sequence[int], box: QRect) -> None:
        """The cells of the numbers, to the right in their columns."""
        right = box.right() + 1
        for text, width in zip(reversed(texts[: len(widths)]), reversed(widths), strict=True):
            cell = QRect(right - width, box.top(), width, box.height())
            painter.drawText(cell, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)
            right -= width

    def _paint_row(self, painter: QPainter, row: FigureRow, box: QRect, widths: Sequence[int]) -> None:
        colours = tokens(self.palette())
        font = QFont(self.font())
        if row.strong:
            font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(QColor(colours.text))
        self._across(painter, row.figures, widths, box)
        indent = _ICON + GAP.s if any(one.icon for one in self._rows) else 0
        room = box.width() - sum(widths) - indent
        high, low = QFontMetrics(font).height(), QFontMetrics(self._small()).height() + 2 if row.note else 0
        top = box.top() + (box.height() - high - low) // 2
        if row.icon:
            where = QRectF(box.left(), top + (high - _ICON) / 2, _ICON, _ICON)
            draw_icon(painter, row.icon, colours.accent, where)
        left = box.left() + indent
        cut = painter.fontMetrics().elidedText(row.name, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(left, top, room, high), Qt.AlignmentFlag.AlignLeft, cut)
        if row.note:
            painter.setFont(self._small())
            painter.setPen(QColor(colours.accent if row.icon else colours.secondary))
            said = painter.fontMetrics().elidedText(row.note, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRect(left, top + high + 2, room, low), Qt.AlignmentFlag.AlignLeft, said)


def _spoken(row: FigureRow, titles: Sequence[str]) -> str:
    figures = ", ".join(f"{title} {figure}" for title, figure in zip(titles, row.figures, strict=True))
    return f"{row.name}{f' ({row.note})' if row.note else ''}: {figures}"
