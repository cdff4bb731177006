"""How far two models say the same of the same pictures, for each kind of head. ``AGREEMENTS`` lists the kinds."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from models.heads import Result
from models.heads.boxes import BoxesResult

__all__ = ["AGREEMENTS", "Agreement", "agreement"]

_OVERLAP = 0.5
"""Intersection over union from which on two boxes of one category are the same thing."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """What came out of a comparison of two models.

    Attributes:
        share: how far they agree over all pictures, 0 to 1; of what, ``words`` says.
        difference: the largest difference in one picture, 0 to 1: of a probability (``categories``, ``tags``), of the
            scale (``grade``, ``image``), or what is missing to a full match (``mask``, ``boxes``).
        words: what ``share`` is a share of, such as "same category".
    """

    share: float
    difference: float
    words: str


def agreement(kind: str, ones: Sequence[Result], others: Sequence[Result]) -> Agreement:
    """Compare N results of a head with those of another model's head of the same kind, about the same N pictures.

    Raises:
        ValueError: there are none, or not as many of the one as of the other.
        KeyError: the kind is not in ``AGREEMENTS``.
    """
    if not ones or len(ones) != len(others):
        raise ValueError(f"expected results in pairs, got {len(ones)} and {len(others)}")
    return AGREEMENTS[kind](ones, others)


def _categories(ones: Sequence[Result], others: Sequence[Result]) -> Agreement:
    same = [one.best.category == other.best.category for one, other in zip(ones, others, strict=True)]
    return Agreement(float(np.mean(same)), _probabilities(ones, others), "same category")


def _tags(ones: Sequence[Any], others: Sequence[Any]) -> Agreement:
    same = [set(one.present) == set(other.present) for one, other in zip(ones, others, strict=True)]
    return Agreement(float(np.mean(same)), _probabilities(ones, others), "same tags")


def _probabilities(ones: Sequence[Result], others: Sequence[Result]) -> float:
    """The largest difference of a category's probability; one that the other does not know has none there."""
    largest = 0.0
    for one, other in zip(ones, others, strict=True):
        mine = dict(zip(one.categories, one.probabilities.tolist(), strict=True))
        theirs = dict(zip(other.categories, other.probabilities.tolist(), strict=True))
        largest = max(
            [largest, *(abs(mine.get(name, 0) - theirs.get(name, 0)) for name in mine.keys() | theirs.keys())]
        )
    return float(largest)


def _grade(ones: Sequence[Any], others: Sequence[Any]) -> Agreement:
    steps = [
        min(1.0, abs(one.value - other.value) / max(one.high - one.low, 1e-9))
        for one, other in zip(ones, others, strict=True)
    ]
    return Agreement(1 - float(np.mean(steps)), max(steps), "of the scale")


def _mask(ones: Sequence[Any], others: Sequence[Any]) -> Agreement:
    overlaps = [_mask_overlap(one.classes, other.classes) for one, other in zip(ones, others, strict=True)]
    return Agreement(float(np.mean(overlaps)), 1 - min(overlaps), "mean intersection over union")


def _mask_overlap(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """Mean intersection over union of the classes that are in either mask, (H, W)."""
    if one.shape != other.shape:
        other = cv2.resize(other, one.shape[::-1], interpolation=cv2.INTER_NEAREST)
    found = np.union1d(one, other)
    overlaps = [
        np.count_nonzero((one == index) & (other == index)) / np.count_nonzero((one == index) | (other == index))
        for index in found
    ]
    return float(np.mean(overlaps)) if overlaps else 1.0


def _boxes(ones: Sequence[Any], others: Sequence[Any]) -> Agreement:
    matches = [_matched(one, other) for one, other in zip(ones, others, strict=True)]
    total = sum(count for _, count in matches)
    worst = min((2 * matched / count for matched, count in matches if count), default=1.0)
    share = 2 * sum(matched for matched, _ in matches) / total if total else 1.0
    return Agreement(share, 1 - worst, "boxes matched")


def _matched(one: BoxesResult, other: BoxesResult) -> tuple[int, int]:
    """How many boxes worth showing are in both, the best scored choosing first, and how many both have together."""
    left = list(range(other.shown))
    matched = 0
    for place in range(one.shown):
        same = [index for index in left if other.categories[other.labels[index]] == one.categories[one.labels[place]]]
        overlaps = {index: _box_overlap(one.boxes[place], other.boxes[index]) for index in same}
        best = max(overlaps, key=overlaps.__getitem__, default=None)
        if best is not None and overlaps[best] >= _OVERLAP:
            left.remove(best)
            matched += 1
    return matched, one.shown + other.shown


def _box_overlap(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """Intersection over union of two boxes (left, top, right, bottom)."""
    sides = np.minimum(one[2:], other[2:]) - np.maximum(one[:2], other[:2])
    shared = float(np.prod(np.maximum(sides, 0)))
    whole = float(np.prod(one[2:] - one[:2]) + np.prod(other[2:] - other[:2])) - shared
    return shared / whole if whole > 0 else 0.0


def _image(ones: Sequence[Any], others: Sequence[Any]) -> Agreement:
    apart, squares = [], []
    for one, other in zip(ones, others, strict=True):
        mine, theirs = one.pixels.astype(np.float32), other.pixels
        if mine.shape != theirs.shape:
            theirs = cv2.resize(theirs, mine.shape[1::-1], interpolation=cv2.INTER_AREA)
        apart.append(float(np.abs(mine - theirs).mean()) / 255)
        squares.append(float(((mine - theirs) ** 2).mean()))
    # Peak signal-to-noise ratio of 8 bits over all pictures, decibels
    ratio = 10 * math.log10(255**2 / float(np.mean(squares))) if any(squares) else math.inf
    return Agreement(1 - float(np.mean(apart)), max(apart), f"of each pixel's value (PSNR {ratio:.1f} dB)")


AGREEMENTS: Mapping[str, Callable[[Sequence[Any], Sequence[Any]], Agreement]] = {
    "boxes": _boxes,
    "categories": _categories,
    "grade": _grade,
    "image": _image,
    "mask": _mask,
    "tags": _tags,
}
"""Kind -> how two models' results of it are compared."""
