"""An order in which look-alikes stand together, so that a person can take many with two clicks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["chain"]

DRAWN = 512
"""Numbers that a random projection leaves of each picture: distances survive it (Johnson and Lindenstrauss, 1984)."""

KEPT = 64
"""Principal components of those. Between 32 and 128 it hardly matters."""

AT_ONCE = 4096
"""Pictures that are chained together; the time grows with their square. More are halved until they are as few."""


def chain(features: NDArray[np.floating]) -> NDArray[np.intp]:
    """Go from picture to picture, each time to the one most like the last that is left (nearest-neighbour chain).

    Pictures are compared by the angle between their ``KEPT`` main components. More than ``AT_ONCE`` are halved first,
    at the median of their first component, again and again. The same pictures give the same order.

    Args:
        features: (N, F), as ``training.features`` makes them.

    Returns:
        The N row numbers in order.
    """
    if len(features) < 3:
        return np.arange(len(features))
    return np.concatenate([_chained(some, rows) for some, rows in _halved(_components(features))])


def _components(features: NDArray[np.floating]) -> NDArray[np.float32]:
    """(N, up to KEPT), of length 1, the component that varies most first."""
    drawn = np.random.default_rng(0).standard_normal((features.shape[1], DRAWN), dtype=np.float32)
    reduced = features.astype(np.float32, copy=False) @ drawn
    reduced -= reduced.mean(axis=0)
    _, vectors = np.linalg.eigh(reduced.T @ reduced)
    main = reduced @ vectors[:, : -KEPT - 1 : -1]
    lengths = np.linalg.norm(main, axis=1, keepdims=True)
    components: NDArray[np.float32] = np.divide(main, lengths, out=np.zeros_like(main), where=lengths > 0)
    return components


def _halved(components: NDArray[np.float32]) -> list[tuple[NDArray[np.float32], NDArray[np.intp]]]:
    """Parts of at most ``AT_ONCE``, with the numbers of their rows, next to each other what is next to each other."""
    parts = [np.arange(len(components))]
    while any(len(rows) > AT_ONCE for rows in parts):
        finer = []
        for rows in parts:
            if len(rows) <= AT_ONCE:
                finer.append(rows)
                continue
            own = components[rows] - components[rows].mean(axis=0)
            _, vectors = np.linalg.eigh(own.T @ own)
            sides = np.argsort(own @ vectors[:, -1], kind="stable")
            finer += [rows[sides[: len(rows) // 2]], rows[sides[len(rows) // 2 :]]]
        parts = finer
    return [(components[rows], rows) for rows in parts]


def _chained(components: NDArray[np.float32], rows: NDArray[np.intp]) -> NDArray[np.intp]:
    left = np.ones(len(rows), bool)
    order = np.empty(len(rows), np.intp)
    # From one end of what varies most, so that the chain need not come back for the other half
    last = int(components[:, 0].argmin())
    for place in range(len(rows)):
        order[place], left[last] = last, False
        likeness = components @ components[last]
        likeness[~left] = -np.inf
        last = int(likeness.argmax())
    return rows[order]
