"""One of several, chosen from a menu: what is chosen is what the button says."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QWidget

from desktop.theme import GAP, draw_icon, tokens

__all__ = ["PickButton"]

_ARROW = 14


class PickButton(QPushButton):
    """The button.

    Args:
        name: what is chosen, read out.
        options: value -> words.
        value: that is chosen at first.

    Signals:
        chosen: the value a person has chosen.
    """

    chosen = Signal(str)

    def __init__(self, name: str, options: Mapping[str, str], value: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._options: Mapping[str, str] = {}
        self._value = value
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        menu = QMenu(self)
        menu.aboutToShow.connect(lambda: menu.setMinimumWidth(self.width()))
        self.setMenu(menu)
        self.set_options(options, value)

    @property
    def value(self) -> str:
        """What is chosen."""
        return self._value

    def set_options(self, options: Mapping[str, str], value: str) -> None:
        """Offer ``options`` instead, ``value`` being chosen; nothing is told."""
        if dict(options) != dict(self._options):
            self._options = options
            menu = self.menu()
            menu.clear()
            for one, words in options.items():
                action = menu.addAction(words.replace("&", "&&"))
                action.triggered.connect(lambda _checked=False, one=one: self._choose(one))
        self.set_value(value)

    def set_value(self, value: str) -> None:
        """Show ``value`` as chosen, without telling of it."""
        self._value = value
        words = self._options.get(value, value)
        self.setAccessibleName(f"{self._name}: {words}")
        self.setToolTip(words)
        self.update()

    def _choose(self, value: str) -> None:
        if value != self._value:
            self.set_value(value)
            self.chosen.emit(value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down choose without opening the menu; Enter opens it, as Space does."""
        values = list(self._options)
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step is not None and self._value in values:
            self._choose(values[min(max(values.index(self._value) + step, 0), len(values) - 1)])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.showMenu()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The words at the left, cut where there is too little room, and an arrow at the right."""
        painter = QPainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        self.style().drawControl(QStyle.ControlElement.CE_PushButton, option, painter, self)
        colours = tokens(self.palette())
        painter.setPen(self.palette().color(self.foregroundRole()))
        room = self.rect().adjusted(GAP.s + 1, 0, -(_ARROW + GAP.m + 1), 0)
        words = QFontMetrics(self.font()).elidedText(
            self._options.get(self._value, self._value), Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        where = QRectF(self.width() - _ARROW - GAP.s, (self.height() - _ARROW) / 2, _ARROW, _ARROW)
        draw_icon(painter, "chevron-down", colours.secondary, where)
        event.accept()
