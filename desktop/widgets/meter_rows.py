"""Rows of a name, a thin bar, and what it comes to: how far something is, or how much of it there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop.theme import GAP, tokens
from desktop.widgets.bar import draw_bar

__all__ = ["Meter", "MeterRows"]

_BAR = 6
_LEAST_BAR = 40
_LARGEST_NAME = 0.45  # of the width
_ROW = 28


@dataclass(frozen=True, slots=True)
class Meter:
    """One row.

    Attributes:
        name: at the left.
        fraction: how much of the bar is filled, 0 to 1; None for no bar.
        value: at the right, such as "24 / 30" or "5.2 GB".
        tip: says more of it.
    """

    name: str
    fraction: float | None
    value: str
    tip: str = ""


class MeterRows(QWidget):
    """The rows; their bars begin and end under one another. It only shows.

    Args:
        title: what they are, for who can't see them.
        quiet: whether the names are secondary beside the values.
    """

    def __init__(self, title: str, *, quiet: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._quiet = title, quiet
        self._rows: tuple[Meter, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(title)

    @property
    def rows(self) -> tuple[Meter, ...]:
        """What is shown, first on top."""
        return self._rows

    def set_rows(self, rows: Sequence[Meter]) -> None:
        """Show ``rows``, first on top."""
        if tuple(rows) == self._rows:
            return
        moved = len(rows) != len(self._rows)
        self._rows = tuple(rows)
        self.setAccessibleDescription(", ".join(f"{row.name} {row.value}" for row in self._rows))
        if moved:
            self.updateGeometry()
        self.update()

    def bar_box(self, place: int) -> QRectF:
        """Where the bar of a row lies."""
        left, right = self._columns()
        middle = (place + 0.5) * self._row_height()
        return QRectF(left, middle - _BAR / 2, right - left, _BAR)

    def _columns(self) -> tuple[float, float]:
        """Left and right end of the bars; names give way before values do."""
        metrics = self.fontMetrics()
        names = max((metrics.horizontalAdvance(row.name) for row in self._rows), default=0)
        values = max((metrics.horizontalAdvance(row.value) for row in self._rows), default=0)
        right = self.width() - values - GAP.m
        left = min(max(names, self.width() // 4), round(self.width() * _LARGEST_NAME)) + GAP.m
        return max(0, min(left, right - _LEAST_BAR)), max(_LEAST_BAR, right)

    def _row_height(self) -> int:
        return max(_ROW, self.fontMetrics().height() + GAP.s)

    def sizeHint(self) -> QSize:
        """All rows."""
        return QSize(240, self._row_height() * len(self._rows))

    def minimumSizeHint(self) -> QSize:
        """All rows, at a width where bars can still be compared."""
        return QSize(160, self.sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self.updateGeometry()

    def event(self, event: QEvent) -> bool:
        """Say a name in full, and more of it."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            place = event.pos().y() // self._row_height()
            if 0 <= place < len(self._rows):
                row = self._rows[place]
                QToolTip.showText(event.globalPos(), f"{row.name}: {row.value}\n{row.tip}".strip(), self)
                return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Names, bars, values."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours, metrics, height = tokens(self.palette()), self.fontMetrics(), self._row_height()
        left, _ = self._columns()
        for place, row in enumerate(self._rows):
            box = QRect(0, place * height, self.width(), height)
            value = metrics.horizontalAdvance(row.value)
            room = round(left) - GAP.m if row.fraction is not None else box.width() - value - GAP.m
            cut = metrics.elidedText(row.name, Qt.TextElideMode.ElideRight, room + 1)
            painter.setPen(QColor(colours.secondary if self._quiet else colours.text))
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, cut)
            painter.setPen(QColor(colours.text))
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, row.value)
            if row.fraction is not None:
                draw_bar(painter, self.bar_box(place), row.fraction, colours.accent, colours.track)
        event.accept()
