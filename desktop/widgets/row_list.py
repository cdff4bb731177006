"""A plain list of names with details at the right, of which one is hot. Painted where it is seen, any length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCharFormat,
    QTextLayout,
)
from PySide6.QtWidgets import QAbstractScrollArea, QSizePolicy, QToolTip, QWidget

from desktop.theme import GAP, TYPE, draw_icon, sized, tokens
from desktop.widgets.key_cap import cap_size, draw_cap

__all__ = ["Row", "RowList"]

_CORNER = 5
_SWATCH = 10


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    Attributes:
        title: what it is called.
        detail: a word or number at the right.
        letters: indices into ``title`` of letters that stand out.
        icon: of the theme, before the title; "" for none.
        key: of the keyboard, which takes the row; drawn before the title, "" for none.
        colour: #RRGGBB of a square before the title; "" for none.
        heading: whether it is no row to take but stands over those that follow.
    """

    title: str
    detail: str = ""
    letters: tuple[int, ...] = ()
    icon: str = ""
    key: str = ""
    colour: str = ""
    heading: bool = False


class RowList(QAbstractScrollArea):
    """The rows. It has no keyboard of its own: whoever owns it moves ``hot``.

    Args:
        row: height of a row at 100 % text size, pixels; larger text makes it higher.
        most: rows that are shown before it scrolls; 0 fills whatever room there is.
        accent: whether the hot row is filled with the accent, else with a quiet ground.

    Signals:
        clicked: place of the row that was clicked, 0 on top.
        hovered: place of the row the pointer has moved onto.
    """

    clicked = Signal(int)
    hovered = Signal(int)

    def __init__(self, *, row: int = 32, most: int = 0, accent: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row, self._most, self._accent = row, most, accent
        self._rows: tuple[Row, ...] = ()
        self._hot = -1
        self._pointer = QPoint()
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        vertical = QSizePolicy.Policy.Fixed if most else QSizePolicy.Policy.Expanding
        self.setSizePolicy(QSizePolicy.Policy.Expanding, vertical)

    @property
    def rows(self) -> tuple[Row, ...]:
        """What is shown, first on top."""
        return self._rows

    @property
    def hot(self) -> int:
        """Place of the row that stands out, -1 for none."""
        return self._hot

    def set_rows(self, rows: Sequence[Row], hot: int = -1) -> None:
        """Show ``rows``, the one at ``hot`` standing out and scrolled to."""
        self._rows = tuple(rows)
        self.setAccessibleName(", ".join(f"{row.title} {row.detail}".strip() for row in self._rows))
        self._set_range()
        self._hot = -1
        self.updateGeometry()
        self.set_hot(hot)
        self.viewport().update()

    def set_hot(self, place: int, *, scroll: bool = True) -> None:
        """Let the row at ``place`` stand out, -1 for none."""
        if place != self._hot:
            self._hot = place
            self.viewport().update()
        if place >= 0 and scroll:
            bar, top = self.verticalScrollBar(), place * self.row_height()
            bar.setValue(max(min(bar.value(), top), top + self.row_height() - self._height()))

    def row_height(self) -> int:
        """Pixels of a row at the present text size."""
        return max(self._row, self.fontMetrics().height() + GAP.m)

    def row_at(self, point: QPoint) -> int:
        """Place of the row at a point of the viewport, -1 outside the rows."""
        place = (point.y() + self.verticalScrollBar().value()) // self.row_height()
        return place if self.viewport().rect().contains(point) and place < len(self._rows) else -1

    # -- size ---------------------------------------------------------------------------------------------------------

    def _height(self) -> int:
        return self.sizeHint().height() if self._most else self.viewport().height()

    def sizeHint(self) -> QSize:
        """All rows, or as many as there may be at most."""
        shown = min(len(self._rows), self._most) if self._most else len(self._rows)
        return QSize(200, shown * self.row_height())

    def minimumSizeHint(self) -> QSize:
        """All that is to be seen at once, else a few rows."""
        return QSize(120, self.sizeHint().height() if self._most else 3 * self.row_height())

    def _set_range(self) -> None:
        bar = self.verticalScrollBar()
        bar.setSingleStep(self.row_height())
        bar.setPageStep(self._height())
        bar.setRange(0, max(0, len(self._rows) * self.row_height() - self._height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Scroll as far as there are rows."""
        super().resizeEvent(event)
        self._set_range()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self.updateGeometry()
            self._set_range()

    # -- mouse --------------------------------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell which row the pointer is on; a list that appears under a pointer at rest says nothing."""
        place, point = self.row_at(event.position().toPoint()), event.globalPosition().toPoint()
        if place >= 0 and point != self._pointer:
            self.hovered.emit(place)
        self._pointer = point

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tell which row was clicked."""
        place = self.row_at(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and place >= 0:
            self.clicked.emit(place)

    def viewportEvent(self, event: QEvent) -> bool:
        """Say a title in full."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            place = self.row_at(event.pos())
            if place >= 0:
                QToolTip.showText(event.globalPos(), self._rows[place].title, self)
            return True
        return super().viewportEvent(event)

    # -- painting -----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows that touch the changed part."""
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        height, offset = self.row_height(), self.verticalScrollBar().value()
        first = (event.rect().top() + offset) // height
        last = (event.rect().bottom() + offset) // height
        for place in range(max(0, first), min(len(self._rows), last + 1)):
            box = QRect(0, place * height - offset, self.viewport().width(), height)
            self._paint_row(painter, self._rows[place], box, hot=place == self._hot)

    def _paint_row(self, painter: QPainter, row: Row, box: QRect, *, hot: bool) -> None:
        colours = tokens(self.palette())
        inverted = hot and self._accent
        text = colours.on_accent if inverted else colours.text
        quiet = colours.on_accent if inverted else colours.secondary
        if hot:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.accent if inverted else colours.selected))
            painter.drawRoundedRect(QRectF(box).adjusted(0, 1, 0, -1), _CORNER, _CORNER)
        inner = box.adjusted(GAP.s, 0, -GAP.s, 0)
        inner.setLeft(inner.left() + self._paint_marks(painter, row, inner))
        if row.detail:
            painter.setFont(sized(self.font(), TYPE.secondary))
            painter.setPen(QColor(quiet))
            painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, row.detail)
            inner.setRight(inner.right() - painter.fontMetrics().horizontalAdvance(row.detail) - GAP.m)
        if row.icon:
            side = self.fontMetrics().height()
            where = QRectF(inner.left(), box.top() + (box.height() - side) / 2, side, side)
            draw_icon(painter, row.icon, text if inverted else colours.accent, where)
            inner.setLeft(inner.left() + side + GAP.s)
        painter.setPen(QColor(quiet if row.heading else text))
        font = QFont(self.font())
        if row.heading:
            font.setWeight(QFont.Weight.DemiBold)
        _draw_title(painter, font, inner, row, None if inverted else colours.accent)

    def _paint_marks(self, painter: QPainter, row: Row, box: QRect) -> int:
        """Key and square at the left of ``box``; the pixels that they take. Rows of a list with keys stand in line."""
        colours = tokens(self.palette())
        taken = 0
        if not row.heading and any(one.key for one in self._rows):
            size = cap_size(self.font(), "9")
            if row.key:
                cap = QRectF(box.left(), box.top() + (box.height() - size.height()) / 2, size.width(), size.height())
                draw_cap(painter, self.font(), colours, cap, row.key)
            taken += round(size.width()) + GAP.s
        if row.colour:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(row.colour))
            top = box.top() + (box.height() - _SWATCH) / 2
            painter.drawRoundedRect(QRectF(box.left() + taken, top, _SWATCH, _SWATCH), 2, 2)
            taken += _SWATCH + GAP.s
        return taken


def _draw_title(painter: QPainter, font: QFont, box: QRect, row: Row, colour: str | None) -> None:
    """The title of ``row``, cut to the width of ``box``, its letters that stand out strong and in ``colour``."""
    strong = QFont(font)
    strong.setWeight(QFont.Weight.DemiBold)
    cut = QFontMetrics(strong if row.letters else font).elidedText(
        row.title, Qt.TextElideMode.ElideRight, max(0, box.width())
    )
    kept = len(cut) if cut == row.title else len(cut) - 1
    ranges = []
    for index in row.letters:
        if index < kept:
            found = QTextLayout.FormatRange()
            found.start, found.length = _units(cut[:index]), _units(cut[index])
            found.format = QTextCharFormat()
            found.format.setFontWeight(QFont.Weight.DemiBold)
            if colour is not None:
                found.format.setForeground(QColor(colour))
            ranges.append(found)
    layout = QTextLayout(cut, font)
    layout.setFormats(ranges)
    layout.beginLayout()
    line = layout.createLine()
    if line.isValid():
        line.setLineWidth(1 << 20)  # cut already
    layout.endLayout()
    layout.draw(painter, QPointF(box.left(), box.top() + (box.height() - line.height()) / 2))


def _units(text: str) -> int:
    """How many UTF-16 units, in which Qt counts, ``text`` has."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
