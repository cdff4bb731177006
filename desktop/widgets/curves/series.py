"""One curve's values as they came, and smoothed."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from desktop.widgets.curves.points import Points
from desktop.widgets.curves.smoothing import Smoother

__all__ = ["Series"]


class Series:
    """Values over x. Each change makes :attr:`version` another one.

    Args:
        weight: of the smoothing, 0 up to but not including 1.
    """

    def __init__(self, weight: float = 0.0) -> None:
        self.raw, self.smooth = Points(), Points()
        self.version = 0
        self._weight = weight
        self._smoother = Smoother(weight)

    @property
    def weight(self) -> float:
        """Of the smoothing."""
        return self._weight

    @property
    def both(self) -> tuple[Points, Points]:
        """The values, and the smoothed ones."""
        return self.raw, self.smooth

    def append(self, x: ArrayLike, y: ArrayLike) -> None:
        """Add points, one or many, in the order of x; what is not finite is a gap.

        Points from before the last one take the place of those that were there: a run went back to a checkpoint.

        Raises:
            ValueError: there are not as many x as y.
        """
        where, values = (np.atleast_1d(np.asarray(one, np.float64)) for one in (x, y))
        if where.shape != values.shape:
            raise ValueError(f"{len(where)} x go with {len(values)} y: give as many of one as of the other.")
        values = np.where(np.isfinite(values), values, np.nan)
        known = np.isfinite(where)
        where, values = where[known], values[known]
        if not len(where):
            return
        if np.any(np.diff(where) < 0):
            order = np.argsort(where, kind="stable")
            where, values = where[order], values[order]
        if len(self.raw) and where[0] < self.raw.x[-1]:
            kept = int(np.searchsorted(self.raw.x, where[0]))
            before = self.raw.x[:kept].copy(), self.raw.y[:kept].copy()
            self.clear()
            self._add(*before)
        self._add(where, values)

    def clear(self) -> None:
        """Take all points away."""
        self.raw, self.smooth = Points(), Points()
        self._smoother = Smoother(self._weight)
        self.version += 1

    def set_weight(self, weight: float) -> None:
        """Smooth all values anew."""
        if weight != self._weight:
            self._weight = weight
            self._smoother = Smoother(weight)
            self.smooth = Points()
            self.smooth.extend(self.raw.x, self._smoother.add(self.raw.y))
            self.version += 1

    def latest(self) -> float | None:
        """The last value there is; None for none."""
        known = np.flatnonzero(np.isfinite(self.raw.y[-256:]))
        if len(known):
            return float(self.raw.y[-256:][known[-1]])
        known = np.flatnonzero(np.isfinite(self.raw.y))
        return float(self.raw.y[known[-1]]) if len(known) else None

    def _add(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> None:
        self.raw.extend(x, y)
        self.smooth.extend(x, self._smoother.add(y))
        self.version += 1
