"""How a table looks: quiet titles, hairlines between rows, boxes to tick as everywhere else."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QHeaderView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from desktop.theme import GAP, TYPE, draw_icon, sized, tokens
from desktop.widgets.tick_box import BOX_SIDE, draw_tick

__all__ = ["TICK_ROOM", "RunCells", "RunHeader"]

TICK_ROOM = BOX_SIDE + GAP.m
"""Pixels that a box takes before a name."""


class RunHeader(QHeaderView):
    """Titles in secondary type, the one that is sorted by with an arrow."""

    ARROW = 16
    """Pixels that the arrow takes."""

    def __init__(self, table: QTableView) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(24)
        self.viewport().setAutoFillBackground(False)

    def sizeHint(self) -> QSize:
        """A line of small type."""
        height = QFontMetrics(sized(self.font(), TYPE.secondary)).height() + GAP.m
        return QSize(super().sizeHint().width(), height)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:  # noqa: N802 - Qt's name
        """One title, and the line under it."""
        colours, model = tokens(self.palette()), self.model()
        across = Qt.Orientation.Horizontal
        title = str(model.headerData(section, across, Qt.ItemDataRole.DisplayRole))
        aligned = Qt.AlignmentFlag(model.headerData(section, across, Qt.ItemDataRole.TextAlignmentRole))
        right = bool(aligned & Qt.AlignmentFlag.AlignRight)
        painter.save()
        painter.setFont(sized(self.font(), TYPE.secondary))
        painter.setPen(QPen(QColor(colours.border), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        sorted_by = self.sortIndicatorSection() == section
        painter.setPen(QColor(colours.text if sorted_by else colours.secondary))
        room = rect.adjusted(0 if section == 0 else GAP.s, 0, -GAP.s, 0)
        if sorted_by:
            width = painter.fontMetrics().horizontalAdvance(title)
            x = room.right() - self.ARROW + 2 if right else room.left() + width + 2
            self._paint_arrow(painter, QRectF(x, rect.center().y() - 6, 12, 12), colours.text)
            room.setRight(room.right() - (self.ARROW if right else 0))
        painter.drawText(room, aligned, title)
        painter.restore()

    def _paint_arrow(self, painter: QPainter, box: QRectF, colour: str) -> None:
        painter.save()
        if self.sortIndicatorOrder() is Qt.SortOrder.AscendingOrder:
            painter.translate(box.center())
            painter.rotate(180)
            painter.translate(-box.center())
        draw_icon(painter, "arrow-down", colour, box)
        painter.restore()


class RunCells(QStyledItemDelegate):
    """Paints the cells."""

    def __init__(self, table: QTableView) -> None:
        super().__init__(table)
        self._table = table

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Ground, hairline, box, words, and the ring of the keyboard around the row."""
        colours, table, box = tokens(self._table.palette()), self._table, QRect(option.rect)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, QColor(colours.selected))
        elif table.hasFocus() and index.row() == table.currentIndex().row():
            painter.fillRect(box, QColor(colours.hover))
        painter.setPen(QPen(QColor(colours.border), 1))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        words = box.adjusted(0 if index.column() == 0 else GAP.s, 0, -GAP.s, 0)
        state = index.data(Qt.ItemDataRole.CheckStateRole)
        if index.column() == 0:
            words.setLeft(words.left() + GAP.xs)
        if state is not None:
            where = QRectF(words.left(), box.top() + (box.height() - BOX_SIDE) / 2, BOX_SIDE, BOX_SIDE)
            draw_tick(painter, colours, where, ticked=Qt.CheckState(state) is Qt.CheckState.Checked)
            words.setLeft(words.left() + BOX_SIDE + GAP.s)
        painter.setFont(table.font())
        painter.setPen(QColor(colours.text))
        aligned = Qt.AlignmentFlag(index.data(Qt.ItemDataRole.TextAlignmentRole))
        cut = table.fontMetrics().elidedText(str(index.data()), Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, aligned, cut)
        if table.hasFocus() and index == table.currentIndex():
            painter.setPen(QPen(QColor(colours.accent), 2))
            painter.drawRoundedRect(QRectF(box).adjusted(1, 1, -1, -2), 4, 4)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """The table says how high rows are."""
        return QSize(option.rect.width(), self._table.verticalHeader().defaultSectionSize())
