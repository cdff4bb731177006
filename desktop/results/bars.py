"""Rows that only show: a swatch of colour, a name, a bar and a few words at its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop.theme import GAP, tokens
from desktop.widgets.bar import draw_bar

__all__ = ["Bar", "Bars"]

_THICK = 6
_SHORTEST = 16  # a bar that can't be longer than this says nothing, and its room goes to the name
_NAMES = 0.5  # of the width, at most
_SWATCH = 12
_CORNER = 3
_MARK = 5  # how far a mark stands out over and under its bar


@dataclass(frozen=True, slots=True)
class Bar:
    """One row.

    Attributes:
        name: what it is about.
        fraction: the length of its bar, 0 to 1.
        words: at its end, such as "62 %".
        swatch: its colour in the picture, #RRGGBB; "" for an empty frame, which stands for no colour; None for no
            swatch at all.
        strong: whether it is one that counts.
    """

    name: str
    fraction: float
    words: str
    swatch: str | None = None
    strong: bool = False


class Bars(QWidget):
    """The rows, first on top.

    Args:
        rows: what they show.
        mark: a fraction, 0 to 1, that is marked on every bar; None for none.
    """

    def __init__(self, rows: Sequence[Bar], *, mark: float | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = tuple(rows)
        self._mark = mark
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(", ".join(f"{row.name} {row.words}" for row in self._rows))

    @property
    def rows(self) -> tuple[Bar, ...]:
        """What is shown, first on top."""
        return self._rows

    def _row_height(self) -> int:
        return self.fontMetrics().height() + GAP.s

    def sizeHint(self) -> QSize:
        """All rows."""
        return QSize(240, self._row_height() * len(self._rows))

    def minimumSizeHint(self) -> QSize:
        """All rows, at a width where names can still be read."""
        return QSize(160, self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        """Say a name in full where it is cut."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            place = event.pos().y() // self._row_height()
            if 0 <= place < len(self._rows):
                QToolTip.showText(event.globalPos(), self._rows[place].name, self)
                return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Swatch, name, bar and words; in bold what counts."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        strong = QFont(self.font())
        strong.setWeight(QFont.Weight.DemiBold)
        metrics = QFontMetrics(strong)
        left = _SWATCH + GAP.s if any(row.swatch is not None for row in self._rows) else 0
        words = max((metrics.horizontalAdvance(row.words) for row in self._rows), default=0) + GAP.s
        wished = max((metrics.horizontalAdvance(row.name) for row in self._rows), default=0) + GAP.m + 1
        room = self.width() - left - words
        names = min(wished, int(self.width() * _NAMES))
        names = names if room - names >= _SHORTEST else room
        for place, row in enumerate(self._rows):
            painter.setFont(strong if row.strong else self.font())
            box = QRectF(0, place * self._row_height(), self.width(), self._row_height())
            self._paint_row(painter, row, box, left, names, words)
        event.accept()

    def _paint_row(self, painter: QPainter, row: Bar, box: QRectF, left: int, names: int, words: int) -> None:
        colours = tokens(self.palette())
        middle = box.center().y()
        if row.swatch is not None:
            painter.setPen(QPen(QColor(colours.secondary), 1))
            painter.setBrush(QColor(row.swatch) if row.swatch else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(0.5, middle - _SWATCH / 2, _SWATCH, _SWATCH), _CORNER, _CORNER)
        painter.setPen(QColor(colours.text))
        said = QRectF(left, box.top(), names - GAP.m, box.height())
        cut = painter.fontMetrics().elidedText(row.name, Qt.TextElideMode.ElideRight, int(said.width()))
        painter.drawText(said, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, cut)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, row.words)
        bar = QRectF(left + names, middle - _THICK / 2, self.width() - left - names - words, _THICK)
        if bar.width() < _SHORTEST:
            return
        draw_bar(painter, bar, row.fraction, colours.accent if row.strong else colours.secondary, colours.track)
        if self._mark is not None:
            x = bar.left() + bar.width() * self._mark
            painter.fillRect(QRectF(x - 0.5, bar.top() - _MARK, 1, _THICK + 2 * _MARK), QColor(colours.text))
