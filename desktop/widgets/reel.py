"""A row of any number of small pictures, the current one in the middle, each with a mark that says where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QImage,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QSizePolicy, QToolTip, QWidget

from desktop.theme import GAP, draw_icon, tokens
from desktop.widgets.lru import Lru

__all__ = ["Mark", "Reel", "ReelSource"]

_SIDE = 56
_RING = 3
_CORNER = 4
_MARK = 16
_KEPT = 400
"""Pictures that are kept."""

Mark = Literal["", "done", "dirty", "asked"]
"""Nothing; answered; answered, but not saved yet; another window says otherwise."""

_ICONS: dict[str, tuple[str, str]] = {
    "done": ("check", "good"),
    "dirty": ("circle-alert", "caution"),
    "asked": ("triangle-alert", "bad"),
}


class ReelSource(Protocol):
    """Who knows what is in the row."""

    def key(self, place: int) -> int:
        """What the picture at a place is called by ``Reel.wanted`` and ``Reel.set_picture``."""
        ...

    def name(self, place: int) -> str:
        """What a person calls it."""
        ...

    def mark(self, place: int) -> Mark:
        """Where it stands."""
        ...


class Reel(QAbstractScrollArea):
    """The row. The keyboard is its owner's: it is moved along by ``set_current``.

    Args:
        name: for who can't see it.
        source: what is in it.

    Signals:
        chosen: place of the picture that was clicked.
        wanted: keys of the pictures that are on screen and not there yet, nearest to the current one first.
    """

    chosen = Signal(int)
    wanted = Signal(list)

    def __init__(self, name: str, source: ReelSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._count, self._current, self._scrolled = 0, -1, 0
        self._pictures: Lru[int, QImage | None] = Lru(_KEPT)
        self._asked: list[int] = []
        self.setAccessibleName(name)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.viewport().setAutoFillBackground(False)
        self.viewport().setMouseTracking(True)

    @property
    def side(self) -> int:
        """Device pixels that a picture needs to be sharp."""
        return round(_SIDE * self.devicePixelRatioF())

    def set_count(self, count: int, current: int) -> None:
        """There are other pictures now, so many; ``current`` is in the middle, -1 for none."""
        self._count = count
        self._asked = []
        self.set_current(current)

    def set_current(self, place: int) -> None:
        """Bring the picture at a place into the middle."""
        self._current = place
        self._scrolled = 0
        if 0 <= place < self._count:
            self.setAccessibleDescription(f"{self._source.name(place)}, {place + 1:,} of {self._count:,}")
        self.viewport().update()

    def set_picture(self, key: int, picture: QImage | None) -> None:
        """The picture called ``key``; None when there is none to be had."""
        self._pictures.put(key, picture)
        self.viewport().update()

    def refresh(self) -> None:
        """Marks are others now."""
        self.viewport().update()

    def forget(self) -> None:
        """Keys mean other pictures now."""
        self._pictures.clear()
        self._asked = []

    # -- places -------------------------------------------------------------------------------------------------------

    def _step(self) -> int:
        return _SIDE + GAP.s

    def _left(self) -> int:
        """Where place 0 begins; the current one is in the middle, but at the ends of the row."""
        room, needed = self.viewport().width(), self._count * self._step() - GAP.s + 2 * _RING
        if needed <= room:
            return _RING
        wished = room // 2 - _SIDE // 2 - max(0, self._current) * self._step() + self._scrolled
        return min(_RING, max(room - needed + _RING, wished))

    def _box(self, place: int) -> QRect:
        return QRect(self._left() + place * self._step(), _RING, _SIDE, _SIDE)

    def _at(self, point: QPoint) -> int:
        place = (point.x() - self._left()) // self._step()
        return place if 0 <= place < self._count and self._box(place).contains(point) else -1

    def _on_screen(self) -> range:
        first = max(0, -self._left() // self._step())
        return range(first, min(self._count, first + self.viewport().width() // self._step() + 2))

    def sizeHint(self) -> QSize:
        """A row."""
        return QSize(400, _SIDE + 2 * _RING)

    def minimumSizeHint(self) -> QSize:
        """Two pictures."""
        return QSize(2 * self._step(), _SIDE + 2 * _RING)

    # -- mouse --------------------------------------------------------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Either wheel moves along."""
        turned = event.angleDelta()
        left = self._left()
        self._scrolled += turned.x() or turned.y()
        moved = self._left() - left
        self._scrolled += moved - (turned.x() or turned.y())  # no further than the ends
        self.viewport().update()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose."""
        place = self._at(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and place >= 0:
            self.chosen.emit(place)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """It has been chosen already."""
        event.accept()

    def viewportEvent(self, event: QEvent) -> bool:
        """Say a picture's name."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            place = self._at(event.pos())
            if place >= 0:
                QToolTip.showText(event.globalPos(), self._source.name(place), self)
            return True
        return super().viewportEvent(event)

    # -- painting -----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """The pictures that are on screen, a ring around the current one."""
        painter = QPainter(self.viewport())
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        missing = []
        for place in self._on_screen():
            key = self._source.key(place)
            if key not in self._pictures:
                missing.append((abs(place - self._current), key))
            self._paint_one(painter, place, key)
        self._ask([key for _, key in sorted(missing)])
        event.accept()

    def _paint_one(self, painter: QPainter, place: int, key: int) -> None:
        colours = tokens(self.palette())
        box = QRectF(self._box(place))
        shape = QPainterPath()
        shape.addRoundedRect(box, _CORNER, _CORNER)
        painter.fillPath(shape, QColor(colours.canvas))
        picture = self._pictures.get(key)
        if picture is not None:
            painter.setClipPath(shape)
            fitted = picture.size().scaled(_SIDE, _SIDE, Qt.AspectRatioMode.KeepAspectRatio)
            where = QRectF(0, 0, fitted.width(), fitted.height())
            where.moveCenter(box.center())
            painter.drawImage(where, picture)
            painter.setClipping(False)
        elif key in self._pictures:
            draw_icon(painter, "image-off", colours.secondary, box.adjusted(19, 19, -19, -19))
        mark = self._source.mark(place)
        if mark:
            icon, colour = _ICONS[mark]
            spot = QRectF(box.right() - _MARK - 2, box.bottom() - _MARK - 2, _MARK, _MARK)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.surface))
            painter.drawEllipse(spot)
            draw_icon(painter, icon, getattr(colours, colour), spot.adjusted(2, 2, -2, -2))
        if place == self._current:
            painter.setPen(QPen(QColor(colours.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(-1, -1, 1, 1), _CORNER + 1, _CORNER + 1)

    def _ask(self, keys: Sequence[int]) -> None:
        if keys and list(keys) != self._asked:
            self._asked = list(keys)
            self.wanted.emit(self._asked)
