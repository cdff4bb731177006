from __future__ import annotations

import numpy as np
import pytest

from training.datasets.shapes import Shape
from training.labelling.overlap import match_shapes, matched_words, mean_overlap


def test_masks_by_hand_and_without_what_is_unknown() -> None:
    one = np.array([[0, 0, 1, 1], [0, 255, 2, 2]], np.uint8)
    other = np.array([[0, 1, 1, 1], [0, 0, 2, 255]], np.uint8)
    inside, either = mean_overlap(one, other, 4)
    assert inside.tolist() == [2, 2, 1, 0]
    assert either.tolist() == [3, 3, 1, 0]


def box(left: float, top: float, width: float, height: float, category: str = "drawer") -> Shape:
    return Shape(category, left, top, width, height)


def test_boxes_are_matched_once_the_best_first() -> None:
    ones = [box(0, 0, 10, 10), box(100, 0, 10, 10)]
    others = [box(0, 2, 10, 10), box(0, 1, 10, 10), box(100, 0, 10, 10, "frame"), box(100, 6, 10, 10)]
    pairs = match_shapes(ones, others)
    assert [(one, other) for one, other, _ in pairs] == [(0, 1)]
    assert pairs[0][2] == pytest.approx(90 / 110)
    assert matched_words(("Ada", ""), ones, others, pairs) == (
        "Only Ada: drawer; only nobody in particular: drawer × 2, frame."
    )
    assert match_shapes([], others) == []


def test_outlines_are_compared_where_both_have_one() -> None:
    # Two triangles of one square: their boxes are the same, and they share nothing but an edge
    low = Shape("drawer", 0, 0, 10, 10, ((0, 0, 10, 0, 0, 10),))
    high = Shape("drawer", 0, 0, 10, 10, ((10, 10, 10, 0, 0, 10),))
    assert match_shapes([low], [high]) == []
    assert match_shapes([low], [low]) == [(0, 0, pytest.approx(1))]
    assert match_shapes([low], [box(0, 0, 10, 10)]) == [(0, 0, pytest.approx(1))]
