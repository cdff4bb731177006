from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.metrics.confusion import ConfusionMatrix

PAIRS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=40)


@given(PAIRS, st.integers(0, 40))
def test_counts_are_those_of_the_pairs(pairs: list[tuple[int, int]], cut: int) -> None:
    one = ConfusionMatrix(4)
    for part in (pairs[:cut], pairs[cut:]):
        labels, answers = np.array(part, np.uint8).reshape(-1, 2).T
        one.add(labels, answers)
    for label in range(4):
        for answer in range(4):
            assert one.counts[label, answer] == pairs.count((label, answer))


def test_shares_of_rows_columns_and_all() -> None:
    one = ConfusionMatrix(2)
    one.add(np.array([0, 0, 0, 0]), np.array([0, 0, 0, 1]))
    np.testing.assert_array_equal(one.shares(), [[0.75, 0.25], [np.nan, np.nan]])
    np.testing.assert_array_equal(one.shares("answers"), [[1, 1], [0, 0]])
    np.testing.assert_array_equal(one.shares("all"), [[0.75, 0.25], [0, 0]])


def test_pairs_most_frequent_first_then_by_name() -> None:
    one = ConfusionMatrix(3)
    one.add(np.array([0, 2, 1, 1, 2]), np.array([1, 1, 0, 0, 2]))
    assert one.pairs(["wood", "stone", "metal"]) == [("stone", "wood", 2), ("metal", "stone", 1), ("wood", "stone", 1)]


@pytest.mark.parametrize("labels", [np.array([0, 2]), np.array([0, -1]), np.array([0])])
def test_labels_that_can_not_be(labels: np.ndarray) -> None:
    with pytest.raises(ValueError, match="label"):
        ConfusionMatrix(2).add(labels, np.array([0, 1]))
