"""Which pictures are one picture: saved again, at another size, brighter, or a little cropped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.datasets.quality.hamming import close_pairs
from training.datasets.quality.signals import THUMB_SIDE, Signal

__all__ = ["Pairs", "directions", "near_pairs"]

HASH_LIMIT = 40
"""Bits of 256 that may differ between two savings of one picture; strong JPEG on flat ground needs most of them."""

COLOUR_LIMIT = 2.5
"""Levels (root of the mean square) by which their little pictures may differ once one is as bright as the other. What
keeps a red part in the same pose as a blue one from being its duplicate."""

COSINE_LIMIT = 0.6
"""What the backbone must say of such a pair."""

CROP_HASH_LIMIT, CROP_COLOUR_LIMIT, CROP_COSINE_LIMIT = 72, 8.0, 0.85
"""The same for a picture with its edges cut off: more bits and colour may differ if the backbone is surer."""

SAME_COLOUR_LIMIT = 1.2
"""The colour limit from which two pictures are one beyond doubt: on the train splits 13 pairs are so
near that were not made from each other."""

BRIGHTEST = 1.45
"""How much brighter one may be than the other, as a factor."""

DRAWN = 1024
"""Numbers that a random projection leaves of each embedding (Johnson and Lindenstrauss, 1984)."""

_AT_ONCE = 4096


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """M pairs of rows that show one picture.

    Attributes:
        ones: (M,), the smaller row.
        others: (M,).
        bits: int16 (M,), bits of the hash that differ.
        colours: float32 (M,), levels by which their little pictures differ, made equally bright.
        cosines: float32 (M,), as the backbone sees them; NaN where it has not seen both.
    """

    ones: NDArray[np.intp]
    others: NDArray[np.intp]
    bits: NDArray[np.int16]
    colours: NDArray[np.float32]
    cosines: NDArray[np.float32]

    @property
    def same(self) -> NDArray[np.bool_]:
        """(M,): which are one picture beyond doubt; the others may also be two that are very much alike."""
        return (self.bits <= HASH_LIMIT) & (self.colours <= SAME_COLOUR_LIMIT)


def directions(
    embeddings: NDArray[np.float16], embedded: NDArray[np.bool_], blocks: Sequence[slice]
) -> NDArray[np.float32]:
    """Embeddings (N, D) as vectors of length 1 whose products are cosines; zeros where nothing is known.

    Each number is standardised over the set, as its mean is the same in all pictures and would make all alike; each
    block (one layer's statistic) has as much say as any other, as in ``training.starter``. More than ``DRAWN`` numbers
    are then projected at random to as many, which changes a cosine by 0.02 or so and keeps 100,000 pictures in 400 MB.

    Args:
        embeddings: float16 (N, D); rows that are not ``embedded`` are not looked at.
        embedded: (N,).
        blocks: stretches that together cover D.

    Returns:
        float32 (N, up to ``DRAWN``).
    """
    rows = np.flatnonzero(embedded)
    dimensions = embeddings.shape[1]
    result = np.zeros((len(embeddings), min(dimensions, DRAWN)), np.float32)
    if not len(rows):
        return result
    mean, scale = _moments(embeddings, rows)
    for block in blocks:
        scale[block] *= np.sqrt(block.stop - block.start)
    drawn: NDArray[np.float32] | None = None
    if dimensions > DRAWN:
        drawn = np.random.default_rng(0).standard_normal((dimensions, DRAWN), dtype=np.float32)
    for start in range(0, len(rows), _AT_ONCE):
        some = rows[start : start + _AT_ONCE]
        standard = ((embeddings[some] - mean) / scale).astype(np.float32)
        towards = standard if drawn is None else standard @ drawn
        lengths = np.linalg.norm(towards, axis=1, keepdims=True)
        result[some] = np.divide(towards, lengths, out=np.zeros_like(towards), where=lengths > 0)
    return result


def _moments(
    embeddings: NDArray[np.float16], rows: NDArray[np.intp]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Mean and standard deviation of each number over ``rows``, float32 (D,)."""
    total = np.zeros(embeddings.shape[1])
    squares = np.zeros(embeddings.shape[1])
    shift = embeddings[rows[0]].astype(np.float32)
    for start in range(0, len(rows), _AT_ONCE):
        some = embeddings[rows[start : start + _AT_ONCE]] - shift
        total += some.sum(axis=0, dtype=np.float64)
        squares += np.square(some).sum(axis=0, dtype=np.float64)
    mean = total / len(rows)
    deviation = np.sqrt(np.maximum(squares / len(rows) - mean**2, 0)) + 1e-6
    return (mean + shift).astype(np.float32), deviation.astype(np.float32)


def near_pairs(
    signals: Signal,
    measured: NDArray[np.bool_],
    towards: NDArray[np.float32],
    embedded: NDArray[np.bool_],
    *,
    stop: Callable[[], None] = lambda: None,
) -> Pairs:
    """All pairs that show one picture: hashes say which may, colours and the backbone which do.

    Without embeddings, hash and colours decide, at the stricter of their limits.

    Args:
        signals: (N,) of ``SIGNALS``.
        measured: (N,), whether a row of ``signals`` holds anything.
        towards: float32 (N, D), from ``directions``.
        embedded: (N,), whether a row of ``towards`` holds anything.
        stop: called now and then; may raise to end the work.
    """
    rows = np.flatnonzero(measured)
    first, second, apart = close_pairs(signals["hash"][rows], CROP_HASH_LIMIT, stop=stop)
    ones, others = rows[first], rows[second]
    kept = [np.empty(0, np.intp)]
    cosines = np.full(len(ones), np.nan, np.float32)
    colours = np.full(len(ones), np.inf, np.float32)
    thumbs = signals["thumb"].reshape(len(signals), THUMB_SIDE * THUMB_SIDE * 3).astype(np.float32)
    for start in range(0, len(ones), _AT_ONCE):
        stop()
        some = np.arange(start, min(start + _AT_ONCE, len(ones)))
        colours[some] = _colours_apart(thumbs[ones[some]], thumbs[others[some]])
        some = some[colours[some] <= CROP_COLOUR_LIMIT]
        both = some[embedded[ones[some]] & embedded[others[some]]]
        cosines[both] = np.einsum("ij,ij->i", towards[ones[both]], towards[others[both]])
        unknown = np.isnan(cosines[some])
        saved_again = (apart[some] <= HASH_LIMIT) & (colours[some] <= COLOUR_LIMIT)
        saved_again &= (cosines[some] >= COSINE_LIMIT) | (unknown & (apart[some] <= HASH_LIMIT // 2))
        kept.append(some[saved_again | (cosines[some] >= CROP_COSINE_LIMIT)])
    chosen = np.concatenate(kept)
    return Pairs(ones[chosen], others[chosen], apart[chosen], colours[chosen], cosines[chosen])


def _colours_apart(one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float32]:
    """(M,): how far little pictures (M, K) differ, levels, with the darker made as bright as the other."""
    swap = one.sum(axis=1) > other.sum(axis=1)
    dark, light = np.where(swap[:, None], other, one), np.where(swap[:, None], one, other)
    energy = np.einsum("ij,ij->i", light, light)
    # Of the lighter one to the darker: what clipped at white stays out of the fit's way
    factor = np.einsum("ij,ij->i", dark, light) / np.maximum(energy, 1e-6)
    missed = dark - light * factor.clip(1 / BRIGHTEST, 1)[:, None]
    result: NDArray[np.float32] = np.sqrt(np.square(missed).mean(axis=1))
    return result
