"""Ridge regression that learns one picture at a time, exactly, with any number of outputs. NumPy only.

As ``training.incremental``, which the models use, on the same inverse, for other answers than one of n too: targets are
rows of numbers, and features are those of a pool, a row each, which need neither be kept nor made again.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from training.datasets.quality.learning import RIDGE
from training.held_out import unseen
from training.inverse import RegularisedInverse

__all__ = ["Ridge"]

REMADE = 2000
"""Changes after which all is made anew, so that rounding can't add up."""

_AT_ONCE = 1024


class Ridge:
    """Weights W (F + 1, n) that are always those of a fit from scratch to what is known. Not for several threads.

    Args:
        features: float32 (N, F), of all pictures there are; not copied. A constant is added to each.
        outputs: n.
    """

    def __init__(self, features: NDArray[np.float32], outputs: int) -> None:
        self._features = features
        self._size = features.shape[1] + 1
        self._inverse = RegularisedInverse(self._size, RIDGE)
        self._weights = np.zeros((self._size, outputs))
        self._targets: dict[int, NDArray[np.float64]] = {}
        self._changes = 0

    @property
    def targets(self) -> Mapping[int, NDArray[np.float64]]:
        """Row -> what is known of it, float64 (n,); in the order in which it came."""
        return self._targets

    @property
    def weights(self) -> NDArray[np.float64]:
        """W, (F + 1, n), the constant's last."""
        return self._weights

    def set(self, targets: Mapping[int, NDArray[np.float64] | None]) -> None:
        """Know of rows what ``targets`` say, float64 (n,) each; None to know nothing of a row any more."""
        lost = {row: self._targets[row] for row, target in targets.items() if target is None and row in self._targets}
        told = {row: target for row, target in targets.items() if target is not None}
        count = len(lost) + len(told)
        if count > self._inverse.capacity or self._changes + count > REMADE:
            self._replace(targets)
            self._remake()
            return
        for row in told.keys() & self._targets.keys():  # the inverse stays: it is of the features alone
            gain = self._inverse @ self._rows([row]).T
            self._weights += gain @ (told[row] - self._targets[row])[None]
        self._change(lost, -1)
        self._change({row: target for row, target in told.items() if row not in self._targets}, 1)
        self._replace(targets)
        self._changes += count

    def widen(self, outputs: int) -> None:
        """Add outputs until there are ``outputs``; of them 0 is known wherever anything is."""
        more = outputs - self._weights.shape[1]
        self._weights = np.pad(self._weights, ((0, 0), (0, more)))
        self._targets = {row: np.pad(target, (0, more)) for row, target in self._targets.items()}

    def predict(self, rows: NDArray[np.intp] | slice) -> NDArray[np.float32]:
        """What rows (M,) get, float32 (M, n)."""
        weights = self._weights.astype(np.float32)
        predicted: NDArray[np.float32] = self._features[rows] @ weights[:-1] + weights[-1]
        return predicted

    def leverage(self, rows: NDArray[np.intp]) -> NDArray[np.float64]:
        """Of rows (M,) x P x', 0 and more: how far a row lies from what is known, float64 (M,)."""
        found = np.empty(len(rows))
        for start in range(0, len(rows), _AT_ONCE):
            some = self._rows(rows[start : start + _AT_ONCE])
            found[start : start + len(some)] = np.einsum("ij,ji->i", some, self._inverse @ some.T)
        return found

    def held_out(self, together: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """What each known row would get had neither it nor those that belong to it been known.

        In closed form, as ``training.held_out`` says.

        Args:
            together: intp (N,), the same number for rows that belong together.

        Returns:
            The known rows (M,), and of each float64 (M, n).
        """
        rows = np.array(list(self._targets), np.intp)
        if not len(rows):
            return rows, np.empty((0, self._weights.shape[1]))
        targets = np.stack(list(self._targets.values()))
        missed = np.empty_like(targets)
        for start in range(0, len(rows), _AT_ONCE):
            some = slice(start, start + _AT_ONCE)
            missed[some] = self._rows(rows[some]) @ self._weights - targets[some]
        _, groups, sizes = np.unique(together[rows], return_inverse=True, return_counts=True)
        alone = sizes[groups] == 1
        missed[alone] /= 1 - self.leverage(rows[alone])[:, None]
        for group in np.flatnonzero(sizes > 1):
            own = np.flatnonzero(groups == group)
            features = self._rows(rows[own])
            missed[own] = unseen(features, self._inverse @ features.T, missed[own])
        return rows, missed + targets

    def _change(self, targets: Mapping[int, NDArray[np.float64]], sign: int) -> None:
        if not targets:
            return
        features = self._rows(list(targets))
        residuals = np.stack(list(targets.values())) - features @ self._weights
        self._weights += self._inverse.change(features, sign) @ (sign * residuals)

    def _replace(self, targets: Mapping[int, NDArray[np.float64] | None]) -> None:
        for row, target in targets.items():
            if target is None:
                self._targets.pop(row, None)
            else:
                self._targets[row] = np.array(target, np.float64)

    def _remake(self) -> None:
        gram = np.zeros((self._size, self._size))
        totals = np.zeros_like(self._weights)
        known = list(self._targets)
        for start in range(0, len(known), _AT_ONCE):
            some = known[start : start + _AT_ONCE]
            features = self._rows(some)
            gram += features.T @ features
            totals += features.T @ np.stack([self._targets[row] for row in some])
        self._inverse = RegularisedInverse(self._size, RIDGE, gram)
        self._weights = self._inverse @ totals
        self._changes = 0

    def _rows(self, rows: NDArray[np.intp] | list[int]) -> NDArray[np.float64]:
        found = np.ones((len(rows), self._size))
        found[:, :-1] = self._features[rows]
        return found
