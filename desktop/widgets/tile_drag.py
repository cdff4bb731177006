"""Tiles in the hand: the drag itself, the little pile that hangs on the pointer, and what a view does beneath it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QMimeData, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QDrag, QDragMoveEvent, QDropEvent, QFont, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from desktop.theme import TYPE, sized, tokens
from desktop.widgets.edge_scroll import EdgeScroll

__all__ = ["PILE", "THUMBNAIL", "TILES_MIME", "TileDrop", "make_drag", "pile", "run_drag"]

TILES_MIME = "application/x-sortwerk-tiles"
"""The keys of the tiles, as decimal numbers with commas between; it means something in this program only."""

PILE = 3
"""Thumbnails in the hand, at most."""

THUMBNAIL = 72
"""Their side, device-independent pixels."""

_SHIFT = 6
_ROOM = 12  # around the pile, for the badge
_CORNER = 4


def make_drag(source: QWidget, keys: Sequence[int], pictures: Sequence[QPixmap | None]) -> QDrag:
    """A drag of the tiles ``keys`` out of ``source``, with up to :data:`PILE` ``pictures`` of them on the pointer."""
    data = QMimeData()
    data.setData(TILES_MIME, ",".join(map(str, keys)).encode())
    drag = QDrag(source)
    drag.setMimeData(data)
    drag.setPixmap(pile(pictures[:PILE], len(keys), source))
    drag.setHotSpot(QPoint(_ROOM + THUMBNAIL // 4, _ROOM + THUMBNAIL // 4))
    return drag


def run_drag(drag: QDrag) -> None:
    """Let the person carry it; returns when it has been dropped or given up."""
    drag.exec(Qt.DropAction.MoveAction)


def pile(pictures: Sequence[QPixmap | None], count: int, widget: QWidget) -> QPixmap:
    """A pile of thumbnails, the first on top (None: not loaded yet), and how many there are if more than one."""
    colours, ratio = tokens(widget.palette()), widget.devicePixelRatioF()
    side = THUMBNAIL + _SHIFT * max(0, len(pictures) - 1) + 2 * _ROOM
    made = QPixmap(round(side * ratio), round(side * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    for place, picture in reversed(list(enumerate(pictures))):
        corner = QPointF(_ROOM + place * _SHIFT, _ROOM + place * _SHIFT)
        box = QRectF(corner.x(), corner.y(), THUMBNAIL, THUMBNAIL)
        painter.setPen(QPen(QColor(colours.surface), 2))
        painter.setBrush(QColor(colours.canvas))
        painter.drawRoundedRect(box, _CORNER, _CORNER)
        if picture is not None:
            painter.drawPixmap(box, picture, QRectF(picture.rect()))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, _CORNER, _CORNER)
    if count > 1:
        font = sized(widget.font(), TYPE.secondary)
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        metrics = painter.fontMetrics()
        height = metrics.height() + 4
        badge = QRectF(0, 0, max(height, metrics.horizontalAdvance(f"{count:,}") + 12), height)
        badge.moveTopLeft(QPointF(1, 1))
        painter.setPen(QPen(QColor(colours.surface), 2))
        painter.setBrush(QColor(colours.accent))
        painter.drawRoundedRect(badge, height / 2, height / 2)
        painter.setPen(QColor(colours.on_accent))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, f"{count:,}")
    painter.end()
    return made


class TileDrop:
    """What a scrolling view does while tiles are carried over it: it has a hot place, and scrolls near its edges.

    Args:
        area: the view; the drag's events reach it in the coordinates of its viewport.
        target: the key of the place at such a point, or None where nothing may be dropped.
        changed: called when another place is hot.
    """

    def __init__(
        self, area: QAbstractScrollArea, target: Callable[[QPoint], str | None], changed: Callable[[], object]
    ) -> None:
        self._target, self._changed = target, changed
        self._point = QPoint()
        self._edge = EdgeScroll(area, self._look)
        self.hot: str | None = None
        area.setAcceptDrops(True)

    def enter(self, event: QDragMoveEvent) -> None:
        """Tiles come in; they may be carried on even where they can't be dropped."""
        if event.mimeData().hasFormat(TILES_MIME):
            self._follow(event)
            event.accept()
        else:
            event.ignore()

    def move(self, event: QDragMoveEvent) -> None:
        """Tiles are carried on."""
        self._follow(event)
        event.setAccepted(self.hot is not None)

    def leave(self) -> None:
        """They are gone, or dropped."""
        self._edge.stop()
        self._set_hot(None)

    def drop(self, event: QDropEvent) -> str | None:
        """The key of the place they were dropped on, None where that can't be."""
        key = self._target(event.position().toPoint()) if event.mimeData().hasFormat(TILES_MIME) else None
        event.setAccepted(key is not None)
        self.leave()
        return key

    def _follow(self, event: QDragMoveEvent) -> None:
        event.setDropAction(Qt.DropAction.MoveAction)
        self._point = event.position().toPoint()
        self._edge.follow(self._point)
        self._look()

    def _look(self) -> None:
        self._set_hot(self._target(self._point))

    def _set_hot(self, key: str | None) -> None:
        if key != self.hot:
            self.hot = key
            self._changed()
