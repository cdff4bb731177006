"""Points in the plane, many of them, each in a colour: one is clicked, or some are caught with a lasso."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.theme import GAP, RADIUS, tokens

__all__ = ["Scatter", "inside"]

_REACH = 10.0  # pixels from the pointer to the point that is meant
_LASSO = 6.0  # pixels that the pointer moves before a click becomes a lasso
_MANY = 5_000  # points from which on they are drawn smaller


class Scatter(QWidget):
    """The points are drawn once; what is caught is drawn over them.

    Signals:
        caught: places of the points that were clicked or lassoed, rising; none where the click met nothing.
    """

    caught = Signal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._points: NDArray[np.float32] = np.empty((0, 2), np.float32)
        self._groups: NDArray[np.intp] = np.empty(0, np.intp)
        self._colours: tuple[str, ...] = ()
        self._caught: frozenset[int] = frozenset()
        self._drawn: QPixmap | None = None
        self._path: list[QPointF] = []
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_points(self, points: NDArray[np.float32], groups: Sequence[int], colours: Sequence[str]) -> None:
        """Show points.

        Args:
            points: float32 (N, 2), 0 to 1; rows with NaN are left out.
            groups: of each, an index into ``colours``; -1 for the quiet colour.
            colours: #RRGGBB.
        """
        self._points = points
        self._groups = np.asarray(groups, np.intp)
        self._colours = tuple(colours)
        self._caught = frozenset()
        self._drawn = None
        self.setAccessibleName(f"A map of {len(points):,} points")
        self.update()

    def set_caught(self, places: Collection[int]) -> None:
        """Let these points stand out."""
        self._caught = frozenset(places)
        self.update()

    def sizeHint(self) -> QSize:
        """Room enough to see clumps."""
        return QSize(280, 280)

    def minimumSizeHint(self) -> QSize:
        """The least that shows anything."""
        return QSize(200, 200)

    # -- places -------------------------------------------------------------------------------------------------------

    def _frame(self) -> QRectF:
        return QRectF(self.rect()).adjusted(GAP.m, GAP.m, -GAP.m, -GAP.m)

    def _on_screen(self) -> NDArray[np.float64]:
        """(N, 2), pixels."""
        frame = self._frame()
        corner, size = np.array([frame.left(), frame.top()]), np.array([frame.width(), frame.height()])
        where: NDArray[np.float64] = corner + self._points.astype(np.float64) * size
        return where

    # -- mouse and keyboard -------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to draw around points."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._path = [event.position()]

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw on."""
        if self._path:
            self._path.append(event.position())
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Catch what was drawn around, or the point that was clicked."""
        if event.button() is not Qt.MouseButton.LeftButton or not self._path:
            return
        path, self._path = self._path, []
        where = self._on_screen()
        moved = max((one - path[0]).manhattanLength() for one in path)
        if moved < _LASSO:
            found = _nearest(where, path[0])
        else:
            found = np.flatnonzero(inside(where, np.array([(one.x(), one.y()) for one in path]))).tolist()
        self.set_caught(found)
        self.caught.emit(found)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc lets everything go."""
        if event.key() == Qt.Key.Key_Escape and (self._caught or self._path):
            self._path = []
            self.set_caught(())
            self.caught.emit([])
        else:
            super().keyPressEvent(event)

    # -- painting -----------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw the points anew."""
        super().resizeEvent(event)
        self._drawn = None

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, points, what is caught, and the lasso."""
        colours = tokens(self.palette())
        if self._drawn is None:
            self._drawn = self._draw()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colours.border), 1))
        painter.setBrush(QColor(colours.surface))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        painter.drawPixmap(0, 0, self._drawn)
        if self._caught:
            where = self._on_screen()
            painter.setPen(QPen(QColor(colours.text), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for place in list(self._caught)[:_MANY]:
                painter.drawEllipse(QPointF(*where[place]), 5.0, 5.0)
        if len(self._path) > 1:
            pen = QPen(QColor(colours.accent), 1.5)
            pen.setStyle(Qt.PenStyle.DashLine)
            painter.setPen(pen)
            veil = QColor(colours.accent)
            veil.setAlpha(30)
            painter.setBrush(veil)
            painter.drawPolygon(QPolygonF(self._path))
        if self.hasFocus():
            painter.setPen(QPen(QColor(colours.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS, RADIUS)
        event.accept()

    def _draw(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        made = QPixmap(round(self.width() * ratio), round(self.height() * ratio))
        made.setDevicePixelRatio(ratio)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        where = self._on_screen()
        good = np.isfinite(where).all(axis=1)
        side = 6.0 if len(where) < _MANY else 3.0
        quiet = self.palette().color(QPalette.ColorRole.PlaceholderText).name()
        for group in np.unique(self._groups[good]):
            colour = QColor(self._colours[group] if 0 <= group < len(self._colours) else quiet)
            colour.setAlpha(200)
            pen = QPen(colour, side)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            rows = where[good & (self._groups == group)]
            painter.drawPoints(QPolygonF([QPointF(x, y) for x, y in rows.tolist()]))
        painter.end()
        return made


def inside(points: NDArray[np.float64], polygon: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Bool (N,): which of ``points`` (N, 2) lie in ``polygon`` (M, 2), by the even-odd rule; NaN does not."""
    x, y = points[:, 0], points[:, 1]
    found = np.zeros(len(points), bool)
    with np.errstate(invalid="ignore", divide="ignore"):
        for (x1, y1), (x2, y2) in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
            if y1 != y2:
                crosses = (y1 > y) != (y2 > y)
                found ^= crosses & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
    return found


def _nearest(where: NDArray[np.float64], point: QPointF) -> list[int]:
    if not len(where):
        return []
    apart = np.hypot(where[:, 0] - point.x(), where[:, 1] - point.y())
    if np.isnan(apart).all():
        return []
    nearest = int(np.nanargmin(apart))
    return [nearest] if apart[nearest] <= _REACH else []
