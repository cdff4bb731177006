"""How far two masks, or the shapes in two labels of one picture, cover the same."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.errors import one_line
from training.datasets.shapes import Shape
from training.labelling.geometry import box_iou, polygon_iou

__all__ = ["SAME", "match_shapes", "matched_words", "mean_overlap"]

SAME = 0.5
"""Intersection over union from which on two shapes of one category are the same thing, as PASCAL VOC has it."""

_UNKNOWN = 255


def mean_overlap(
    one: NDArray[np.uint8], other: NDArray[np.uint8], count: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Of each category the pixels that are in both masks, and those that are in either, float64 (count,).

    Pixels that either leaves unknown (255) are left out.

    Args:
        one: uint8 (H, W), indices.
        other: likewise, of the same size.
        count: categories.
    """
    known = (one != _UNKNOWN) & (other != _UNKNOWN)
    first, second = one[known], other[known]
    table = np.bincount(first.astype(np.intp) * 256 + second, minlength=256 * 256).reshape(256, 256)[:count, :count]
    inside = np.diagonal(table).astype(np.float64)
    return inside, table.sum(axis=1) + table.sum(axis=0) - inside


def match_shapes(ones: Sequence[Shape], others: Sequence[Shape]) -> list[tuple[int, int, float]]:
    """Pairs of places of shapes that are one thing, and their intersection over union.

    Pairs of one category that overlap by ``SAME`` and more, the best first, each shape once (greedy, as COCO does it);
    of their boxes, or of their outlines where both have one.
    """
    found = []
    for place, other_place in np.argwhere(_meeting(ones, others)).tolist():
        one, other = ones[place], others[other_place]
        if one.category == other.category:
            overlap = _overlap(one, other)
            if overlap >= SAME:
                found.append((-overlap, place, other_place))
    pairs: list[tuple[int, int, float]] = []
    taken: tuple[set[int], set[int]] = (set(), set())
    for negative, place, other_place in sorted(found):
        if place not in taken[0] and other_place not in taken[1]:
            taken[0].add(place)
            taken[1].add(other_place)
            pairs.append((place, other_place, -negative))
    return pairs


def matched_words(
    annotators: tuple[str, str],
    ones: Sequence[Shape],
    others: Sequence[Shape],
    pairs: Sequence[tuple[int, int, float]],
) -> str:
    """What only one of them has, such as "Only Ada: drawer × 2; only Bo: frame."."""
    parts = []
    for which, (name, shapes) in enumerate(zip(annotators, (ones, others), strict=True)):
        matched = {pair[which] for pair in pairs}
        names: dict[str, int] = {}
        for place, shape in enumerate(shapes):
            if place not in matched:
                names[shape.category] = names.get(shape.category, 0) + 1
        listed = ", ".join(f"{one_line(one)}{f' × {count}' if count > 1 else ''}" for one, count in names.items())
        if listed:
            parts.append(f"only {one_line(name) or 'nobody in particular'}: {listed}")
    words = "; ".join(parts)
    return f"{words[:1].upper()}{words[1:]}."


def _meeting(ones: Sequence[Shape], others: Sequence[Shape]) -> NDArray[np.bool_]:
    """Bool (N, M): whose boxes share any area; of thousands of shapes hardly any two do."""
    first, second = (
        np.array([(one.left, one.top, one.left + one.width, one.top + one.height) for one in some]).reshape(-1, 4)
        for some in (ones, others)
    )
    meeting: NDArray[np.bool_] = np.ones((len(ones), len(others)), np.bool_)
    for low, high in ((0, 2), (1, 3)):
        begins = np.maximum(first[:, low, None], second[None, :, low])
        meeting &= begins < np.minimum(first[:, high, None], second[None, :, high])
    return meeting


def _overlap(one: Shape, other: Shape) -> float:
    """Intersection over union, 0 to 1."""
    if one.polygons and other.polygons:
        sides = ([np.reshape(points, (-1, 2)) for points in shape.polygons] for shape in (one, other))
        return polygon_iou(*sides)
    return box_iou(*((shape.left, shape.top, shape.width, shape.height) for shape in (one, other)))
