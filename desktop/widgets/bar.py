"""One horizontal bar and the number beside it: length and number say how sure, colour only repeats it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

__all__ = ["draw_bar", "percent"]

_LEAST = 0.005  # below it the number says 0 %, and so does the bar


def percent(fraction: float) -> str:
    """``fraction``, 0 to 1, in words: "62 %"."""
    return f"{fraction * 100:.0f} %"


def draw_bar(painter: QPainter, box: QRectF, fraction: float, colour: str, track: str) -> None:
    """Fill ``fraction`` (0 to 1) of ``box`` with ``colour`` on ``track`` (#RRGGBB), with round ends."""
    round_by = box.height() / 2
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(track))
    painter.drawRoundedRect(box, round_by, round_by)
    if fraction >= _LEAST:
        painter.setBrush(QColor(colour))
        filled = QRectF(box)
        filled.setWidth(max(box.height(), box.width() * min(1.0, fraction)))
        painter.drawRoundedRect(filled, round_by, round_by)
