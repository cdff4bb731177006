"""An axis without a line: quiet numbers, and hairlines across the plot at them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from desktop.theme import GAP, Tokens
from desktop.widgets.curves.plotting import pg

__all__ = ["Axis"]


class Axis(pg.AxisItem):
    """Shows the numbers it is given, and takes as much room as they need.

    Args:
        side: "left" or "bottom".
        across: whether hairlines go across the plot.
    """

    def __init__(self, side: str, *, across: bool) -> None:
        super().__init__(side)
        self.enableAutoSIPrefix(False)
        self._across = across
        self._words: tuple[tuple[float, str], ...] = ()
        self._font = QFont()
        self._colours: Tokens | None = None

    @property
    def words(self) -> tuple[tuple[float, str], ...]:
        """Each number's place, and what stands there."""
        return self._words

    def show_words(self, values: Sequence[float], words: Sequence[str]) -> None:
        """Write ``words`` at ``values``."""
        made = tuple(zip(values, words, strict=True))
        if made != self._words:
            self._words = made
            self._fit()

    def set_look(self, font: QFont, colours: Tokens) -> None:
        """Take the theme's type and colours."""
        self._font, self._colours = font, colours
        self._fit()

    def _fit(self) -> None:
        metrics = QFontMetricsF(self._font)
        if self.orientation == "left":
            widest = max((metrics.horizontalAdvance(word) for _, word in self._words), default=0.0)
            self.setWidth(round(max(widest, metrics.horizontalAdvance("0.00"))) + GAP.s)
        else:
            self.setHeight(round(metrics.height()) + GAP.xs)
        self.picture = None
        self.update()

    # -- what pyqtgraph asks for --------------------------------------------------------------------------------------

    def boundingRect(self) -> QRectF:  # noqa: N802 - Qt's name
        """The numbers, half of the first and the last beyond the end, and the plot where lines go across it."""
        room = self.mapRectFromParent(self.geometry()).adjusted(-GAP.xl, -GAP.s, GAP.xl, GAP.s)
        view = self.linkedView()
        if self._across and view is not None:
            room = room.united(self.mapRectFromItem(view, view.boundingRect()))
        return QRectF(room)

    def paint(self, painter: QPainter, option: object, widget: object) -> None:
        """Numbers and lines; there are few of either."""
        view, (low, high) = self.linkedView(), self.range
        if self._colours is None or view is None or high <= low:
            return
        box = self.mapRectFromParent(self.geometry())
        plot = self.mapRectFromItem(view, view.boundingRect())
        painter.setFont(self._font)
        height = QFontMetricsF(self._font).height()
        for value, word in self._words:
            part = (value - low) / (high - low)
            if not -1e-9 <= part <= 1 + 1e-9:
                continue
            if self.orientation == "left":
                y = round(box.bottom() - part * box.height()) + 0.5
                if self._across:
                    painter.setPen(QPen(QColor(self._colours.border), 1))
                    painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
                where = QRectF(box.left(), y - height / 2, box.width() - GAP.s, height)
                side = Qt.AlignmentFlag.AlignRight
            else:
                width = QFontMetricsF(self._font).horizontalAdvance(word) + 2
                x = min(box.left() + part * box.width(), box.right() + GAP.s - width / 2)
                where = QRectF(x - width / 2, box.top() + GAP.xs, width, height)
                side = Qt.AlignmentFlag.AlignHCenter
            painter.setPen(QColor(self._colours.secondary))
            painter.drawText(where, side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip, word)
