"""A check-list: a row a check with a mark, its name, and the figure it came to; advice where it went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from desktop.theme import GAP, draw_icon, tokens
from desktop.widgets.labels import label

__all__ = ["CheckRow", "CheckRows", "Mark"]

_SIDE = 16
_ROW = 32


class Mark(Enum):
    """What came of a check."""

    PASSED = "passed"
    FAILED = "failed"
    NONE = "does not apply"


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One check.

    Attributes:
        mark: what came of it.
        name: what was looked at.
        figure: what it came to, in a few words; "" for nothing.
        advice: what to do, or what it means; shown under the row when the check failed, and as a tip.
    """

    mark: Mark
    name: str
    figure: str = ""
    advice: str = ""


class CheckRows(QWidget):
    """Shows checks, first on top, with a hairline between."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._shown: tuple[CheckRow, ...] = ()

    @property
    def rows(self) -> tuple[CheckRow, ...]:
        """What is shown."""
        return self._shown

    def set_rows(self, rows: Sequence[CheckRow]) -> None:
        """Show ``rows`` in place of those before."""
        self._shown = tuple(rows)
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()  # at once; deleting waits for the event loop
                widget.deleteLater()
        for place, row in enumerate(rows):
            self._column.addWidget(_Check(row, last=place == len(rows) - 1))


class _Sign(QWidget):
    """The mark of a check, in its colour."""

    def __init__(self, mark: Mark) -> None:
        super().__init__()
        self._mark = mark
        self.setFixedWidth(_SIDE)
        self.setAccessibleName(mark.value)

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(_SIDE, _SIDE)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The icon, in the middle."""
        colours = tokens(self.palette())
        name, colour = {
            Mark.PASSED: ("check", colours.good),
            Mark.FAILED: ("x", colours.bad),
            Mark.NONE: ("minus", colours.secondary),
        }[self._mark]
        draw_icon(QPainter(self), name, colour, QRectF(0, (self.height() - _SIDE) / 2, _SIDE, _SIDE))
        event.accept()


class _Check(QWidget):
    """One row; the figure stands at its right end where there is room, else under the name."""

    def __init__(self, row: CheckRow, *, last: bool) -> None:
        super().__init__()
        self._last, self._beside = last, True
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GAP.s)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(1, 1)
        self._grid.setRowMinimumHeight(0, _ROW)
        quiet = "secondary" if row.mark is Mark.NONE else ""
        self._name = label(row.name, quiet, wrap=True)
        self._figure = label(row.figure, "secondary")
        self._figure.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._grid.addWidget(_Sign(row.mark), 0, 0)
        self._grid.addWidget(self._name, 0, 1)
        self._grid.addWidget(self._figure, 0, 2)
        if row.mark is Mark.FAILED and row.advice:
            advice = label(row.advice, "secondary", wrap=True)
            advice.setContentsMargins(0, 0, 0, GAP.s)
            self._grid.addWidget(advice, 2, 1, 1, 2)
        self.setToolTip(row.advice)
        self.setAccessibleName(f"{row.name}: {row.mark.value}")
        self._figure.setVisible(bool(row.figure))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the figure where it has room."""
        super().resizeEvent(event)
        needed = sum(one.fontMetrics().horizontalAdvance(one.text()) for one in (self._name, self._figure))
        self._place(beside=_SIDE + needed + 3 * GAP.s <= self.width())

    def _place(self, *, beside: bool) -> None:
        if beside == self._beside:
            return
        self._beside = beside
        self._grid.removeWidget(self._figure)
        if beside:
            self._grid.addWidget(self._figure, 0, 2)
        else:
            self._grid.addWidget(self._figure, 1, 1, 1, 2)
        self._figure.setContentsMargins(0, 0, 0, 0 if beside else GAP.s)
        self._figure.setWordWrap(not beside)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The hairline under the row."""
        if not self._last:
            painter = QPainter(self)
            painter.setPen(QColor(tokens(self.palette()).border))
            painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        event.accept()
