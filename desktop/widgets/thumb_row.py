"""A row of small pictures with a word under each, and a number under that: what something is compared with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop.theme import GAP, tokens
from desktop.widgets.picture_row import draw_picture

__all__ = ["Thumb", "ThumbRow"]

_LARGEST = 72


@dataclass(frozen=True, slots=True)
class Thumb:
    """One of them: ``picture`` None for one that can't be shown here; ``tip`` says more of it."""

    name: str
    fraction: float
    picture: QImage | None = None
    tip: str = ""


class ThumbRow(QWidget):
    """Shows up to ``most`` thumbs side by side, which share the width."""

    def __init__(self, most: int = 5, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._most = most
        self._thumbs: tuple[Thumb, ...] = ()
        # Not "fixed": a layout would hold it at the height for the width of the size hint, and cut the numbers off
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def thumbs(self) -> tuple[Thumb, ...]:
        """What is shown, the nearest first."""
        return self._thumbs

    def set_thumbs(self, thumbs: Sequence[Thumb]) -> None:
        """Show ``thumbs``, the nearest first."""
        self._thumbs = tuple(thumbs[: self._most])
        self.setAccessibleName(", ".join(f"{thumb.name} {_percent(thumb.fraction)}" for thumb in self._thumbs))
        self.updateGeometry()
        self.update()

    def _side(self, width: int) -> int:
        return max(24, min(_LARGEST, (width - (self._most - 1) * GAP.s) // self._most))

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        """The pictures are squares that share the width."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """A square and two lines of text; also while there is nothing, so that nothing else moves when it comes."""
        return self._side(width) + 2 * self.fontMetrics().height() + GAP.xs

    def sizeHint(self) -> QSize:
        """For the narrow inspector."""
        return QSize(288, self.heightForWidth(288))

    def minimumSizeHint(self) -> QSize:
        """Pictures that can still be told apart."""
        return QSize(160, self.heightForWidth(160))

    def _box(self, place: int) -> QRect:
        side = self._side(self.width())
        return QRect(place * (side + GAP.s), 0, side, side)

    def event(self, event: QEvent) -> bool:
        """A tip for each."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            for place, thumb in enumerate(self._thumbs):
                if self._box(place).contains(event.pos()) and thumb.tip:
                    QToolTip.showText(event.globalPos(), thumb.tip, self)
                    return True
            QToolTip.hideText()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Pictures, names, numbers."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        colours = tokens(self.palette())
        line = self.fontMetrics().height()
        for place, thumb in enumerate(self._thumbs):
            box = self._box(place)
            draw_picture(painter, colours, box, thumb.picture)
            text = QRect(box.left(), box.bottom() + 1 + GAP.xs, box.width(), line)
            painter.setPen(QColor(colours.text))
            name = self.fontMetrics().elidedText(thumb.name, Qt.TextElideMode.ElideRight, text.width())
            painter.drawText(text, Qt.AlignmentFlag.AlignHCenter, name)
            painter.setPen(QColor(colours.secondary))
            painter.drawText(text.translated(0, line), Qt.AlignmentFlag.AlignHCenter, _percent(thumb.fraction))
        event.accept()


def _percent(fraction: float) -> str:
    return f"{max(0.0, fraction) * 100:.0f} %"
