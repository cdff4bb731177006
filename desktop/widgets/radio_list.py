"""One of a few, each with a sentence that says what it is good for."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QVBoxLayout, QWidget

from desktop.theme import GAP, RADIUS, tokens
from desktop.widgets.labels import label

__all__ = ["RadioList"]

_SIDE = 16
_DOT = 8
_EDGE = 2  # around everything: room for the ring of the keyboard
_INDENT = _EDGE + _SIDE + GAP.s


class _Radio(QRadioButton):
    """A radio button in the program's own colours; all of it can be clicked."""

    def sizeHint(self) -> QSize:
        width = _INDENT + self.fontMetrics().horizontalAdvance(self.text()) + GAP.s
        return QSize(width, max(_SIDE, self.fontMetrics().height()) + 2 * _EDGE + GAP.xs)

    def hitButton(self, pos: QPoint) -> bool:  # noqa: N802  # Qt's name
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = tokens(self.palette())
        box = QRectF(_EDGE + 0.5, (self.height() - _SIDE) / 2 + 0.5, _SIDE - 1, _SIDE - 1)
        on = self.isChecked()
        painter.setPen(QPen(QColor(colours.accent if on else colours.secondary), 1))
        painter.setBrush(QColor(colours.accent if on else colours.surface))
        painter.drawEllipse(box)
        if on:
            dot = QRectF(0, 0, _DOT, _DOT)
            dot.moveCenter(box.center())
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.on_accent))
            painter.drawEllipse(dot)
        painter.setPen(QColor(colours.text))
        room = self.rect().adjusted(_INDENT, 0, -_EDGE, 0)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
        if self.hasFocus():
            painter.setPen(QPen(QColor(colours.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS, RADIUS)
        event.accept()


class RadioList(QWidget):
    """The rows; Up and Down choose.

    Args:
        options: value -> words, and a sentence.
        value: that is chosen at first.

    Signals:
        chosen: the value a person has chosen.
    """

    chosen = Signal(str)

    def __init__(self, options: Mapping[str, tuple[str, str]], value: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._value = value
        self._group = QButtonGroup(self)
        self.buttons: dict[str, QRadioButton] = {}
        for one, (words, sentence) in options.items():
            made = _Radio(words)
            made.setAccessibleDescription(sentence)
            made.setChecked(one == value)
            made.toggled.connect(lambda on, one=one: self._choose(one) if on else None)
            said = label(sentence, "secondary", wrap=True)
            said.setContentsMargins(_INDENT, 0, 0, GAP.s)
            self._group.addButton(made)
            self.buttons[one] = made
            column.addWidget(made)
            column.addWidget(said)

    @property
    def value(self) -> str:
        """What is chosen."""
        return self._value

    def set_value(self, value: str) -> None:
        """Show ``value`` as chosen, without telling of it."""
        self._value = value
        self.buttons[value].setChecked(True)

    def _choose(self, value: str) -> None:
        if value != self._value:
            self._value = value
            self.chosen.emit(value)
