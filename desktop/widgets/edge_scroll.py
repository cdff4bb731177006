"""Scrolls a view while something is held near its upper or lower edge, faster the nearer it is."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, QTimer
from PySide6.QtWidgets import QAbstractScrollArea

__all__ = ["EdgeScroll"]

_ZONE = 48
_FASTEST = 24  # pixels a tick, at the very edge
_TICK_MS = 16


class EdgeScroll(QObject):
    """Scrolls ``area`` and calls ``scrolled`` after each step, for what is under the pointer has changed."""

    def __init__(self, area: QAbstractScrollArea, scrolled: Callable[[], None]) -> None:
        super().__init__(area)
        self._area, self._scrolled = area, scrolled
        self._speed = 0
        self._timer = QTimer(self, interval=_TICK_MS)
        self._timer.timeout.connect(self._step)

    def follow(self, point: QPoint) -> None:
        """The pointer is at ``point`` of the viewport."""
        height = self._area.viewport().height()
        zone = min(_ZONE, height // 4)
        above, below = zone - point.y(), point.y() - (height - 1 - zone)
        depth = -above if above > 0 else max(0, below)
        self._speed = round(_FASTEST * max(-1.0, min(1.0, depth / zone))) if zone else 0
        if self._speed and not self._timer.isActive():
            self._timer.start()
        elif not self._speed:
            self._timer.stop()

    def stop(self) -> None:
        """The pointer is gone."""
        self._speed = 0
        self._timer.stop()

    def _step(self) -> None:
        bar = self._area.verticalScrollBar()
        before = bar.value()
        bar.setValue(before + self._speed)
        if bar.value() == before:
            self.stop()
        else:
            self._scrolled()
