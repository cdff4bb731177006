"""Named values as bars with numbers: how sure, of what. Length and number say it, colour only repeats it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.theme import GAP, tokens

__all__ = ["Bars"]

_BAR = 6
_LEAST = 0.005  # below it the number says 0 %, and so does the bar


class Bars(QWidget):
    """A row for each (name, fraction 0 to 1), longest names cut."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[tuple[str, float], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_rows(self, rows: Sequence[tuple[str, float]]) -> None:
        """Show ``rows``, first on top."""
        self._rows = tuple(rows)
        self.setAccessibleName(", ".join(f"{name} {fraction:.0%}" for name, fraction in self._rows))
        self.updateGeometry()
        self.update()

    def _row_height(self) -> int:
        return self.fontMetrics().height() + GAP.m

    def sizeHint(self) -> QSize:
        """All rows."""
        return QSize(240, self._row_height() * len(self._rows))

    def minimumSizeHint(self) -> QSize:
        """All rows, at a width where names can still be read."""
        return QSize(160, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Name, bar, number."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = tokens(self.palette())
        metrics = self.fontMetrics()
        numbers = metrics.horizontalAdvance("100 %") + GAP.s
        names = max(72, min(self.width() * 2 // 5, 160))
        height = self._row_height()
        for place, (name, fraction) in enumerate(self._rows):
            row = QRect(0, place * height, self.width(), height)
            font = QFont(self.font())
            font.setWeight(QFont.Weight.DemiBold if place == 0 else QFont.Weight.Normal)
            painter.setFont(font)
            painter.setPen(QColor(colours.text))
            cut = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, names - GAP.s)
            painter.drawText(row, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, cut)
            painter.drawText(
                row, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, f"{fraction:.0%}"[:-1] + " %"
            )
            bar = QRectF(names, row.center().y() - _BAR / 2 + 0.5, self.width() - names - numbers, _BAR)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.track))
            painter.drawRoundedRect(bar, _BAR / 2, _BAR / 2)
            if fraction < _LEAST:
                continue
            bar.setWidth(max(_BAR, bar.width() * fraction))
            painter.setBrush(QColor(colours.accent if place == 0 else colours.secondary))
            painter.drawRoundedRect(bar, _BAR / 2, _BAR / 2)
        event.accept()
