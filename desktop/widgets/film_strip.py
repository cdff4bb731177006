"""Small pictures in one row to choose from, with the keyboard too. Painted where it is seen, any number."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QSizePolicy, QToolTip, QWidget

from desktop.theme import GAP, draw_icon, tokens

__all__ = ["FilmStrip"]

_SIDE = 64
_RING = 3
_BAR = 12
_CORNER = 4


class FilmStrip(QAbstractScrollArea):
    """The row.

    Signals:
        current_changed: place of the picture that was chosen, 0 at the left.
    """

    current_changed = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._pictures: dict[int, QImage | None] = {}
        self._current = -1
        self.setAccessibleName(name)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.viewport().setAutoFillBackground(False)

    @property
    def current(self) -> int:
        """Place of the chosen picture, -1 for none."""
        return self._current

    @property
    def side(self) -> int:
        """Device pixels that a picture needs to be sharp."""
        return round(_SIDE * self.devicePixelRatioF())

    def set_names(self, names: Sequence[str]) -> None:
        """Show so many pictures, which are called ``names`` and are still to come; none is chosen."""
        self._names, self._pictures, self._current = tuple(names), {}, -1
        self.horizontalScrollBar().setValue(0)
        self._set_range()
        self.viewport().update()

    def set_picture(self, place: int, picture: QImage | None) -> None:
        """The picture at a place; None when there is none to be had."""
        self._pictures[place] = picture
        self.viewport().update(self._box(place))

    def set_current(self, place: int) -> None:
        """Choose the picture at a place, tell of it, and bring it on screen."""
        if place == self._current or not 0 <= place < len(self._names):
            return
        self._current = place
        bar, box = self.horizontalScrollBar(), self._box(place)
        if box.left() < 0:
            bar.setValue(bar.value() + box.left() - GAP.s)
        elif box.right() > self.viewport().width():
            bar.setValue(bar.value() + box.right() - self.viewport().width() + GAP.s)
        self.setAccessibleDescription(self._names[place])
        self.viewport().update()
        self.current_changed.emit(place)

    def _step(self) -> int:
        return _SIDE + GAP.s

    def _box(self, place: int) -> QRect:
        return QRect(_RING + place * self._step() - self.horizontalScrollBar().value(), _RING, _SIDE, _SIDE)

    def _at(self, point: QPoint) -> int:
        place = (point.x() - _RING + self.horizontalScrollBar().value()) // self._step()
        return place if 0 <= place < len(self._names) and self._box(place).contains(point) else -1

    def _set_range(self) -> None:
        bar = self.horizontalScrollBar()
        bar.setSingleStep(self._step())
        bar.setPageStep(self.viewport().width())
        bar.setRange(0, max(0, len(self._names) * self._step() - GAP.s + 2 * _RING - self.viewport().width()))

    def sizeHint(self) -> QSize:
        """A row, and room for the bar under it."""
        return QSize(400, _SIDE + 2 * _RING + _BAR)

    def minimumSizeHint(self) -> QSize:
        """Two pictures."""
        return QSize(2 * self._step(), _SIDE + 2 * _RING + _BAR)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Scroll as far as there are pictures."""
        super().resizeEvent(event)
        self._set_range()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Either wheel moves along."""
        turned = event.angleDelta()
        self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() - (turned.x() or turned.y()))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.set_current(self._at(event.position().toPoint()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """It has been chosen already."""
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left, Right, Home, End."""
        last = len(self._names) - 1
        match event.key():
            case Qt.Key.Key_Left:
                self.set_current(max(0, self._current - 1))
            case Qt.Key.Key_Right:
                self.set_current(min(last, self._current + 1))
            case Qt.Key.Key_Home:
                self.set_current(0)
            case Qt.Key.Key_End:
                self.set_current(last)
            case _:
                event.ignore()

    def viewportEvent(self, event: QEvent) -> bool:
        """Say a picture's name."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            place = self._at(event.pos())
            if place >= 0:
                QToolTip.showText(event.globalPos(), self._names[place], self)
            return True
        return super().viewportEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The pictures that are on screen, a ring around the chosen one."""
        painter = QPainter(self.viewport())
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        colours = tokens(self.palette())
        first = max(0, self.horizontalScrollBar().value() // self._step())
        last = min(len(self._names), first + self.viewport().width() // self._step() + 2)
        for place in range(first, last):
            box = QRectF(self._box(place))
            shape = QPainterPath()
            shape.addRoundedRect(box, _CORNER, _CORNER)
            painter.fillPath(shape, QColor(colours.canvas))
            picture = self._pictures.get(place)
            if picture is not None:
                painter.setClipPath(shape)
                fitted = picture.size().scaled(_SIDE, _SIDE, Qt.AspectRatioMode.KeepAspectRatio)
                where = QRectF(0, 0, fitted.width(), fitted.height())
                where.moveCenter(box.center())
                painter.drawImage(where, picture)
                painter.setClipping(False)
            elif place in self._pictures:
                draw_icon(painter, "image-off", colours.secondary, box.adjusted(22, 22, -22, -22))
            if place == self._current:
                painter.setPen(QPen(QColor(colours.accent), 3 if self.hasFocus() else 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(box.adjusted(-1, -1, 1, 1), _CORNER + 1, _CORNER + 1)
        event.accept()
