"""A graphics view that zooms at the pointer, pans and fits; what it shows is its subclass's business."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QPen, QResizeEvent, QTransform, QWheelEvent
from PySide6.QtWidgets import QFrame, QGraphicsScene, QGraphicsView, QWidget

from desktop.theme import tokens

__all__ = ["ZoomingView"]

STEP = 1.25
_MOST = 64.0
_LEAST = 1 / 64
_EDGE = 8  # pixels of the screen about a fitted picture
_RING = 2
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_PAN = 64


class ZoomingView(QGraphicsView):
    """Shows a scene whose coordinates are the pixels of a picture of ``picture_size``.

    Signals:
        zoom_changed: device pixels on screen for one pixel of the picture at full size.
    """

    zoom_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._held_scene = QGraphicsScene(self)
        self._held_scene.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.setScene(self._held_scene)
        self._scale = 1.0
        self._centre = QPointF()
        self._fitting = True
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setViewportMargins(_RING, _RING, _RING, _RING)  # the ring lies outside of what Qt shifts when one pans
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontAdjustForAntialiasing)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._watch = _Watch(self)
        self.installEventFilter(self._watch)
        self.viewport().installEventFilter(self._watch)

    @property
    def picture_size(self) -> tuple[int, int]:
        """Width and height of the picture at full size; (0, 0) where there is none."""
        return 0, 0

    @property
    def scale_now(self) -> float:
        """Pixels of the screen for one of the picture."""
        return self._scale

    @property
    def seen(self) -> QRectF:
        """What of the scene the view shows."""
        return self._inverse().mapRect(QRectF(self.viewport().rect()))

    def to_picture(self, point: QPointF) -> QPointF:
        """A point of the view in the picture's coordinates."""
        return self._inverse().map(point)

    def to_view(self, point: QPointF) -> QPointF:
        """The counterpart of ``to_picture``."""
        return self.viewportTransform().map(point)

    def _inverse(self) -> QTransform:
        return self.viewportTransform().inverted()[0]

    # -- zoom ---------------------------------------------------------------------------------------------------------

    def fit(self) -> None:
        """The whole picture, as large as the view allows, at most eight times enlarged."""
        self._fitting = True
        width, height = self.picture_size
        if width and height:
            room = self.viewport()
            scale = min((room.width() - 2 * _EDGE) / width, (room.height() - 2 * _EDGE) / height, 8.0)
            self._scale = max(scale, 1e-4)
            self._centre = QPointF(width / 2, height / 2)
        self._place()

    def actual_size(self) -> None:
        """One pixel of the picture on one pixel of the screen."""
        self.zoom_to(1 / self.devicePixelRatioF())

    def zoom(self, factor: float) -> None:
        """Zoom about the middle of the view."""
        self.zoom_to(self._scale * factor)

    def zoom_to(self, scale: float, at: QPointF | None = None) -> None:
        """Zoom to ``scale`` pixels of the screen for one of the picture; what lies at ``at`` stays there."""
        if not all(self.picture_size):
            return
        at = self._middle() if at is None else at
        held = self._centre + (at - self._middle()) / self._scale
        self._fitting = False
        self._scale = min(_MOST, max(min(_LEAST, self._scale), scale))
        self._centre = held - (at - self._middle()) / self._scale
        self._place()

    def show_box(self, box: tuple[float, float, float, float]) -> None:
        """Bring left, top, width, height into view, zooming out only where it is larger than the view."""
        area = QRectF(*box)
        if self.seen.contains(area):
            return
        room = self.viewport().rect()
        most = min(room.width() / max(area.width(), 1e-6), room.height() / max(area.height(), 1e-6)) * 0.8
        self._fitting = False
        self._scale = min(self._scale, max(most, 1e-4))
        self._centre = area.center()
        self._place()

    def pan(self, dx: float, dy: float) -> None:
        """Shift the picture by pixels of the screen."""
        if all(self.picture_size):
            self._fitting = False
            self._centre -= QPointF(dx, dy) / self._scale
            self._place(zoomed=False)

    def centre_on(self, point: QPointF) -> None:
        """Put a point of the picture into the middle."""
        self._fitting = False
        self._centre = point
        self._place(zoomed=False)

    def _middle(self) -> QPointF:
        return QPointF(self.viewport().width() / 2, self.viewport().height() / 2)

    def _place(self, *, zoomed: bool = True) -> None:
        width, height = self.picture_size
        self._centre.setX(min(max(self._centre.x(), 0.0), float(width)))
        self._centre.setY(min(max(self._centre.y(), 0.0), float(height)))
        if zoomed:
            # A whole view of nothing about the picture, so that each of its corners can be brought to the middle
            across, down = self.viewport().width() / self._scale, self.viewport().height() / self._scale
            frame = QRectF(-across, -down, width + 2 * across, height + 2 * down)
            self._held_scene.setSceneRect(frame)
            self._framed(frame)
            self.setTransform(QTransform.fromScale(self._scale, self._scale))
        middle = self._middle()
        self.horizontalScrollBar().setValue(round(self._centre.x() * self._scale - middle.x()))
        self.verticalScrollBar().setValue(round(self._centre.y() * self._scale - middle.y()))
        if zoomed:
            self.viewport().update()
            self.zoom_changed.emit(self._scale * self.devicePixelRatioF())

    def _framed(self, frame: QRectF) -> None:
        """The scene has become ``frame``."""

    # -- events -------------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stay fitted, or where one is."""
        super().resizeEvent(event)
        if self._fitting:
            self.fit()
        else:
            self._place()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the pointer."""
        self.zoom_to(self._scale * 1.0015 ** event.angleDelta().y(), event.position())
        event.accept()

    def zoom_key(self, event: QKeyEvent) -> bool:
        """Plus and minus zoom, 0 fits, 1 is one to one, arrows pan; whether the key was one of them."""
        match event.key():
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.zoom(STEP)
            case Qt.Key.Key_Minus:
                self.zoom(1 / STEP)
            case Qt.Key.Key_0:
                self.fit()
            case Qt.Key.Key_1:
                self.actual_size()
            case key if key in _ARROWS:
                across, down = _ARROWS[Qt.Key(key)]
                self.pan(-across * _PAN, -down * _PAN)
            case _:
                return False
        return True

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.update()

    def paint_ring(self) -> None:
        """The frame about the viewport: a ring while the view has the keyboard."""
        colours = tokens(self.palette())
        painter = QPainter(self)
        painter.setPen(QPen(QColor(colours.accent if self.hasFocus() else colours.canvas), 2))
        painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def pointer_left(self) -> None:
        """The pointer is not over the viewport any more."""


class _Watch(QObject):
    """Sees what has no handler of its own in a scroll area."""

    def __init__(self, view: ZoomingView) -> None:
        super().__init__(view)
        self._view, self._viewport = view, view.viewport()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The ring is painted here; everything else goes on."""
        kind = event.type()
        if kind is QEvent.Type.Paint and watched is self._view:
            self._view.paint_ring()
            return True
        if kind is QEvent.Type.Leave and watched is self._viewport:
            self._view.pointer_left()
        return False
