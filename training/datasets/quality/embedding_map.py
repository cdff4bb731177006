"""A map of the pictures: points in the plane, look-alikes near each other. Deterministic; NumPy only.

The start are the two main components of the directions (``likeness.directions``). Then each picture is drawn to its
nearest and pushed from some others, as UMAP does (McInnes et al., 2018), with its gradients for a = b = 1 and neither
its weights nor its spectral start. What is near on the map is alike; how far apart two clumps lie says little.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

__all__ = ["layout", "principal_components"]

COMPONENTS = 48
"""In which neighbours are looked for."""

NEIGHBOURS = 12
ROUNDS = 200
PUSHES = 4
"""Others that each picture is pushed from, a round, for each of its neighbours' pull."""

DRAWN = 512
"""Numbers that a random projection leaves before components are found (as ``training.alike``)."""

_AT_ONCE = 2048
_FARTHEST = 4.0
"""The longest step of one pull or push."""


def layout(
    towards: NDArray[np.float32], embedded: NDArray[np.bool_], *, stop: Callable[[], None] = lambda: None
) -> NDArray[np.float32]:
    """Places on the map.

    Args:
        towards: float32 (N, D), of length 1.
        embedded: (N,), whether a row of ``towards`` holds anything.
        stop: called now and then; may raise to end the work.

    Returns:
        float32 (N, 2), 0 to 1; NaN for rows of which nothing is known.
    """
    places = np.full((len(towards), 2), np.nan, np.float32)
    rows = np.flatnonzero(embedded)
    if len(rows) < 3:
        places[rows] = np.linspace(0.25, 0.75, len(rows))[:, None]
        return places
    main = principal_components(towards[rows], COMPONENTS)
    flat = main[:, :2] / max(float(main[:, :2].std()), 1e-9) * 5
    if len(rows) > NEIGHBOURS + 1:
        flat = _attracted(flat.astype(np.float32), _nearest(main, stop), stop)
    low, high = flat.min(axis=0), flat.max(axis=0)
    places[rows] = (flat - low) / np.maximum(high - low, 1e-9)
    return places


def principal_components(rows: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    """(N, up to ``count``), what varies most first; of a random projection if there are more than ``DRAWN`` numbers."""
    if rows.shape[1] > DRAWN:
        rows = rows @ np.random.default_rng(0).standard_normal((rows.shape[1], DRAWN), dtype=np.float32)
    centred = rows - rows.mean(axis=0)
    _, vectors = np.linalg.eigh(centred.T @ centred)
    main = vectors[:, : -count - 1 : -1]
    # An eigenvector's sign is the library's whim; the largest part of it points up
    main = main * np.sign(main[np.abs(main).argmax(axis=0), np.arange(main.shape[1])])
    components = centred @ main
    return components if components.shape[1] > 1 else np.pad(components, ((0, 0), (0, 1)))


def _nearest(main: NDArray[np.float32], stop: Callable[[], None]) -> NDArray[np.intp]:
    """(N, NEIGHBOURS): rows of the nearest, by Euclid."""
    squares = np.einsum("ij,ij->i", main, main)
    nearest = np.empty((len(main), NEIGHBOURS), np.intp)
    for start in range(0, len(main), _AT_ONCE):
        stop()
        own = np.arange(start, min(start + _AT_ONCE, len(main)))
        distances = squares - 2 * (main[own] @ main.T)
        distances[np.arange(len(own)), own] = np.inf
        nearest[own] = np.argpartition(distances, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
    return nearest


def _attracted(flat: NDArray[np.float32], nearest: NDArray[np.intp], stop: Callable[[], None]) -> NDArray[np.float32]:
    rng = np.random.default_rng(0)
    count = len(flat)
    for number in range(ROUNDS):
        stop()
        rate = np.float32(1 - number / ROUNDS)
        column = nearest[:, number % NEIGHBOURS]
        apart = flat - flat[column]
        square = np.einsum("ij,ij->i", apart, apart)[:, None]
        pull = np.clip(-2 / (1 + square) * apart, -_FARTHEST, _FARTHEST)
        step = pull.copy()
        for axis in (0, 1):  # the neighbour comes to meet it
            step[:, axis] -= np.bincount(column, weights=pull[:, axis], minlength=count).astype(np.float32)
        for _ in range(PUSHES):
            apart = flat - flat[rng.integers(0, count, count)]
            square = np.einsum("ij,ij->i", apart, apart)[:, None]
            step += np.clip(2 / ((0.01 + square) * (1 + square)) * apart, -_FARTHEST, _FARTHEST)
        flat = flat + rate * step
    return flat
