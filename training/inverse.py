"""The inverse that ridge regression needs, kept up to date while rows come and go."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["RegularisedInverse"]


class RegularisedInverse:
    """P = (X' X + ridge I)^-1 for rows X (n, F) that are added and removed. Float64.

    Kept as P = base - U' diag(s) U, with base a matrix (F, F) or, at first, I / ridge. A change of m rows appends m
    rows to U and touches nothing else (Woodbury's identity), so it costs what reading base and U once costs. Writing
    all of base at each change, as Sherman and Morrison's formula is mostly programmed, takes ten times as long.
    From time to time U is folded into base: by ``fold``, when the program has nothing else to do, or when it is full.

    Args:
        features: F.
        ridge: more than 0.
        gram: X' X, (F, F), overwritten; None for no rows yet.

    Attributes:
        capacity: rows that may change at once; more are better done from their gram.
    """

    def __init__(self, features: int, ridge: float, gram: NDArray[np.float64] | None = None) -> None:
        self._ridge = ridge
        self.capacity = max(features // 2, 1)
        self._base: NDArray[np.float64] | None = None
        self._low = np.empty((0, features))
        self._signs = np.empty(0)
        if gram is not None:
            gram.flat[:: features + 1] += ridge
            inverse = np.linalg.inv(gram).astype(np.float64, copy=False)
            inverse += inverse.T.copy()
            inverse *= 0.5
            self._base = inverse

    def copy(self) -> RegularisedInverse:
        """One that shares nothing with this one."""
        other = RegularisedInverse(self._low.shape[1], self._ridge)
        other._base = None if self._base is None else self._base.copy()
        other._low, other._signs = self._low.copy(), self._signs.copy()
        return other

    @property
    def pending(self) -> int:
        """Rows of U: what ``fold`` would save each coming change."""
        return len(self._signs)

    def __matmul__(self, columns: NDArray[np.float64]) -> NDArray[np.float64]:
        """P @ columns, (F, m) to (F, m)."""
        product = columns / self._ridge if self._base is None else self._base @ columns
        if len(self._signs):
            product -= self._low.T @ (self._signs[:, None] * (self._low @ columns))
        return product

    def change(self, rows: NDArray[np.float64], sign: int) -> NDArray[np.float64]:
        """Add (``sign`` 1) or remove (-1) ``rows``, (m, F), m at most ``capacity``.

        Returns:
            The gain K, (F, m): weights change by sign * K @ (targets - rows @ weights) (recursive least squares).

        Raises:
            numpy.linalg.LinAlgError: rows to remove that were not in X.
        """
        if len(self._signs) + len(rows) > 2 * self.capacity:
            self.fold()
        product = self @ rows.T
        inner = sign * (rows @ product)
        inner.flat[:: len(rows) + 1] += 1
        # NumPy can't solve triangles; this one is small, and its condition is that of a ridge.
        half: NDArray[np.float64] = np.linalg.inv(np.linalg.cholesky(inner))
        gained = half @ product.T
        self._append(gained, float(sign))
        return gained.T @ half

    def fold(self) -> None:
        """Take U into base. The same P; the next changes are faster."""
        if not len(self._signs):
            return
        update = self._low.T @ (self._signs[:, None] * self._low)
        if self._base is None:
            self._base = np.negative(update, out=update)
            self._base.flat[:: len(update) + 1] += 1 / self._ridge
        else:
            self._base -= update
        self._low = np.empty((0, self._low.shape[1]))
        self._signs = np.empty(0)

    def _append(self, rows: NDArray[np.float64], sign: float) -> None:
        # Room is taken for many rows at once: copying all of U at each change would cost more than the change.
        used, total = len(self._signs), len(self._signs) + len(rows)
        room = self._low.base if self._low.base is not None else self._low
        if total > len(room):
            grown = np.empty((total + 128, rows.shape[1]))
            grown[:used] = self._low
            room = grown
        room[used:total] = rows
        self._low = room[:total]
        self._signs = np.append(self._signs, np.full(len(rows), sign))
