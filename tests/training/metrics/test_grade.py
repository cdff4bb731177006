from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from training.labelling.kappa import weighted_kappa
from training.metrics import Asked
from training.metrics.grade import Accumulator, quadratic_weighted_kappa, spearman, summary

PAIRS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=30)


@given(PAIRS)
def test_kappa_is_that_of_the_table(pairs: list[tuple[int, int]]) -> None:
    ones, others = np.array(pairs).T
    expected = weighted_kappa(ones, others, 6, weights="quadratic")
    found = quadratic_weighted_kappa(ones, others)
    assert found == (None if expected is None else pytest.approx(expected, abs=1e-12))


@given(PAIRS)
def test_spearman_is_that_of_scipy(pairs: list[tuple[int, int]]) -> None:
    ones, others = np.array(pairs, np.float64).T
    found = spearman(ones, others)
    if len(set(ones)) == 1 or len(set(others)) == 1:
        assert found is None
    else:
        assert found == pytest.approx(stats.spearmanr(ones, others).statistic, abs=1e-12)


@given(st.lists(st.tuples(st.floats(0, 10), st.floats(0, 10)), min_size=1, max_size=30), st.integers(0, 30))
def test_errors_are_those_counted_one_by_one(pairs: list[tuple[float, float]], cut: int) -> None:
    one = Accumulator(Asked(low=0, high=10))
    for part in (pairs[:cut], pairs[cut:]):
        values, labels = np.array(part, np.float64).reshape(-1, 2).T
        one.add(values, labels)
    figures = one.summary()
    off = [value - label for value, label in pairs]
    assert figures["mae"] == pytest.approx(np.mean(np.abs(off)))
    assert figures["rmse"] == pytest.approx(np.sqrt(np.mean(np.square(off))))
    assert figures["bias"] == pytest.approx(np.mean(off), abs=1e-12)


def test_shares_on_a_scale_of_halves_in_single_precision() -> None:
    labels = np.array([1.1, 2.1, 3.1, 4.1], np.float32)
    figures = summary(Asked(step=0.2), labels + np.array([0, 0.1, -0.2, 0.3], np.float32), labels)
    assert figures["within_half_step"] == 0.5
    assert figures["within_one_step"] == 0.75


def test_kappa_is_of_the_nearest_grade_and_of_two_the_lower_on_the_scale() -> None:
    labels = np.array([1.0, 2, 3, 3])
    figures = summary(Asked(low=1, high=3), np.array([1.4, 2.5, 2.6, 9]), labels)
    assert figures["quadratic_weighted_kappa"] == 1
    assert figures["within_one_step"] == 0.75


def test_a_number_that_is_none() -> None:
    with pytest.raises(ValueError, match="numbers that are none"):
        summary(Asked(), np.array([np.nan]), np.array([1.0]))
