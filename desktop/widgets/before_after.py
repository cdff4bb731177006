"""Figures before and after a change, under one another: two bars a figure, so that their ratio is seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.theme import GAP, TYPE, sized, tokens
from desktop.widgets.bar import draw_bar

__all__ = ["BeforeAfter", "Change"]

_BAR = 6
_SHORTEST = 40  # a bar that can't be longer shows no ratio
_NAMES = 0.3  # of the width, at most


@dataclass(frozen=True, slots=True)
class Change:
    """One figure.

    Attributes:
        name: what it is.
        before: in words, such as "12 MB"; "" where there was none.
        after: likewise.
        share_before: length of the upper bar, 0 to 1.
        share_after: length of the lower one.
        verdict: the change in words, such as "a quarter".
        good: whether it is one for the better (True), for the worse (False), or neither (None).
    """

    name: str
    before: str
    after: str
    share_before: float
    share_after: float
    verdict: str = ""
    good: bool | None = None


class BeforeAfter(QWidget):
    """The figures; it only shows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._changes: tuple[Change, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def changes(self) -> tuple[Change, ...]:
        """What is shown, first on top."""
        return self._changes

    def set_changes(self, changes: Sequence[Change]) -> None:
        """Show ``changes``, first on top."""
        self._changes = tuple(changes)
        self.setAccessibleName(
            "; ".join(f"{one.name}: {one.before} before, {one.after} after, {one.verdict}" for one in self._changes)
        )
        self.updateGeometry()
        self.update()

    def _small(self) -> QFont:
        return sized(self.font(), TYPE.secondary)

    def _strong(self) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def _line(self) -> int:
        return max(self.fontMetrics().height(), _BAR) + GAP.xs

    def _row_height(self) -> int:
        return 2 * self._line() + 2 * GAP.m

    def sizeHint(self) -> QSize:
        """All figures."""
        return QSize(480, self._row_height() * len(self._changes))

    def minimumSizeHint(self) -> QSize:
        """The same, without bars where there is no room for them."""
        return QSize(300, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Name, two bars with their numbers, verdict."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = tokens(self.palette())
        metrics = QFontMetrics(self.font())
        said = [one.before for one in self._changes] + [one.after for one in self._changes]
        numbers = max(map(metrics.horizontalAdvance, said), default=0) + GAP.lg
        when = QFontMetrics(self._small()).horizontalAdvance("Before") + GAP.m
        strong = QFontMetrics(self._strong())
        verdicts = max((strong.horizontalAdvance(one.verdict) for one in self._changes), default=0) + GAP.xl
        wished = max((metrics.horizontalAdvance(one.name) for one in self._changes), default=0) + GAP.xl
        names = min(wished, int(self.width() * _NAMES))
        inner = self.width() - 2 * GAP.lg
        narrow = inner - names - when - numbers - verdicts < _SHORTEST
        if narrow:  # no bars, and the verdict under the name
            names, verdicts = max(0, inner - when - numbers), 0
        for place, one in enumerate(self._changes):
            box = QRectF(GAP.lg, place * self._row_height(), self.width() - 2 * GAP.lg, self._row_height())
            if place:
                painter.setPen(QPen(QColor(colours.border), 1))
                painter.drawLine(0, int(box.top()), self.width(), int(box.top()))
            self._paint_change(painter, one, box, (names, when, numbers, verdicts), narrow=narrow)
        event.accept()

    def _paint_change(
        self, painter: QPainter, one: Change, box: QRectF, widths: tuple[int, int, int, int], *, narrow: bool
    ) -> None:
        colours = tokens(self.palette())
        names, when, numbers, verdicts = widths
        left_centre = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        right_centre = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.setFont(self.font())
        painter.setPen(QColor(colours.text))
        cut = painter.fontMetrics().elidedText(one.name, Qt.TextElideMode.ElideRight, names - GAP.m)
        half = QRectF(box.left(), box.top() + GAP.m, names, self._line())
        painter.drawText(half if narrow else QRectF(box.left(), box.top(), names, box.height()), left_centre, cut)
        painter.setFont(self._strong())
        painter.setPen(QColor({True: colours.good, False: colours.bad, None: colours.secondary}[one.good]))
        if narrow:
            painter.drawText(half.translated(0, self._line()), left_centre, one.verdict)
        else:
            painter.drawText(
                QRectF(box.right() - verdicts, box.top(), verdicts, box.height()), right_centre, one.verdict
            )
        left, right = box.left() + names, box.right() - verdicts
        top = box.top() + GAP.m
        for word, value, share, colour in (
            ("Before", one.before, one.share_before, colours.secondary),
            ("After", one.after, one.share_after, colours.accent),
        ):
            if value:
                painter.setFont(self._small())
                painter.setPen(QColor(colours.secondary))
                painter.drawText(QRectF(left, top, when, self._line()), left_centre, word)
                bar = QRectF(left + when, top + (self._line() - _BAR) / 2, right - numbers - left - when, _BAR)
                if not narrow:
                    draw_bar(painter, bar, share, colour, colours.track)
                painter.setFont(self.font())
                painter.setPen(QColor(colours.text))
                painter.drawText(QRectF(right - numbers, top, numbers, self._line()), right_centre, value)
            top += self._line()
