"""Looks for what is wrong with shapes, a few at a time, so that two thousand outlines hold nothing up."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.labelling import shape_acts
from training.datasets.values import Shape

__all__ = ["FaultWatch"]

_AT_ONCE = 40


class FaultWatch(QObject):
    """Checks each shape once.

    Signals:
        found: a sentence on what is wrong with the first that has a fault, and how many more there are; "" for none.
    """

    found = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shapes: Sequence[Shape] = ()
        self._size = (0, 0)
        self._known: dict[Shape, str] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._check)

    def watch(self, shapes: Sequence[Shape], size: tuple[int, int]) -> None:
        """These are the shapes now, in a picture of this width and height."""
        if size != self._size:
            self._size, self._known = size, {}
        self._shapes = shapes
        self._check()

    def stop(self) -> None:
        """There is nothing to look at."""
        self._timer.stop()
        self._shapes, self._known = (), {}

    def _check(self) -> None:
        waiting = [one for one in self._shapes if one not in self._known]
        for one in waiting[:_AT_ONCE]:
            self._known[one] = shape_acts.fault(one, *self._size)
        if len(waiting) > _AT_ONCE:
            self._timer.start(0)
        said = [words for one in self._shapes if (words := self._known.get(one, ""))]
        verb = "has" if len(said) == 2 else "have"
        more = f" {len(said) - 1:,} more {verb} faults too." if len(said) > 1 else ""
        self.found.emit(said[0] + more if said else "")
