"""Possible answers, a row each: the key that takes it, its name, and how likely it is as a bar with a number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop.theme import GAP, draw_icon, tokens
from desktop.widgets.bar import draw_bar, percent
from desktop.widgets.key_cap import cap_size, draw_cap

__all__ = ["Suggestion", "Suggestions"]

_BAR = 6
_SHORTEST_BAR = 16  # a bar that can't be longer than this says nothing, and its room goes to the name
_NAMES = 0.45  # of the width, at most
_INSET = 4  # of a row's ground beyond what is written on it
_CORNER = 5


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One row.

    Attributes:
        name: what would be answered.
        fraction: how likely that is, 0 to 1; None where nothing is known about it.
        key: the key that takes it, as printed on the keyboard; "" for none.
        chosen: whether a person has said so.
    """

    name: str
    fraction: float | None
    key: str = ""
    chosen: bool = False


class Suggestions(QWidget):
    """The rows. ``clickable`` ones light up under the pointer and can be walked by Up, Down and Enter.

    Signals:
        chosen: place of the row that was clicked or entered, 0 on top.
    """

    chosen = Signal(int)

    def __init__(self, *, clickable: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Suggestion, ...] = ()
        self._clickable = clickable
        self._inset = _INSET if clickable else 0
        self._hovered = self._walked = -1
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        if clickable:
            self.setMouseTracking(True)
            self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    @property
    def rows(self) -> tuple[Suggestion, ...]:
        """What is shown, first on top."""
        return self._rows

    def set_rows(self, rows: Sequence[Suggestion]) -> None:
        """Show ``rows``, first on top."""
        self._rows = tuple(rows)
        self._hovered, self._walked = self._under(self._hovered), self._under(self._walked)
        self.setAccessibleName(", ".join(_spoken(row) for row in self._rows))
        self.updateGeometry()
        self.update()

    def _under(self, place: int) -> int:
        return place if place < len(self._rows) else -1

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
        return self._under(point.y() // self._row_height()) if self.rect().contains(point) else -1

    def _hover(self, place: int) -> None:
        if place != self._hovered:
            self._hovered = place
            self.setCursor(Qt.CursorShape.PointingHandCursor if place >= 0 else Qt.CursorShape.ArrowCursor)
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light up the row under the pointer."""
        if self._clickable:
            self._hover(self._at(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer."""
        super().leaveEvent(event)
        if self._clickable:
            self._hover(-1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the row."""
        place = self._at(event.position().toPoint())
        if self._clickable and event.button() is Qt.MouseButton.LeftButton and place >= 0:
            self.chosen.emit(place)
        else:
            super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down walk, Enter and Space choose."""
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
        self.setAccessibleDescription(_spoken(self._rows[place]))
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
        """Key, name, bar, number; the row that counts is the person's, else the first."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        caps = [cap_size(self.font(), row.key).width() for row in self._rows if row.key]
        left = int(max(caps, default=-GAP.s)) + GAP.s
        strong = QFont(self.font())
        strong.setWeight(QFont.Weight.DemiBold)
        numbers = self.fontMetrics().horizontalAdvance("100 %") + GAP.s
        names = self._name_width(left, numbers, QFontMetrics(strong))
        likely = max((row.fraction for row in self._rows if row.fraction is not None), default=None)
        lead = next((place for place, row in enumerate(self._rows) if row.chosen), None)
        if lead is None and likely is not None:
            lead = next(place for place, row in enumerate(self._rows) if row.fraction == likely)
        for place, row in enumerate(self._rows):
            box = QRect(0, place * self._row_height(), self.width(), self._row_height())
            self._paint_ground(painter, place, box)
            self._paint_row(painter, row, box, left, names, numbers, strong if place == lead else self.font())
        event.accept()

    def _name_width(self, left: int, numbers: int, metrics: QFontMetrics) -> int:
        """What the name column takes of a row, gap included, when keys and numbers take ``left`` and ``numbers``."""
        check = metrics.height() + GAP.xs
        wished = max((metrics.horizontalAdvance(r.name) + check * r.chosen for r in self._rows), default=0)
        wished += GAP.m + self._inset + 1  # widths are rounded
        names = min(wished, int(self.width() * _NAMES))
        room = self.width() - left - numbers
        return names if room - names >= _SHORTEST_BAR else room

    def _paint_ground(self, painter: QPainter, place: int, box: QRect) -> None:
        colours = tokens(self.palette())
        walked = place == self._walked and self.hasFocus()
        if place == self._hovered or walked:
            painter.setBrush(QColor(colours.selected))
            painter.setPen(QPen(QColor(colours.accent), 2) if walked else QPen(Qt.PenStyle.NoPen))
            painter.drawRoundedRect(QRectF(box).adjusted(1, 1, -1, -1), _CORNER, _CORNER)

    def _paint_row(
        self, painter: QPainter, row: Suggestion, box: QRect, left: int, names: int, numbers: int, font: QFont
    ) -> None:
        colours = tokens(self.palette())
        inset = self._inset
        if row.key:
            cap = QRectF(QRectF(box).topLeft(), cap_size(self.font(), row.key))
            cap.moveTop(box.top() + (box.height() - cap.height()) // 2)
            draw_cap(painter, self.font(), colours, cap.translated(inset, 0), row.key)
        painter.setFont(font)
        metrics = painter.fontMetrics()
        check = metrics.height() if row.chosen else 0
        room = (box.width() if row.fraction is None else left + names) - GAP.m - left - inset
        said = QRect(left + inset, box.top(), room, box.height())
        cut = metrics.elidedText(row.name, Qt.TextElideMode.ElideRight, said.width() - (check + GAP.xs) * row.chosen)
        painter.setPen(QColor(colours.text))
        painter.drawText(said, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, cut)
        if row.chosen:
            x = said.left() + metrics.horizontalAdvance(cut) + GAP.xs
            draw_icon(painter, "check", colours.accent, QRectF(x, box.top() + (box.height() - check) / 2, check, check))
        if row.fraction is None:
            return
        painter.setPen(QColor(colours.text))
        number = box.adjusted(0, 0, -inset, 0)
        painter.drawText(number, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, percent(row.fraction))
        bar = QRectF(left + names, box.top() + (box.height() - _BAR) / 2, 0, _BAR)
        bar.setRight(box.right() + 1 - numbers - inset)
        if bar.width() >= _SHORTEST_BAR - 2 * _INSET:
            strong = font.weight() > self.font().weight()
            draw_bar(painter, bar, row.fraction, colours.accent if strong else colours.secondary, colours.track)


def _spoken(row: Suggestion) -> str:
    number = "" if row.fraction is None else f" {row.fraction:.0%}"
    return f"{row.name}{number}{', chosen' if row.chosen else ''}"
