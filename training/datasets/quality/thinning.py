"""Which of many pictures to keep: those that are the most unlike each other."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

__all__ = ["most_unlike"]

DRAWN = 64
"""Numbers of each vector that are looked at: what is unlike is so in a random projection too, in a fraction of the
time."""

_AT_ONCE = 1024


def most_unlike(
    towards: NDArray[np.float32],
    pool: NDArray[np.intp],
    kept: NDArray[np.intp],
    count: int,
    *,
    stop: Callable[[], None] = lambda: None,
) -> NDArray[np.intp]:
    """Choose ``count`` of ``pool``, one after another, each the least like all that are kept by then (Gonzalez, 1985).

    Args:
        towards: float32 (N, D), of length 1, or 0 where nothing is known; these are chosen last.
        pool: (M,), rows to choose from.
        kept: (K,), rows that are kept in any case.
        count: at most M.
        stop: called now and then; may raise to end the work.

    Returns:
        (count,), rows of ``pool``, the first chosen first. The same for the same vectors.
    """
    known = pool[np.abs(towards[pool]).sum(axis=1) > 0]
    unknown = np.setdiff1d(pool, known)
    vectors, others = _drawn(towards[known]), _drawn(towards[kept])
    closest = np.full(len(known), -np.inf, np.float32)
    for start in range(0, len(others), _AT_ONCE):
        stop()
        closest = np.maximum(closest, (vectors @ others[start : start + _AT_ONCE].T).max(axis=1))
    if not len(others) and len(known):
        closest = -(vectors @ vectors.mean(axis=0))  # with nothing to be unlike, begin in the middle
    chosen: list[int] = []
    for number in range(min(count, len(known))):
        if number % 100 == 0:
            stop()
        best = int(closest.argmin())
        likeness = vectors @ vectors[best]
        closest = np.maximum(closest, likeness) if chosen or len(others) else likeness
        closest[best] = np.inf  # and stays so, whatever comes
        chosen.append(best)
    return np.concatenate([known[chosen], unknown[: count - len(chosen)]])


def _drawn(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """(N, up to ``DRAWN``), of length 1."""
    if vectors.shape[1] > DRAWN:
        vectors = vectors @ np.random.default_rng(0).standard_normal((vectors.shape[1], DRAWN), dtype=np.float32)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    result: NDArray[np.float32] = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return result
