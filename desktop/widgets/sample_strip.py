"""The same few pictures again and again, and what is said of them now: each line with a sign for right or wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop.theme import GAP, TYPE, draw_icon, sized, tokens
from desktop.widgets.picture_row import draw_picture

__all__ = ["Caption", "Sample", "SampleStrip"]

_SIDE = 104
_SIGN = 0.8  # of the height of the text
_LARGEST = 1.5  # times the side, where text is large
_TEXT = 16  # pixels that text of the usual size is high
_RING = 3


@dataclass(frozen=True, slots=True)
class Caption:
    """A line under a picture: what is said of it, and whether that is right; None where nobody knows."""

    words: str
    right: bool | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """One picture: ``picture`` None for one that is still to come; ``tip`` says more, such as what would be right."""

    name: str
    picture: QImage | None
    captions: tuple[Caption, ...]
    tip: str = ""


class SampleStrip(QWidget):
    """Pictures side by side, in more rows where there is too little room. Arrows walk, Enter and a click open one.

    Args:
        title: what they are, for who can't see them.
        side: of a picture, pixels.

    Signals:
        opened: place of the picture that a person wants to know more about, 0 first.
    """

    opened = Signal(int)

    def __init__(self, title: str, *, side: int = _SIDE, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side = side
        self._samples: tuple[Sample, ...] = ()
        self._current = 0
        self.setAccessibleName(title)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def samples(self) -> tuple[Sample, ...]:
        """What is shown, in reading order."""
        return self._samples

    def set_samples(self, samples: Sequence[Sample]) -> None:
        """Show ``samples``, in reading order."""
        moved = [len(one.captions) for one in samples] != [len(one.captions) for one in self._samples]
        self._samples = tuple(samples)
        self._current = min(self._current, max(0, len(self._samples) - 1))
        self._read_out()
        if moved:
            self.updateGeometry()
        self.update()

    # -- size ---------------------------------------------------------------------------------------------------------

    def _small(self) -> QFont:
        return sized(self.font(), TYPE.secondary)

    def _wide(self) -> int:
        """Pixels of a picture's side: larger where the text is, or no word would fit under it."""
        return round(self._side * min(_LARGEST, max(1.0, self.fontMetrics().height() / _TEXT)))

    def _cell(self) -> QSize:
        lines = max((len(one.captions) for one in self._samples), default=0)
        text = lines * (QFontMetrics(self._small()).height() + 1) + GAP.xs if lines else 0
        return QSize(self._wide() + GAP.m, self._wide() + text + GAP.m)

    def _across(self, width: int) -> int:
        return max(1, (width - 2 * _RING + GAP.m) // self._cell().width())

    def box(self, place: int) -> QRect:
        """Where a picture lies."""
        row, column = divmod(place, self._across(self.width()))
        cell = self._cell()
        return QRect(_RING + column * cell.width(), _RING + row * cell.height(), self._wide(), self._wide())

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        """The narrower, the more rows."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """All rows."""
        rows = -(-len(self._samples) // self._across(width))
        return rows * self._cell().height() - GAP.m + 2 * _RING if rows else 0

    def sizeHint(self) -> QSize:
        """All in a row."""
        width = len(self._samples) * self._cell().width() + 2 * _RING
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """One of them."""
        return QSize(self._cell().width() + 2 * _RING, self._cell().height() if self._samples else 0)

    # -- mouse and keyboard -------------------------------------------------------------------------------------------

    def _at(self, point: QPoint) -> int:
        size = self._cell() - QSize(GAP.m, GAP.m)
        places = range(len(self._samples))
        return next((at for at in places if QRect(self.box(at).topLeft(), size).contains(point)), -1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Open the picture."""
        place = self._at(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and place >= 0:
            self._walk(place)
            self.opened.emit(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Home and End walk; Enter opens."""
        across, last = self._across(self.width()), len(self._samples) - 1
        match event.key():
            case Qt.Key.Key_Left:
                self._walk(self._current - 1)
            case Qt.Key.Key_Right:
                self._walk(self._current + 1)
            case Qt.Key.Key_Up if self._current >= across:
                self._walk(self._current - across)
            case Qt.Key.Key_Down if self._current + across <= last:
                self._walk(self._current + across)
            case Qt.Key.Key_Home:
                self._walk(0)
            case Qt.Key.Key_End:
                self._walk(last)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Space if self._samples:
                self.opened.emit(self._current)
            case _:
                event.ignore()

    def _walk(self, place: int) -> None:
        self._current = max(0, min(place, len(self._samples) - 1))
        self._read_out()
        self.update()

    def _read_out(self) -> None:
        """The picture that the keyboard is on first, then how many of all are right."""
        if not self._samples:
            self.setAccessibleDescription("")
            return
        known = [one.captions[0].right for one in self._samples if one.captions and one.captions[0].right is not None]
        total = f"; {sum(known)} of {len(known)} are right" if known else ""
        one = self._samples[self._current]
        self.setAccessibleDescription(f"{one.name}: {_spoken(one)}{total}")

    def event(self, event: QEvent) -> bool:
        """Say of a picture what its lines are too short for."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            place = self._at(event.pos())
            if place < 0:
                QToolTip.hideText()
            else:
                one = self._samples[place]
                QToolTip.showText(event.globalPos(), f"{one.name}: {_spoken(one)}\n{one.tip}".strip(), self)
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide it."""
        super().focusOutEvent(event)
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self.updateGeometry()

    # -- painting -----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Pictures, their lines, and the ring of the keyboard."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.setFont(self._small())
        colours = tokens(self.palette())
        for place, one in enumerate(self._samples):
            box = self.box(place)
            draw_picture(painter, colours, box, one.picture)
            if place == self._current and self.hasFocus():
                painter.setPen(QPen(QColor(colours.accent), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(QRectF(box).adjusted(-2, -2, 2, 2), 5, 5)
            self._paint_captions(painter, one.captions, box)
        event.accept()

    def _paint_captions(self, painter: QPainter, captions: Sequence[Caption], box: QRect) -> None:
        colours, metrics = tokens(self.palette()), painter.fontMetrics()
        line = QRect(box.left(), box.bottom() + 1 + GAP.xs, box.width(), metrics.height())
        for caption in captions:
            colour = {True: colours.good, False: colours.bad, None: colours.secondary}[caption.right]
            words = QRect(line)
            if caption.right is not None:
                side = _SIGN * line.height()
                where = QRectF(line.left(), line.top() + (line.height() - side) / 2, side, side)
                draw_icon(painter, "check" if caption.right else "x", colour, where)
                words.setLeft(line.left() + round(side) + 3)
            painter.setPen(QColor(colour))
            cut = metrics.elidedText(caption.words, Qt.TextElideMode.ElideRight, words.width())
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, cut)
            line.translate(0, metrics.height() + 1)


def _spoken(one: Sample) -> str:
    said = {True: ", right", False: ", wrong", None: ""}
    return "; ".join(f"{caption.words}{said[caption.right]}" for caption in one.captions)
