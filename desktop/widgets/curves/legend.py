"""The names of curves, each after a bit of its line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.theme import GAP, TYPE, sized, tokens

__all__ = ["Legend", "Name"]

_SAMPLE = 14


@dataclass(frozen=True, slots=True)
class Name:
    """One of them: ``colour`` is a colour of the theme, such as "accent"; ``thin`` that of a line behind the others."""

    words: str
    colour: str
    thin: bool = False


class Legend(QWidget):
    """Names in one row, from the right or from the left; what does not fit is cut."""

    def __init__(self, *, right: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._right = right
        self._names: tuple[Name, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def names(self) -> tuple[Name, ...]:
        """What is shown, first at the left."""
        return self._names

    def set_names(self, names: Sequence[Name]) -> None:
        """Show ``names``, first at the left."""
        if tuple(names) != self._names:
            self._names = tuple(names)
            self.setAccessibleName(", ".join(name.words for name in names))
            self.setToolTip("\n".join(name.words for name in names))
            self.updateGeometry()
            self.update()

    def _small(self) -> QFont:
        return sized(self.font(), TYPE.secondary)

    def _width(self, words: str) -> int:
        return _SAMPLE + GAP.xs + QFontMetrics(self._small()).horizontalAdvance(words)

    def sizeHint(self) -> QSize:
        """All names in a row."""
        wide = sum(self._width(name.words) for name in self._names) + GAP.m * max(0, len(self._names) - 1)
        return QSize(wide, QFontMetrics(self._small()).height())

    def minimumSizeHint(self) -> QSize:
        """Hardly anything."""
        return QSize(min(_SAMPLE + GAP.xl, self.sizeHint().width()), self.sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Lines and names."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._small())
        colours, metrics = tokens(self.palette()), QFontMetrics(self._small())
        spare = self.width() - self.sizeHint().width()
        x, middle = float(max(0, spare) if self._right else 0), self.height() / 2
        share = (self.width() - GAP.m * (len(self._names) - 1)) // max(1, len(self._names)) if spare < 0 else 1 << 16
        for name in self._names:
            room = min(self._width(name.words), share) - _SAMPLE - GAP.xs
            painter.setPen(QPen(QColor(getattr(colours, name.colour)), 1.0 if name.thin else 2.0))
            painter.drawLine(QPointF(x, middle), QPointF(x + _SAMPLE, middle))
            painter.setPen(QColor(colours.secondary))
            cut = metrics.elidedText(name.words, Qt.TextElideMode.ElideRight, max(0, room + 1))
            where = QRectF(x + _SAMPLE + GAP.xs, 0, room + 1, self.height())
            painter.drawText(where, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, cut)
            x += _SAMPLE + GAP.xs + room + GAP.m
        event.accept()
