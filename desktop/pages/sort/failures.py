"""The files without an answer: name, and one sentence that says why and what to do. Any number of them."""

from __future__ import annotations

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop.pages.sort.state import SortState
from desktop.theme import GAP, ICON_SIDE, RADIUS, TYPE, draw_icon, sized, tokens
from models.errors import one_line

__all__ = ["FailureList"]

Index = QModelIndex | QPersistentModelIndex


class _Model(QAbstractListModel):
    """The state's failures as rows; each row's data is its :class:`~desktop.pages.sort.state.Item`'s number."""

    def __init__(self, state: SortState, parent: QWidget) -> None:
        super().__init__(parent)
        self._state = state
        self._numbers: list[int] = []

    def refresh(self) -> None:
        """Follow the state. New failures are appended, so the place in the list is kept while they come in."""
        numbers = self._state.failures()
        if numbers == self._numbers:
            return
        if numbers[: len(self._numbers)] == self._numbers:
            self.beginInsertRows(QModelIndex(), len(self._numbers), len(numbers) - 1)
            self._numbers = numbers
            self.endInsertRows()
        else:
            self.beginResetModel()
            self._numbers = numbers
            self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._numbers)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        number = self._numbers[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return number
        failure = self._state.items[number].failure
        if failure is not None and role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return str(failure.error) if role == Qt.ItemDataRole.DisplayRole else failure.source.label
        return None


class _Delegate(QStyledItemDelegate):
    """A mark, the sentence, and under it the folder."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, option.fontMetrics.height() * 2 + GAP.lg)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = tokens(option.palette)
        box = option.rect.adjusted(0, 1, -GAP.xs, -1)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.selected))
            painter.drawRoundedRect(box, RADIUS, RADIUS)
        mark = QRect(box.left() + GAP.s, box.center().y() - ICON_SIDE // 2, ICON_SIDE, ICON_SIDE)
        draw_icon(painter, "file-warning", colours.caution, mark.toRectF())
        text = box.adjusted(GAP.s + ICON_SIDE + GAP.m, GAP.s - 1, -GAP.s, 1 - GAP.s)
        half = text.height() // 2
        for where, words, colour, size, cut in (
            (QRect(text.left(), text.top(), text.width(), half), index.data(), colours.text, TYPE.body, "right"),
            (
                QRect(text.left(), text.top() + half, text.width(), half),
                index.data(Qt.ItemDataRole.ToolTipRole),
                colours.secondary,
                TYPE.secondary,
                "middle",
            ),
        ):
            painter.setFont(sized(option.font, size))
            painter.setPen(QColor(colour))
            mode = Qt.TextElideMode.ElideRight if cut == "right" else Qt.TextElideMode.ElideMiddle
            fitted = painter.fontMetrics().elidedText(one_line(words), mode, where.width())
            painter.drawText(where, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, fitted)
        painter.restore()


class FailureList(QListView):
    """The list.

    Signals:
        current_changed: number of the item the keyboard is on, -1 for none.
    """

    current_changed = Signal(int)

    def __init__(self, state: SortState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = _Model(state, self)
        self.setModel(self._model)
        self.setItemDelegate(_Delegate(self))
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Files without an answer")
        self.selectionModel().currentChanged.connect(lambda: self.current_changed.emit(self.current))

    @property
    def current(self) -> int:
        """Number of the item the keyboard is on, -1 for none."""
        index = self.currentIndex()
        return int(index.data(Qt.ItemDataRole.UserRole)) if index.isValid() else -1

    def refresh(self) -> None:
        """Follow the state."""
        self._model.refresh()
