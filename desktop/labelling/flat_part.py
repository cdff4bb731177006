"""The flat view of a border beside its picture: whether its sides lie on the edges is seen best straight on."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.labelling.quad_work import FlatView
from desktop.theme import RADIUS, tokens

__all__ = ["FlatPart"]

_HIGHEST = 420
SIDES = ("top", "right", "bottom", "left")


class FlatPart(QWidget):
    """Shows it, with a line along each side: of what is sure in one colour, of what is not in another."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: FlatView | None = None
        self._sure = (True, True, True, True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_view(None)

    @property
    def view(self) -> FlatView | None:
        """What is shown."""
        return self._view

    def set_view(self, view: FlatView | None, name: str = "") -> None:
        """Show ``view``, of the border ``name``; None hides all."""
        self._view = view
        self._fit()
        self.setVisible(view is not None)
        self.setAccessibleName(f"{name}, seen straight on".strip(", "))
        self.update()

    def set_sure(self, sure: tuple[bool, bool, bool, bool]) -> None:
        """Whether an edge was found along top, right, bottom and left."""
        self._sure = sure
        unsure = [side for side, good in zip(SIDES, sure, strict=True) if not good]
        self.setAccessibleDescription(f"No edge at the {', '.join(unsure)}" if unsure else "")
        self.update()

    def _fit(self) -> None:
        """As high as the view is at this width."""
        if self._view is not None:
            image = self._view.image
            self.setFixedHeight(min(_HIGHEST, round(self.width() * image.height() / image.width())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width, another height."""
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:
        """As wide as the panel."""
        return QSize(240, _HIGHEST)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The view, and its sides."""
        if self._view is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        colours = tokens(self.palette())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.canvas))
        painter.drawRoundedRect(self.rect(), RADIUS, RADIUS)
        image = self._view.image
        scale = min((self.width() - 8) / image.width(), (self.height() - 8) / image.height())
        corner = (self.width() - image.width() * scale) / 2, (self.height() - image.height() * scale) / 2
        painter.drawImage(QRectF(*corner, image.width() * scale, image.height() * scale), image)
        left, top, width, height = (number * scale for number in self._view.frame)
        frame = QRectF(corner[0] + left, corner[1] + top, width, height)
        corners = [frame.topLeft(), frame.topRight(), frame.bottomRight(), frame.bottomLeft()]
        for side, good in enumerate(self._sure):
            painter.setPen(QPen(QColor(colours.accent if good else colours.caution), 1 if good else 2))
            painter.drawLine(QLineF(corners[side], corners[(side + 1) % 4]))
