"""Names with a colour each, one of them in use: the key that takes it, its colour, its name, a word at the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop.theme import GAP, Tokens, tokens
from desktop.widgets.key_cap import cap_size, draw_cap

__all__ = ["HATCHED", "SwatchRow", "SwatchRows"]

HATCHED = "hatched"
"""In place of a colour: stripes."""

_SWATCH = 14
_CORNER = 5
_LEAST = 60


@dataclass(frozen=True, slots=True)
class SwatchRow:
    """One row.

    Attributes:
        name: what it is called.
        colour: #RRGGBB, ``HATCHED``, or "" for an empty square.
        key: the key that takes it, as printed on the keyboard; "" for none.
        words: at the right, such as "12 %".
    """

    name: str
    colour: str
    key: str = ""
    words: str = ""


class SwatchRows(QWidget):
    """The rows; Up and Down walk, Enter, Space and a click take one.

    Args:
        title: what they are, for who can't see them.

    Signals:
        chosen: place of the row, 0 on top.
    """

    chosen = Signal(int)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self._rows: tuple[SwatchRow, ...] = ()
        self._current = self._hovered = self._walked = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(title)

    @property
    def rows(self) -> tuple[SwatchRow, ...]:
        """What is shown, first on top."""
        return self._rows

    @property
    def current(self) -> int:
        """Place of the row in use, -1 for none."""
        return self._current

    def set_rows(self, rows: Sequence[SwatchRow], current: int = -1) -> None:
        """Show ``rows``, the one at ``current`` in use."""
        if tuple(rows) == self._rows and current == self._current:
            return
        if len(rows) != len(self._rows):
            self._hovered = self._walked = -1
            self.updateGeometry()
        self._rows, self._current = tuple(rows), current
        used = f": {self._rows[current].name}" if 0 <= current < len(self._rows) else ""
        self.setAccessibleName(f"{self._title}{used}")
        self.update()

    def _row_height(self) -> int:
        return self.fontMetrics().height() + GAP.m

    def sizeHint(self) -> QSize:
        """All rows."""
        return QSize(240, self._row_height() * len(self._rows))

    def minimumSizeHint(self) -> QSize:
        """All rows, at a width where names can still be read."""
        return QSize(160, self.sizeHint().height())

    # -- mouse and keyboard -------------------------------------------------------------------------------------------

    def _at(self, point: QPoint) -> int:
        place = point.y() // self._row_height()
        return place if self.rect().contains(point) and place < len(self._rows) else -1

    def _hover(self, place: int) -> None:
        if place != self._hovered:
            self._hovered = place
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light up the row under the pointer."""
        self._hover(self._at(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer."""
        super().leaveEvent(event)
        self._hover(-1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the row."""
        place = self._at(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and place >= 0:
            self.chosen.emit(place)
        else:
            super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down walk, Enter and Space take."""
        match event.key():
            case Qt.Key.Key_Down if self._rows:
                self._walk(min(self._walked + 1, len(self._rows) - 1))
            case Qt.Key.Key_Up if self._rows:
                self._walk(max(self._walked - 1, 0))
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Space if self._walked >= 0:
                self.chosen.emit(self._walked)
            case _:
                super().keyPressEvent(event)

    def _walk(self, place: int) -> None:
        self._walked = place
        row = self._rows[place]
        self.setAccessibleDescription(f"{row.name} {row.words}".strip())
        self.update()

    def event(self, event: QEvent) -> bool:
        """Say a name in full where it is cut."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            place = self._at(event.pos())
            if place >= 0:
                QToolTip.showText(event.globalPos(), self._rows[place].name, self)
                return True
        return super().event(event)

    # -- painting -----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Key, colour, name, words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = tokens(self.palette())
        caps = [cap_size(self.font(), row.key).width() for row in self._rows if row.key]
        left = GAP.xs + int(max(caps, default=-GAP.s)) + GAP.s
        for place, row in enumerate(self._rows):
            box = QRect(0, place * self._row_height(), self.width(), self._row_height())
            self._paint_ground(painter, colours, place, box)
            if row.key:
                cap = QRectF(QRectF(box).topLeft(), cap_size(self.font(), row.key))
                cap.moveTop(box.top() + (box.height() - cap.height()) / 2)
                draw_cap(painter, self.font(), colours, cap.translated(GAP.xs, 0), row.key)
            self._paint_swatch(
                painter, colours, row, QRectF(left, box.center().y() - _SWATCH / 2 + 1, _SWATCH, _SWATCH)
            )
            painter.setFont(self.font())
            said = box.adjusted(left + _SWATCH + GAP.s, 0, -GAP.xs, 0)
            painter.setPen(QColor(colours.secondary))
            painter.drawText(said, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, row.words)
            room = max(_LEAST, said.width() - self.fontMetrics().horizontalAdvance(row.words) - GAP.s)
            cut = self.fontMetrics().elidedText(row.name, Qt.TextElideMode.ElideRight, room)
            painter.setPen(QColor(colours.text))
            painter.drawText(said, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, cut)
        event.accept()

    def _paint_ground(self, painter: QPainter, colours: Tokens, place: int, box: QRect) -> None:
        walked = place == self._walked and self.hasFocus()
        if place in (self._current, self._hovered) or walked:
            painter.setBrush(QColor(colours.selected if place == self._current else colours.hover))
            painter.setPen(QPen(QColor(colours.accent), 2) if walked else QPen(Qt.PenStyle.NoPen))
            painter.drawRoundedRect(QRectF(box).adjusted(1, 1, -1, -1), _CORNER, _CORNER)
        if place == self._current:
            painter.setBrush(QColor(colours.accent))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawRoundedRect(QRectF(box.left(), box.top() + 5, 3, box.height() - 10), 1.5, 1.5)

    def _paint_swatch(self, painter: QPainter, colours: Tokens, row: SwatchRow, box: QRectF) -> None:
        painter.setPen(QPen(QColor(colours.secondary), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if row.colour == HATCHED:
            painter.setBrush(QBrush(QColor(colours.secondary), Qt.BrushStyle.BDiagPattern))
        elif row.colour:
            painter.setBrush(QColor(row.colour))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
