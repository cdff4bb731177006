"""Which keys do what: key caps with a word or two beside each, in as many lines as they need."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.theme import GAP, TYPE, sized, tokens
from desktop.widgets.key_cap import cap_size, draw_cap

__all__ = ["KeyHints"]


class KeyHints(QWidget):
    """Shows (key, what it does) pairs; a pair is never torn apart."""

    def __init__(self, hints: Sequence[tuple[str, str]] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._hints: tuple[tuple[str, str], ...] = ()
        self.set_hints(hints)

    def set_hints(self, hints: Sequence[tuple[str, str]]) -> None:
        """Show ``hints``, in this order."""
        if tuple(hints) == self._hints:
            return
        self._hints = tuple(hints)
        self.setAccessibleName(", ".join(f"{key} {words}" for key, words in self._hints))
        self.updateGeometry()
        self.update()

    def _places(self, width: int) -> list[QRectF]:
        """Where each pair is when there are ``width`` pixels in a line."""
        words = QFontMetricsF(sized(self.font(), TYPE.secondary))
        places: list[QRectF] = []
        x, y = 0.0, 0.0
        for key, text in self._hints:
            cap = cap_size(self.font(), key)
            size = cap.width() + GAP.xs + 1 + words.horizontalAdvance(text)
            height = max(cap.height(), words.height())
            if places and x + size > width:
                x, y = 0.0, y + height + GAP.xs
            places.append(QRectF(x, y, size, height))
            x += size + GAP.m
        return places

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """All lines."""
        places = self._places(width)
        return round(places[-1].bottom()) + 1 if places else 0

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        """Narrower means more lines."""
        return True

    def sizeHint(self) -> QSize:
        """Everything in one line."""
        places = self._places(1 << 20)
        return QSize(round(places[-1].right()) + 1, round(places[-1].bottom()) + 1) if places else QSize(0, 0)

    def minimumSizeHint(self) -> QSize:
        """The longest pair, on as many lines as that takes at the present width."""
        longest = max((place.width() for place in self._places(1 << 20)), default=0.0)
        return QSize(round(longest) + 1, self.heightForWidth(max(self.width(), round(longest) + 1)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Caps and words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = tokens(self.palette())
        words = sized(self.font(), TYPE.secondary)
        for (key, text), place in zip(self._hints, self._places(self.width()), strict=True):
            cap = QRectF(place.topLeft(), cap_size(self.font(), key))
            cap.moveCenter(QPointF(cap.center().x(), place.center().y()))
            draw_cap(painter, self.font(), colours, cap, key)
            painter.setFont(words)
            painter.setPen(QColor(colours.secondary))
            left = place.adjusted(cap.width() + GAP.xs + 1, 0, 1, 0)
            painter.drawText(left, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        event.accept()
