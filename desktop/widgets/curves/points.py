"""Points of a curve, any number: appended cheaply, and thinned to the columns of a screen as cheaply."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["Points"]

_Floats = NDArray[np.float64]

_FIRST = 3
"""The finest level holds the least and the greatest of 2 to this many points; each further one of twice as many."""


class _Column:
    """A float64 array that grows at its end."""

    def __init__(self) -> None:
        self._room: _Floats = np.empty(1024)
        self.length = 0

    @property
    def values(self) -> _Floats:
        return self._room[: self.length]

    def extend(self, values: _Floats) -> None:
        needed = self.length + len(values)
        if needed > len(self._room):
            room = np.empty(max(needed, 2 * len(self._room)))
            room[: self.length] = self.values
            self._room = room
        self._room[self.length : needed] = values
        self.length = needed


class Points:
    """Points in the order of their x, with the extremes of blocks of 8, 16, 32, ... of them kept up to date."""

    def __init__(self) -> None:
        self._x, self._y = _Column(), _Column()
        self._levels: list[tuple[_Column, _Column]] = []

    def __len__(self) -> int:
        return self._x.length

    @property
    def x(self) -> _Floats:
        """Float64 (N,), rising or level."""
        return self._x.values

    @property
    def y(self) -> _Floats:
        """Float64 (N,); NaN is a gap."""
        return self._y.values

    def extend(self, x: _Floats, y: _Floats) -> None:
        """Append points, float64 (M,) each; ``x`` goes on from the last one."""
        self._x.extend(x)
        self._y.extend(y)
        below, halvings, level = (self.y, self.y), _FIRST, 0
        while len(below[0]) >> halvings:
            if level == len(self._levels):
                self._levels.append((_Column(), _Column()))
            for column, source, outer in zip(self._levels[level], below, (np.fmin, np.fmax), strict=True):
                new = source[column.length << halvings : len(source) >> halvings << halvings]
                for _ in range(halvings):
                    new = outer(new[::2], new[1::2])
                column.extend(new)
            below = (self._levels[level][0].values, self._levels[level][1].values)
            halvings, level = 1, level + 1

    def nearest(self, x: float, reach: float = np.inf) -> int:
        """Place of the point nearest to ``x``; -1 where there is none, or ``x`` is further outside than ``reach``."""
        if not len(self) or not self.x[0] - reach <= x <= self.x[-1] + reach:
            return -1
        after = int(np.searchsorted(self.x, x))
        if after == 0 or (after < len(self) and self.x[after] - x < x - self.x[after - 1]):
            return after
        return after - 1

    def thinned(self, low: float, high: float, columns: int) -> tuple[_Floats, _Floats]:
        """What is to be drawn from ``low`` to ``high`` on so many columns: all points, or two a column at most.

        The extremes of every column are among them; a column without any value is NaN. Blocks lie where they lay
        before, so that a curve does not flicker while points are added.
        """
        first = max(0, int(np.searchsorted(self.x, low)) - 1)
        last = min(len(self), int(np.searchsorted(self.x, high, "right")) + 1)
        if last - first <= 2 * columns:
            return self.x[first:last], self.y[first:last]
        shift = _FIRST
        while (last - first) >> shift > columns:
            shift += 1
        blocks = np.arange(first >> shift, -(-last >> shift))
        least, most = (self._blocks(which, shift, blocks) for which in (0, 1))
        starts = blocks << shift
        ends = np.minimum(starts + (1 << shift), len(self)) - 1
        falling = self.y[starts] > self.y[ends]  # the greater first, or a falling curve would be a saw
        x, y = np.empty((len(blocks), 2)), np.empty((len(blocks), 2))
        x[:, 0], x[:, 1] = self.x[starts], self.x[ends]
        y[:, 0], y[:, 1] = np.where(falling, most, least), np.where(falling, least, most)
        return x.ravel(), y.ravel()

    def _blocks(self, which: int, shift: int, blocks: NDArray[np.intp]) -> _Floats:
        """Least (0) or greatest (1) of each of these blocks of 2 to ``shift`` points; the last may be unfinished."""
        kept = self._levels[shift - _FIRST][which].values if shift - _FIRST < len(self._levels) else np.empty(0)
        whole = kept[blocks[0] : min(len(kept), int(blocks[-1]) + 1)]
        if len(whole) == len(blocks):
            return whole
        reduce = (np.fmin.reduce, np.fmax.reduce)[which]
        return np.append(whole, reduce(self.y[int(blocks[-1]) << shift :]))
