"""Draws the latest notice as a strip with its action; repeats are counted on the same strip."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from desktop.notices import Level, Notice, Notices
from desktop.theme import GAP, ICON_SIDE, draw_icon, tokens
from desktop.widgets.labels import IconButton, button, label

__all__ = ["NoticeBar"]

_ICONS = {Level.INFO: "info", Level.WARN: "triangle-alert", Level.ERROR: "circle-alert"}
_LINGER_MS = 8000
_LINGER_WITH_ACTION_MS = 60_000  # what can be taken back can be for a while


class _Mark(QWidget):
    """The icon of a level, in its colour."""

    level = Level.INFO

    def sizeHint(self) -> QSize:
        return QSize(ICON_SIDE, ICON_SIDE)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = tokens(self.palette())
        colour = {Level.INFO: colours.good, Level.WARN: colours.caution, Level.ERROR: colours.bad}[self.level]
        top = (self.height() - ICON_SIDE) / 2
        draw_icon(QPainter(self), _ICONS[self.level], colour, QRectF(0, top, ICON_SIDE, ICON_SIDE))
        event.accept()


class NoticeBar(QFrame):
    """Hidden while there is nothing to tell. What went well leaves by itself, the rest waits to be closed."""

    def __init__(self, notices: Notices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice_bar")
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP.xl, GAP.s, GAP.lg, GAP.s)
        row.setSpacing(GAP.m)
        self._mark = _Mark()
        self._mark.setFixedWidth(ICON_SIDE)
        self._text = label("", wrap=True)
        self._actions = QHBoxLayout()
        row.addWidget(self._mark)
        row.addWidget(self._text, 1)
        row.addLayout(self._actions)
        row.addWidget(IconButton("x", "Close", notices.dismiss))
        self._linger = QTimer(self, singleShot=True, interval=_LINGER_MS)
        self._linger.timeout.connect(notices.dismiss)
        notices.changed.subscribe(self._show)
        self._show(notices.latest)

    def _show(self, notice: Notice | None) -> None:
        self._linger.stop()
        self.setVisible(notice is not None)
        if notice is None:
            return
        self._mark.level = notice.level
        self._mark.update()
        self._text.setText(notice.text if notice.repeats == 1 else f"{notice.text}  ({notice.repeats} times)")
        while (old := self._actions.takeAt(0)) is not None:
            widget = old.widget()
            if widget is not None:
                widget.hide()  # at once; deleting waits for the event loop
                widget.deleteLater()
        for action in notice.actions:
            self._actions.addWidget(button(action.label, "link", on_click=action.run))
        if notice.level is Level.INFO:
            self._linger.start(_LINGER_MS if not notice.actions else _LINGER_WITH_ACTION_MS)
