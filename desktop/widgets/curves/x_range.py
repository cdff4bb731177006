"""The stretch of x that charts show. Those that share one move together, and so do their cross-hairs."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

__all__ = ["XRange"]

_CLOSEST = 1e-4
"""Of all there is, the least that can be looked at."""


class XRange(QObject):
    """Everything, until a person looks closer.

    Args:
        word: what x counts, such as "epoch".
        end: how far x will go, as far as is known; 0 for not known.

    Signals:
        changed: another stretch is shown.
        pointed: the x that is pointed at, None for none.
    """

    changed = Signal()
    pointed = Signal(object)

    def __init__(self, word: str = "", end: float = 0.0, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.word = word
        self._end = end
        self._spans: dict[int, tuple[float, float]] = {}
        self._closer: tuple[float, float] | None = None
        self._pointer: float | None = None

    @property
    def full(self) -> tuple[float, float]:
        """From the first x of all charts to the last, or to the end that is expected."""
        low = min((span[0] for span in self._spans.values()), default=0.0)
        high = max((span[1] for span in self._spans.values()), default=low)
        high = max(high, self._end)
        return (low, high) if high > low else (low, low + 1.0)

    @property
    def shown(self) -> tuple[float, float]:
        """What is shown now."""
        return self._closer or self.full

    @property
    def zoomed(self) -> bool:
        """Whether less than everything is shown."""
        return self._closer is not None

    @property
    def pointer(self) -> float | None:
        """The x that is pointed at."""
        return self._pointer

    def set_end(self, end: float) -> None:
        """How far x will go; 0 for not known."""
        if end != self._end:
            self._end = end
            self.changed.emit()

    def set_span(self, owner: int, span: tuple[float, float] | None) -> None:
        """The first and the last x of the chart ``owner``, which tells it from the others; None for no points."""
        before = self.shown
        if span is None:
            self._spans.pop(owner, None)
        else:
            self._spans[owner] = span
        if self.shown != before:
            self.changed.emit()

    def show(self, low: float, high: float) -> None:
        """Show from ``low`` to ``high``, moved and cut to what there is."""
        first, last = self.full
        width = max(high - low, (last - first) * _CLOSEST)
        if width >= last - first:
            self.reset()
            return
        low = min(max(first, low), last - width)
        self._closer = (low, low + width)
        self.changed.emit()

    def zoom(self, factor: float, about: float) -> None:
        """Show ``factor`` times as much as now; ``about`` stays where it is."""
        low, high = self.shown
        self.show(about - (about - low) * factor, about + (high - about) * factor)

    def pan(self, by: float) -> None:
        """Show what is ``by`` further on, as far as there is anything."""
        low, high = self.shown
        if self.zoomed:
            self.show(low + by, high + by)

    def reset(self) -> None:
        """Show everything."""
        if self._closer is not None:
            self._closer = None
            self.changed.emit()

    def point(self, x: float | None) -> None:
        """Point at ``x``."""
        if x != self._pointer:
            self._pointer = x
            self.pointed.emit(x)
