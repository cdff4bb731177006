from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from training.metrics.box_confusion import BoxConfusion

NO = np.zeros(1, np.bool_)


def counted(labels: list[int], scores: list[float], truths: list[int], overlaps: object, crowd: object = None) -> list:
    one = BoxConfusion(2)
    many = np.zeros(len(truths), np.bool_) if crowd is None else np.array(crowd)
    shaped = np.array(overlaps, np.float64).reshape(len(labels), len(truths))
    one.add(np.array(labels, np.int64), np.array(scores), np.array(truths, np.int64), many, shaped)
    return one.matrix.counts.tolist()


def test_right_wrong_missed_and_made_up() -> None:
    assert counted([0], [0.9], [0], [[0.5]]) == [[1, 0, 0], [0, 0, 0], [0, 0, 0]]
    assert counted([1], [0.9], [0], [[0.8]]) == [[0, 1, 0], [0, 0, 0], [0, 0, 0]]
    assert counted([0], [0.9], [0], [[0.4]]) == [[0, 0, 1], [0, 0, 0], [1, 0, 0]]
    assert counted([0], [0.2], [0], [[0.9]]) == [[0, 0, 1], [0, 0, 0], [0, 0, 0]]


def test_the_right_category_goes_before_the_larger_overlap() -> None:
    assert counted([1, 0], [0.9, 0.3], [0], [[0.9], [0.6]]) == [[1, 0, 0], [0, 0, 0], [0, 1, 0]]


def test_what_lies_in_a_crowd_is_left_out() -> None:
    assert counted([0, 1], [0.9, 0.9], [0], [[0.9], [0.1]], [True]) == [[0, 0, 0], [0, 0, 0], [0, 1, 0]]


@given(st.lists(st.tuples(st.integers(0, 1), st.floats(0, 1)), max_size=6), st.lists(st.integers(0, 1), max_size=6))
def test_nothing_is_counted_twice(found: list[tuple[int, float]], truths: list[int]) -> None:
    rng = np.random.default_rng(len(found))
    overlaps = rng.random((len(found), len(truths)))
    labels, scores = [label for label, _ in found], [score for _, score in found]
    one = np.array(counted(labels, scores, truths, overlaps))
    for category in (0, 1):
        assert one[category].sum() == truths.count(category)
        assert one[:, category].sum() == sum(label == category and score >= 0.25 for label, score in found)
    assert one[2, 2] == 0


def test_figures_over_all_categories() -> None:
    one = BoxConfusion(2)
    one.add(np.array([0, 1]), np.array([0.9, 0.9]), np.array([0, 0, 0]), np.zeros(3, np.bool_), np.eye(2, 3))
    assert one.summary() == {"precision": 0.5, "recall": 1 / 3, "f1": 2 / 5}
