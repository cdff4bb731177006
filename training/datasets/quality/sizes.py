"""Pictures of odd sizes and shapes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from training.datasets.quality.facts import Facts, counted
from training.datasets.quality.finding import Finding, Trash
from training.datasets.quality.unusual import rare

__all__ = ["find"]

KIND = "odd-sizes"

SMALLEST = 32
"""Pixels of the shorter side under which there is little to see."""

TIMES = 8.0
"""How many times the pixels of the median picture, or what part of them, is odd."""

ASPECT = 3.0
"""How many times longer than in the median picture one side may be beside the other."""


def find(facts: Facts) -> list[Finding]:
    """Tiny pictures; pictures much larger or smaller than most; strips."""
    rows = np.flatnonzero(facts.measured)
    if not len(rows):
        return []
    everything = np.full(len(rows), -1)
    width, height = (facts.signals[side][rows].astype(float) for side in ("width", "height"))
    tiny = np.minimum(width, height) < SMALLEST
    pixels = np.log(width * height)
    size = np.abs(pixels - np.median(pixels))
    odd = rare(size > np.log(TIMES), everything) & ~tiny
    aspect = np.log(width / height)
    shape = np.abs(aspect - np.median(aspect))
    strips = rare(shape > np.log(ASPECT), everything) & ~tiny & ~odd
    return [
        *_finding(facts, rows, tiny, -np.minimum(width, height), "tiny, under 32 pixels on one side"),
        *_finding(facts, rows, odd, size, "far larger or smaller than most"),
        *_finding(facts, rows, strips, shape, "of a far longer or narrower shape than most, and will be squeezed"),
    ]


def _finding(
    facts: Facts, rows: NDArray[np.intp], flags: NDArray[np.bool_], badness: NDArray[np.floating], what: str
) -> list[Finding]:
    chosen = np.flatnonzero(flags)
    if not len(chosen):
        return []
    chosen = chosen[np.argsort(-badness[chosen], kind="stable")]
    items = facts.items(rows[chosen])
    sizes = facts.signals[["width", "height"]][rows[chosen]]
    return [
        Finding(
            KIND,
            "hint",
            items,
            f"{counted(len(items), 'picture')} {'is' if len(items) == 1 else 'are'} {what}.",
            fix=Trash(items),
            fix_words=f"Move {len(items):,} to the trash",
            scores=tuple(badness[chosen].astype(float).tolist()),
            notes={item: f"{size['width']} x {size['height']}" for item, size in zip(items, sizes, strict=True)},
        )
    ]
