"""One picture to look at closely: zoom at the pointer, drag to move, fit, one to one. Enlarged pixels stay pixels."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
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
from PySide6.QtWidgets import QWidget

from desktop.theme import RADIUS, TYPE, draw_icon, sized, tokens

__all__ = ["ImageView"]

_STEP = 1.25
_MOST = 64.0
_LEAST = 1 / 64


class ImageView(QWidget):
    """Shows a QImage on the canvas colour.

    Signals:
        zoom_changed: device pixels on screen for one pixel of the picture at full size.
    """

    zoom_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self._reduced = 1.0
        self._message = ""
        self._scale = 1.0
        self._centre = QPointF()
        self._fitting = True
        self._grabbed: QPointF | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Picture")

    def sizeHint(self) -> QSize:
        """The least that shows something, so that the inspector grows only with room that nothing else wants."""
        return QSize(288, 176)

    def set_image(self, image: QImage | None, *, reduced: float = 1.0, message: str = "") -> None:
        """Show ``image``, fitted; or ``message`` where there is none.

        Args:
            image: the picture, or None.
            reduced: how many pixels of the file one pixel of ``image`` stands for, along a side.
            message: what to say in place of a picture.
        """
        self._image, self._message, self._reduced = image, message, reduced
        self.fit()

    def swap_image(self, image: QImage) -> None:
        """Show ``image`` in place of one of the same size, at the same place and zoom."""
        self._image = image
        self.update()

    def fit(self) -> None:
        """The whole picture, as large as the view allows, at most eight times enlarged."""
        self._fitting = True
        if self._image is not None and not self._image.isNull():
            self._scale = min(self.width() / self._image.width(), self.height() / self._image.height(), 8.0)
            self._centre = QPointF(self._image.width() / 2, self._image.height() / 2)
        self._changed()

    def actual_size(self) -> None:
        """One pixel of the file on one pixel of the screen."""
        self._zoom_to(self._reduced / self.devicePixelRatioF(), QPointF(self.rect().center()))

    def zoom(self, factor: float) -> None:
        """Zoom about the middle of the view."""
        self._zoom_to(self._scale * factor, QPointF(self.rect().center()))

    def _zoom_to(self, scale: float, at: QPointF) -> None:
        if self._image is None:
            return
        held = self._to_image(at)
        self._fitting = False
        self._scale = min(_MOST, max(_LEAST, scale))
        self._centre += held - self._to_image(at)
        self._keep_in_view()
        self._changed()

    def _keep_in_view(self) -> None:
        if self._image is not None:
            self._centre.setX(min(max(self._centre.x(), 0.0), float(self._image.width())))
            self._centre.setY(min(max(self._centre.y(), 0.0), float(self._image.height())))

    def _changed(self) -> None:
        self.zoom_changed.emit(self._scale * self.devicePixelRatioF() / self._reduced)
        self.update()

    def _to_image(self, point: QPointF) -> QPointF:
        return (point - QPointF(self.width() / 2, self.height() / 2)) / self._scale + self._centre

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stay fitted."""
        super().resizeEvent(event)
        if self._fitting:
            self.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the pointer."""
        self._zoom_to(self._scale * 1.0015 ** event.angleDelta().y(), event.position())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Plus and minus zoom, 0 fits, 1 is one to one."""
        match event.text():
            case "+" | "=":
                self.zoom(_STEP)
            case "-":
                self.zoom(1 / _STEP)
            case "0":
                self.fit()
            case "1":
                self.actual_size()
            case _:
                super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the picture."""
        if event.button() is Qt.MouseButton.LeftButton and self._image is not None:
            self._grabbed = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the picture with the hand."""
        if self._grabbed is not None:
            self._fitting = False
            self._centre -= (event.position() - self._grabbed) / self._scale
            self._grabbed = event.position()
            self._keep_in_view()
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        super().mouseReleaseEvent(event)
        self._grabbed = None
        self.unsetCursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Between the whole picture and one to one."""
        if self._fitting:
            self._zoom_to(self._reduced / self.devicePixelRatioF(), event.position())
        else:
            self.fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture on the canvas colour, and a ring while it has the keyboard."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = tokens(self.palette())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.canvas))
        painter.drawRoundedRect(self.rect(), RADIUS, RADIUS)
        if self._image is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._scale < 1)
            shape = QPainterPath()
            shape.addRoundedRect(QRectF(self.rect()), RADIUS, RADIUS)
            painter.setClipPath(shape)
            size = QPointF(self._image.width(), self._image.height()) * self._scale
            corner = QPointF(self.width() / 2, self.height() / 2) - self._centre * self._scale
            painter.drawImage(QRectF(corner.x(), corner.y(), size.x(), size.y()), self._image)
        elif self._message:
            middle = QPointF(self.rect().center())
            draw_icon(painter, "image-off", colours.secondary, QRectF(middle.x() - 14, middle.y() - 34, 28, 28))
            painter.setPen(QColor(colours.secondary))
            below = QRectF(self.rect()).adjusted(16, self.height() / 2, -16, -8)
            flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
            painter.setFont(sized(self.font(), TYPE.secondary))
            painter.drawText(below, int(flags), self._message)
        if self.hasFocus():
            painter.setPen(QPen(QColor(colours.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS, RADIUS)
        event.accept()
