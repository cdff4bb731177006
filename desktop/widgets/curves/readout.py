"""What is painted over the curves: the best place, the cross-hair, and a small table of the values there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from desktop.theme import GAP, RADIUS, Tokens

__all__ = ["Reading", "draw_band", "draw_best", "draw_dot", "draw_readings"]

_DOT = 3.5
_SAMPLE = 10  # pixels of line before a name


@dataclass(frozen=True, slots=True)
class Reading:
    """One curve's value at the cross-hair: ``colour`` is #RRGGBB; ``smoothed`` is "" where nothing is smoothed."""

    name: str
    colour: str
    value: str
    smoothed: str = ""


def draw_dot(painter: QPainter, where: QPointF, colour: str, ground: str) -> None:
    """A point of a curve, with a rim that sets it off."""
    painter.setPen(QPen(QColor(ground), 1.5))
    painter.setBrush(QColor(colour))
    painter.drawEllipse(where, _DOT, _DOT)


def draw_best(painter: QPainter, font: QFont, colours: Tokens, box: QRectF, x: float, word: str) -> None:
    """A dashed line through ``box`` at ``x``, and ``word`` at its upper end."""
    pen = QPen(QColor(colours.good), 1.25)
    pen.setDashPattern([4.0, 3.0])
    painter.setPen(pen)
    painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))
    if not word:
        return
    metrics = QFontMetricsF(font)
    width, height = metrics.horizontalAdvance(word) + GAP.s, metrics.height()
    left = x + GAP.xs if x + GAP.xs + width <= box.right() else x - GAP.xs - width
    chip = QRectF(left, box.top() + 1, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours.surface))
    painter.drawRoundedRect(chip, 3, 3)
    painter.setFont(font)
    painter.setPen(QColor(colours.good))
    painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, word)


def draw_band(painter: QPainter, colours: Tokens, box: QRectF, left: float, right: float) -> None:
    """The stretch of ``box`` that a person is drawing around, to look closer."""
    ground = QColor(colours.accent)
    ground.setAlpha(40)
    band = QRectF(QPointF(max(box.left(), min(left, right)), box.top()), QPointF(max(left, right), box.bottom()))
    painter.fillRect(band.intersected(box), ground)


def draw_readings(
    painter: QPainter, font: QFont, colours: Tokens, box: QRectF, x: float, title: str, readings: Sequence[Reading]
) -> None:
    """A line through ``box`` at ``x``, and beside it ``title`` and a row for each reading."""
    painter.setPen(QPen(QColor(colours.secondary), 1))
    painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))
    metrics = QFontMetricsF(font)
    smoothed = any(one.smoothed for one in readings)
    heads = (title, "value" if smoothed else "", "smoothed" if smoothed else "")
    rows = [(_SAMPLE + GAP.xs + metrics.horizontalAdvance(one.name), one.value, one.smoothed) for one in readings]
    first = max((metrics.horizontalAdvance(heads[0]), *(row[0] for row in rows)))
    widths = [
        max(metrics.horizontalAdvance(text) for text in (heads[at], *(str(row[at]) for row in rows))) for at in (1, 2)
    ]
    width = first + sum(one + GAP.m for one in widths if one) + 2 * GAP.s
    line = metrics.height() + 2
    panel = QRectF(x + GAP.m, box.top() + GAP.xs, width, line * (len(readings) + 1) + GAP.s)
    if panel.right() > box.right() + GAP.s:
        panel.moveRight(x - GAP.m)
    panel.moveLeft(max(panel.left(), GAP.xs))
    painter.setPen(QPen(QColor(colours.border), 1))
    painter.setBrush(QColor(colours.raised))
    painter.drawRoundedRect(panel, RADIUS, RADIUS)
    painter.setFont(font)
    row = QRectF(panel.left() + GAP.s, panel.top() + GAP.xs, width - 2 * GAP.s, line)
    painter.setPen(QColor(colours.secondary))
    _draw_row(painter, row, heads, widths)
    for one in readings:
        row.translate(0, line)
        middle = row.center().y()
        painter.setPen(QPen(QColor(one.colour), 2))
        painter.drawLine(QPointF(row.left(), middle), QPointF(row.left() + _SAMPLE, middle))
        painter.setPen(QColor(colours.text))
        _draw_row(painter, row, ("", one.value, one.smoothed), widths)
        name = row.adjusted(_SAMPLE + GAP.xs, 0, 0, 0)
        painter.drawText(name, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, one.name)


def _draw_row(painter: QPainter, row: QRectF, texts: Sequence[str], widths: Sequence[float]) -> None:
    painter.drawText(row, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, texts[0])
    right = QRectF(row)
    for text, width in zip(reversed(texts[1:]), reversed(widths), strict=True):
        if width:
            painter.drawText(right, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)
            right.setRight(right.right() - width - GAP.m)
