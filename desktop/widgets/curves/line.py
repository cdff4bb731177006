"""One drawn curve: its values faint, the smoothed ones over them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPen

from desktop.theme import Tokens
from desktop.widgets.curves.plotting import pg
from desktop.widgets.curves.series import Series

__all__ = ["Line"]

_FAINT = 0.34  # of a curve's colour, the rest being the ground: the values under it
_FEW = 200  # points up to which corners are worth being drawn well
_MANY = 50  # values from which on single outliers do not decide what is shown
_TURNS = 12  # how often a calm line may go from its least to its greatest
_OUTLIERS = (2.0, 98.0)  # percent

_REACH = 0.02  # of the width: how far from its ends a curve can still be pointed at

_Floats = NDArray[np.float64]


class _Item(pg.PlotCurveItem):
    """A curve that is told its bounds, which pyqtgraph would look for at every change."""

    def __init__(self) -> None:
        super().__init__(connect="finite")
        self._bounds = QRectF()

    def show(self, x: _Floats, y: _Floats) -> tuple[float, float] | None:
        """Draw these; the least and the greatest y, None for nothing."""
        known = y[np.isfinite(y)]
        if len(known):
            low, high = float(known.min()), float(known.max())
            self._bounds = QRectF(float(x[0]), low, float(x[-1] - x[0]) or 1.0, high - low or 1.0)
        self.setSegmentedLineMode("on" if len(known) > _FEW else "off")
        # Where a line fills its columns, smooth edges cost much and show nothing
        calm = len(known) < _MANY or float(np.abs(np.diff(known)).sum()) < _TURNS * (high - low)
        self.setData(x, y, antialias=calm)
        return (low, high) if len(known) else None

    def boundingRect(self) -> QRectF:  # noqa: N802 - Qt's name
        """Where it is."""
        return self._bounds


class Line:
    """Draws ``series`` into ``view``.

    Args:
        name: what it is called.
        colour: a colour of the theme, such as "accent".
        series: the values.
        view: pyqtgraph's view box.
        thin: whether it stands behind the others: a hairline, without its values under it.
    """

    def __init__(self, name: str, colour: str, series: Series, view: pg.ViewBox, *, thin: bool = False) -> None:
        self.name, self.colour, self.series, self.thin = name, colour, series, thin
        self._view = view
        self._faint, self._curve = _Item(), _Item()
        for item, depth in ((self._faint, 1.0), (self._curve, 2.0 if thin else 3.0)):
            item.setZValue(depth)
            view.addItem(item, ignoreBounds=True)
        self._drawn: tuple[object, ...] = ()
        self._extent: tuple[float, float] | None = None

    def remove(self) -> None:
        """Take it out of the view."""
        for item in (self._faint, self._curve):
            self._view.removeItem(item)

    def set_look(self, colours: Tokens) -> None:
        """Take the theme's colours."""
        colour, ground = QColor(getattr(colours, self.colour)), QColor(colours.surface)
        # Mixed here instead of by an alpha: what Qt draws transparent takes it ten times as long
        pairs = (ground.red(), colour.red()), (ground.green(), colour.green()), (ground.blue(), colour.blue())
        faint = QColor(*(round(below + (over - below) * _FAINT) for below, over in pairs))
        for item, shade, width in ((self._curve, colour, 1.0 if self.thin else 2.0), (self._faint, faint, 1.0)):
            pen = QPen(shade, width)
            pen.setCosmetic(True)
            item.setPen(pen)

    def draw(self, low: float, high: float, columns: int, *, log: bool) -> tuple[float, float] | None:
        """Draw what lies between ``low`` and ``high`` on so many columns, unless it is drawn already.

        Returns:
            the least and the greatest that is to be seen, of a logarithmic scale their powers of ten; None for nothing.
        """
        wanted = (low, high, columns, log, self.series.version)
        if wanted == self._drawn:
            return self._extent
        self._drawn = wanted
        x, y = self.series.smooth.thinned(low, high, columns)
        found = [self._curve.show(x, _scaled(y, log=log))]
        if self.series.weight > 0 and not self.thin:
            x, y = self.series.raw.thinned(low, high, max(1, columns // 2))  # enough for what is faint
            values = _scaled(y, log=log)
            seen = self._faint.show(x, values)
            found.append(_without_outliers(values) if len(values) >= _MANY else seen)
        self._faint.setVisible(len(found) > 1)
        known = [one for one in found if one is not None]
        self._extent = (min(one[0] for one in known), max(one[1] for one in known)) if known else None
        return self._extent

    def place_at(self, x: float) -> int:
        """Place of the point nearest to ``x``; -1 where the curve does not go."""
        low, high = self._view.viewRange()[0]
        return self.series.raw.nearest(x, (high - low) * _REACH)


def _scaled(y: _Floats, *, log: bool) -> _Floats:
    """``y``, or its power of ten; what has none is a gap."""
    if not log:
        return y
    made = np.full(len(y), np.nan)
    np.log10(y, out=made, where=y > 0)
    return made


def _without_outliers(values: _Floats) -> tuple[float, float] | None:
    """Between what all values lie but the outermost; None for no values."""
    known = values[np.isfinite(values)]
    if not len(known):
        return None
    low, high = np.percentile(known, _OUTLIERS)
    return float(low), float(high)
