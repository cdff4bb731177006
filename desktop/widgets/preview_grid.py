"""Pictures side by side, as large as they can all be shown; each with a word in its corner and more in its tip."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QImage, QPainter, QPainterPath, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop.theme import GAP, RADIUS, sized, tokens

__all__ = ["Preview", "PreviewGrid"]

_LEAST = 72
_MARK = 11


@dataclass(frozen=True, slots=True, eq=False)
class Preview:
    """One of the pictures: ``image`` None is an empty place; ``words`` stand in it then, and are its tip else."""

    image: QImage | None
    mark: str = ""
    words: str = ""


class PreviewGrid(QWidget):
    """Shows ``count`` places.

    Args:
        name: of all of it, read out.
        count: how many there are.
    """

    def __init__(self, name: str, count: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._shown: list[Preview] = [Preview(None)] * count
        self._columns, self._side = 1, _LEAST
        self._fit()

    @property
    def side(self) -> int:
        """Pixels of the screen that a picture has at most, either way."""
        return max(1, round(self._side * self.devicePixelRatioF()))

    @property
    def previews(self) -> tuple[Preview, ...]:
        """What is shown."""
        return tuple(self._shown)

    def set_preview(self, place: int, preview: Preview) -> None:
        """Show another picture at a place."""
        self._shown[place] = preview
        self.update(self._box(place).toAlignedRect())

    def clear(self) -> None:
        """Show none."""
        self._shown = [Preview(None)] * len(self._shown)
        self.update()

    def sizeHint(self) -> QSize:
        """Room enough to see what is on them."""
        return QSize(640, 480)

    def minimumSizeHint(self) -> QSize:
        """The least."""
        rows = -(-len(self._shown) // 4)
        return QSize(4 * (_LEAST + GAP.s), rows * (_LEAST + GAP.s))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As large as fits."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        count, best = len(self._shown), (0.0, 1)
        for columns in range(1, count + 1):
            rows = -(-count // columns)
            room = min((self.width() + GAP.s) / columns, (self.height() + GAP.s) / rows) - GAP.s
            best = max(best, (room, columns))
        self._side, self._columns = max(1, int(best[0])), best[1]
        self.update()

    def _box(self, place: int) -> QRectF:
        row, column = divmod(place, self._columns)
        step = self._side + GAP.s
        return QRectF(column * step, row * step, self._side, self._side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Each picture in the middle of its place, with rounded corners and its mark."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        colours = tokens(self.palette())
        for place, one in enumerate(self._shown):
            box = self._box(place)
            if not event.rect().intersects(box.toAlignedRect()):
                continue
            whole = QPainterPath()
            whole.addRoundedRect(box, RADIUS, RADIUS)
            painter.fillPath(whole, QColor(colours.canvas))
            if one.image is None:
                painter.setPen(QColor(colours.secondary))
                inside = box.adjusted(GAP.s, GAP.s, -GAP.s, -GAP.s)
                painter.drawText(inside, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, one.words)
                continue
            painter.save()
            painter.setClipPath(whole)
            size = one.image.size().scaled(self._side, self._side, Qt.AspectRatioMode.KeepAspectRatio)
            where = QRectF(0, 0, size.width(), size.height())
            where.moveCenter(box.center())
            painter.drawImage(where, one.image)
            painter.restore()
            if one.mark:
                self._draw_mark(painter, box, one.mark)
        event.accept()

    def _draw_mark(self, painter: QPainter, box: QRectF, words: str) -> None:
        colours = tokens(self.palette())
        painter.setFont(sized(self.font(), _MARK))
        metrics = painter.fontMetrics()
        plate = QRectF(
            box.left() + GAP.xs, box.top() + GAP.xs, metrics.horizontalAdvance(words) + GAP.m, metrics.height() + 4
        )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.raised))
        painter.drawRoundedRect(plate, 4, 4)
        painter.setPen(QColor(colours.text))
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, words)

    def event(self, event: QEvent) -> bool:
        """What happened to a picture is its tip."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            place = self._at(event.pos())
            words = self._shown[place].words if place is not None else ""
            if words:
                QToolTip.showText(event.globalPos(), words, self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def _at(self, where: QPoint) -> int | None:
        found = (place for place in range(len(self._shown)) if self._box(place).contains(where.toPointF()))
        return next(found, None)
