"""How a tile looks, in words and numbers, and how the lines under its picture are drawn."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter

from desktop.theme import GAP, Tokens, draw_icon, sized
from desktop.widgets.bar import draw_bar, percent

__all__ = ["CORRECTED", "Chip", "Tile", "draw_chips", "footer_height"]

CORRECTED = "corrected"
"""The mark that is shown as a check, not as a word."""

_SMALL = 11  # of the type scale: what stands on and under a tile is quieter than any other text
_BAR = 4
_THIN_BAR = 3
_FEWEST_LETTERS = 4  # of a name, or its number gives way


@dataclass(frozen=True, slots=True)
class Chip:
    """The answer to one question, as a line under a tile: ``fraction`` is how sure (0 to 1, None: nothing to say),
    ``mark`` whether a person has said it, ``colour`` of the bar (#RRGGBB; "" for the accent).
    """

    text: str
    fraction: float | None
    mark: bool = False
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    """How one tile looks.

    Attributes:
        fraction: fills the bar under the picture, 0 to 1; None: no bar.
        mark: a word in the picture's corner, or :data:`CORRECTED`.
        chips: a line each, instead of the bar; as many as :meth:`TileGrid.set_lines` has made room for.
    """

    fraction: float | None = None
    mark: str = ""
    chips: tuple[Chip, ...] = ()


def footer_height(font: QFont, lines: int) -> int:
    """Pixels under each picture: a bar's where ``lines`` is 0, else those of so many lines with thin bars."""
    if not lines:
        return GAP.xs + _BAR
    return GAP.xs + lines * _line_height(font) - GAP.xs


def _line_height(font: QFont) -> int:
    return QFontMetrics(sized(font, _SMALL)).height() + _THIN_BAR + GAP.xs + 1


def draw_chips(painter: QPainter, font: QFont, colours: Tokens, tile: Tile, footer: QRectF) -> None:
    """Draw the bar of ``tile``, or its lines, into ``footer``, :func:`footer_height` high."""
    if not tile.chips:
        if tile.fraction is not None:
            bar = QRectF(footer.left(), footer.top() + GAP.xs, footer.width(), _BAR)
            draw_bar(painter, bar, tile.fraction, colours.accent, colours.track)
        return
    step = _line_height(font)
    for place, chip in enumerate(tile.chips):
        top = footer.top() + GAP.xs + place * step
        if top + step - GAP.xs > footer.bottom() + 1:
            return  # no room was made for it
        _draw_chip(painter, sized(font, _SMALL), colours, chip, QRectF(footer.left(), top, footer.width(), step))


def _draw_chip(painter: QPainter, font: QFont, colours: Tokens, chip: Chip, box: QRectF) -> None:
    painter.setFont(font)
    metrics = painter.fontMetrics()
    line = QRectF(box.left(), box.top(), box.width(), metrics.height())
    check = line.height() + 2 if chip.mark else 0.0
    room = line.width()
    number = percent(chip.fraction) if chip.fraction is not None and not chip.colour else ""
    least = check + _FEWEST_LETTERS * metrics.averageCharWidth()
    if number and room - metrics.horizontalAdvance(number) - GAP.xs >= least:  # else the bar alone says it
        painter.setPen(QColor(colours.secondary))
        painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, number)
        room -= metrics.horizontalAdvance(number) + GAP.xs
    left = line.left()
    if chip.mark:
        draw_icon(painter, "check", colours.accent, QRectF(left, line.top(), line.height(), line.height()))
        left, room = left + check, room - check
    painter.setPen(QColor(colours.text))
    cut = metrics.elidedText(chip.text, Qt.TextElideMode.ElideRight, max(0, int(room)))
    name = QRectF(left, line.top(), max(0.0, room), line.height())
    painter.drawText(name, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, cut)
    bar = QRectF(box.left(), line.bottom() + 1, box.width(), _THIN_BAR)
    draw_bar(painter, bar, chip.fraction or 0.0, chip.colour or colours.accent, colours.track)
