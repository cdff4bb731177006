"""A key as it is printed on a keyboard: its name in a small rounded box."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from desktop.theme import Tokens, sized

__all__ = ["cap_size", "draw_cap"]

_SIZE = 11  # of the type scale: a step under secondary, since the box gives it weight
_CORNER = 4
_PADDING = 5


def cap_size(font: QFont, key: str) -> QSizeF:
    """How large the cap of ``key`` is beside text in ``font``; at least a square."""
    metrics = QFontMetricsF(sized(font, _SIZE))
    height = float(round(metrics.height()) + 4)
    return QSizeF(max(height, round(metrics.horizontalAdvance(key)) + 2.0 * _PADDING), height)


def draw_cap(painter: QPainter, font: QFont, colours: Tokens, box: QRectF, key: str) -> None:
    """Draw the cap of ``key`` into ``box``, which has the size :func:`cap_size` says."""
    painter.setPen(QPen(QColor(colours.border), 1))
    painter.setBrush(QColor(colours.surface))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), _CORNER, _CORNER)
    painter.setFont(sized(font, _SIZE))
    painter.setPen(QColor(colours.secondary))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, key)
