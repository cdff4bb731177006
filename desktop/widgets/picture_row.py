"""Small pictures side by side, as many as there is room for: what something is about, at one look."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.theme import GAP, Tokens, draw_icon, tokens

__all__ = ["PictureRow", "draw_picture"]

_CORNER = 4


def draw_picture(painter: QPainter, colours: Tokens, box: QRect, picture: QImage | None) -> None:
    """``picture`` as large as it fits into ``box``, with round corners; an icon for None."""
    painter.save()
    shape = QPainterPath()
    shape.addRoundedRect(QRectF(box), _CORNER, _CORNER)
    painter.setClipPath(shape)
    painter.fillRect(box, QColor(colours.canvas))
    if picture is None:
        middle = QRectF(box).center()
        draw_icon(painter, "image", colours.secondary, QRectF(middle.x() - 8, middle.y() - 8, 16, 16))
    else:
        fitted = picture.size().scaled(box.size(), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRect(0, 0, fitted.width(), fitted.height())
        target.moveCenter(box.center())
        painter.drawImage(target, picture)
    painter.restore()


class PictureRow(QWidget):
    """Shows pictures of one size; None for one that can't be shown or is still to come.

    Args:
        side: of each, pixels.
    """

    def __init__(self, side: int = 48, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side = side
        self._pictures: list[QImage | None] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_count(self, count: int) -> None:
        """Make room for ``count`` pictures."""
        self._pictures = [None] * count
        self.updateGeometry()
        self.update()

    def set_picture(self, place: int, picture: QImage | None) -> None:
        """The picture at a place has come."""
        if place < len(self._pictures):
            self._pictures[place] = picture
            self.update()

    def set_pictures(self, pictures: Sequence[QImage | None]) -> None:
        """Show ``pictures``."""
        self._pictures = list(pictures)
        self.updateGeometry()
        self.update()

    @property
    def pictures(self) -> tuple[QImage | None, ...]:
        """What is shown, first at the left."""
        return tuple(self._pictures)

    def sizeHint(self) -> QSize:
        """A row."""
        return QSize(len(self._pictures) * (self._side + GAP.xs), self._side if self._pictures else 0)

    def minimumSizeHint(self) -> QSize:
        """At least one of them."""
        return QSize(self._side, self._side if self._pictures else 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """As many as fit."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        colours = tokens(self.palette())
        for place, picture in enumerate(self._pictures):
            box = QRect(place * (self._side + GAP.xs), 0, self._side, self._side)
            if box.right() > self.width():
                break
            draw_picture(painter, colours, box, picture)
        event.accept()
