"""What the canvas has on the screen, not on the picture: ground, message, curtain, minimap; and who gets the mouse."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from desktop.theme import GAP, TYPE, draw_icon, sized, tokens
from desktop.widgets.canvas.minimap import Minimap
from desktop.widgets.canvas.picture_layer import PictureLayer
from desktop.widgets.canvas.tool import Pointer, Tool
from desktop.widgets.canvas.zooming import ZoomingView

__all__ = ["Surroundings"]

_GRIP = 10.0  # pixels from the curtain, within which it is taken hold of
_KNOB = 9.0
_SPLIT_STEP = 0.05


class Surroundings(ZoomingView):
    """A zooming view with a layer for its picture."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture_layer = PictureLayer()
        self._held_scene.addItem(self._picture_layer)
        self._minimap = Minimap()
        self._message = self._sign = ""
        self._words = ("", "")
        self._split = 0.5
        self._held_split = False
        self._grabbed: QPointF | None = None
        self._space = False
        self._pressed = False

    @property
    def picture_size(self) -> tuple[int, int]:
        """Width and height of the picture at full size; (0, 0) where there is none."""
        picture = self._picture_layer.picture
        return (0, 0) if picture is None else (picture.width, picture.height)

    @property
    def tool(self) -> Tool | None:
        """In the hand."""
        return None

    # -- curtain and minimap ------------------------------------------------------------------------------------------

    def set_split(self, fraction: float) -> None:
        """Where the curtain hangs, 0 (left) to 1 of the view."""
        self._split = min(1.0, max(0.0, fraction))
        self._hang_curtain()
        self.viewport().update()

    @property
    def split(self) -> float:
        """As ``set_split``."""
        return self._split

    def set_minimap(self, wanted: bool) -> None:
        """Whether a minimap is shown where the picture is larger than the view."""
        self._minimap.wanted = wanted
        self._place_minimap()
        self.viewport().update()

    @property
    def minimap(self) -> QRectF:
        """Where on the view it is; empty where it isn't."""
        return self._minimap.box

    def _curtain_x(self) -> float:
        return self._split * self.viewport().width()

    def _hang_curtain(self) -> None:
        if self._picture_layer.other is not None:
            self._picture_layer.set_curtain(self.to_picture(QPointF(self._curtain_x(), 0)).x())

    def _place_minimap(self) -> None:
        self._minimap.place(self._picture_layer.picture, self.viewport().rect(), self.seen)

    def _place(self, *, zoomed: bool = True) -> None:
        super()._place(zoomed=zoomed)
        self._hang_curtain()

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: N802 - Qt's name
        """What stays on the screen is painted anew where it was and where the shift has carried it."""
        before = self._minimap.box
        super().scrollContentsBy(dx, dy)
        self._place_minimap()
        for box in (before, before.translated(dx, dy), self._minimap.box):
            self.viewport().update(box.toAlignedRect().adjusted(-2, -2, 2, 2))

    def _framed(self, frame: QRectF) -> None:
        super()._framed(frame)
        self._place_minimap()

    # -- painting -----------------------------------------------------------------------------------------------------

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:  # noqa: N802 - Qt's name
        """The canvas colour."""
        painter.fillRect(rect, QColor(tokens(self.palette()).canvas))

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:  # noqa: N802 - Qt's name
        """Message, curtain, minimap."""
        painter.save()
        painter.resetTransform()
        picture = self._picture_layer.picture
        if picture is None:
            self._draw_message(painter)
        else:
            if self._picture_layer.other is not None:
                self._draw_curtain(painter)
            self._place_minimap()
            if not self._minimap.box.isEmpty():
                self._minimap.paint(painter, tokens(self.palette()), picture, self.seen)
        painter.restore()

    def _draw_message(self, painter: QPainter) -> None:
        if not self._message:
            return
        colours, room = tokens(self.palette()), QRectF(self.viewport().rect())
        middle = room.center()
        draw_icon(painter, self._sign, colours.secondary, QRectF(middle.x() - 14, middle.y() - 34, 28, 28))
        painter.setPen(QColor(colours.secondary))
        painter.setFont(sized(self.font(), TYPE.secondary))
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.drawText(room.adjusted(GAP.lg, room.height() / 2, -GAP.lg, -GAP.s), int(flags), self._message)

    def _draw_curtain(self, painter: QPainter) -> None:
        colours, x, height = tokens(self.palette()), self._curtain_x(), self.viewport().height()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor("#FFFFFF"), 3))
        painter.drawLine(QPointF(x, 0), QPointF(x, height))
        painter.setPen(QPen(QColor(colours.accent), 1.5))
        painter.drawLine(QPointF(x, 0), QPointF(x, height))
        painter.setBrush(QColor("#FFFFFF"))
        painter.drawEllipse(QPointF(x, height / 2), _KNOB, _KNOB)
        font = sized(self.font(), TYPE.secondary)
        painter.setFont(font)
        for word, left in zip(self._words, (True, False), strict=True):
            width = painter.fontMetrics().horizontalAdvance(word) + 2 * GAP.s
            tall = painter.fontMetrics().height() + GAP.xs
            box = QRectF(x - width - GAP.s if left else x + GAP.s, GAP.s, width, tall)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.raised))
            painter.drawRoundedRect(box, 4, 4)
            painter.setPen(QColor(colours.text))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, word)

    # -- mouse --------------------------------------------------------------------------------------------------------

    def _pointer(self, event: QMouseEvent) -> Pointer:
        point, held = self.to_picture(event.position()), event.modifiers()
        keys = Qt.KeyboardModifier
        return Pointer(
            point.x(),
            point.y(),
            1 / self._scale,
            shift=bool(held & keys.ShiftModifier),
            alt=bool(held & keys.AltModifier),
            control=bool(held & keys.ControlModifier),
            pressed=self._pressed,
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """To the minimap, the curtain, the hand that pans, or the tool."""
        left, at = event.button() is Qt.MouseButton.LeftButton, event.position()
        event.accept()
        if not all(self.picture_size):
            return
        if left and self._minimap.box.contains(at):
            self._minimap.held = True
            self.centre_on(self._minimap.to_picture(at))
        elif left and self._on_curtain(at):
            self._held_split = True
        elif event.button() is Qt.MouseButton.MiddleButton or (left and (self._space or self.tool is None)):
            self._grabbed = at
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        elif left and self.tool is not None:
            self._pressed = True
            self.tool.press(self._pointer(event))
        elif event.button() is Qt.MouseButton.RightButton:
            self._ask_context(self.to_picture(at), event.globalPosition().toPoint())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """On with what the press began; else the tool hovers."""
        at = event.position()
        event.accept()
        if self._minimap.held:
            self.centre_on(self._minimap.to_picture(at))
        elif self._held_split:
            self.set_split(at.x() / max(1, self.viewport().width()))
        elif self._grabbed is not None:
            self.pan(at.x() - self._grabbed.x(), at.y() - self._grabbed.y())
            self._grabbed = at
        elif all(self.picture_size):
            self._point(at)
            if self._on_curtain(at) and not self._pressed:
                self.viewport().setCursor(Qt.CursorShape.SplitHCursor)
                return
            self._show_cursor()
            if self.tool is not None and not self._space:
                self.tool.move(self._pointer(event))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        event.accept()
        if self._pressed and event.button() is Qt.MouseButton.LeftButton:
            self._pressed = False
            if self.tool is not None:
                self.tool.release(self._pointer(event))
        elif event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._minimap.held = self._held_split = False
            self._grabbed = None
            self._show_cursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """To the tool; without one, between the whole picture and one to one."""
        event.accept()
        if event.button() is not Qt.MouseButton.LeftButton or not all(self.picture_size):
            return
        if self._minimap.box.contains(event.position()) or self._space:
            self.mousePressEvent(event)
        elif self.tool is not None:
            self._pressed = True
            self.tool.double(self._pointer(event))
        elif self._fitting:
            self.zoom_to(1 / self.devicePixelRatioF(), event.position())
        else:
            self.fit()

    def pointer_left(self) -> None:
        """The tool hovers no more."""
        self._point(QPointF(-1e9, -1e9))
        if self.tool is not None:
            self.tool.leave()

    def _on_curtain(self, at: QPointF) -> bool:
        return self._picture_layer.other is not None and abs(at.x() - self._curtain_x()) <= _GRIP

    def _point(self, at: QPointF) -> None:
        """The pointer is there."""

    def _ask_context(self, point: QPointF, where: QPoint) -> None:
        """The right button was pressed."""

    def set_tool_cursor(self, cursor: Qt.CursorShape) -> None:
        """Show another pointer, until the next move of it."""
        self.viewport().setCursor(cursor)

    def _show_cursor(self) -> None:
        tool = None if self._space else self.tool
        shape = Qt.CursorShape.OpenHandCursor if tool is None else tool.cursor
        if self.viewport().cursor().shape() is not shape:
            self.viewport().setCursor(shape)

    # -- keyboard -----------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space lets the left button pan, Alt with an arrow moves the curtain; then zoom and pan."""
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._space = True
                self._show_cursor()
        elif (
            event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right)
            and event.modifiers() & Qt.KeyboardModifier.AltModifier
            and self._picture_layer.other is not None
        ):
            self.set_split(self._split + (_SPLIT_STEP if event.key() == Qt.Key.Key_Right else -_SPLIT_STEP))
        elif not self.zoom_key(event):
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Space goes up."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = False
            self._show_cursor()
        else:
            event.ignore()
