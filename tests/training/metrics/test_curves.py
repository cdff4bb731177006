from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.metrics.curves import average_precision, precision_recall_curve, roc_curve

SCORED = st.lists(st.tuples(st.sampled_from([0.0, 0.1, 0.4, 0.5, 0.9]), st.booleans()), max_size=40)


def split(scored: list[tuple[float, bool]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([score for score, _ in scored]), np.array([hit for _, hit in scored], np.bool_)


@given(SCORED)
def test_area_is_how_often_a_positive_wins(scored: list[tuple[float, bool]]) -> None:
    scores, positive = split(scored)
    curve = roc_curve(scores, positive)
    if curve is None:
        assert positive.all() or not positive.any()
        return
    apart = scores[positive][:, None] - scores[~positive]
    assert curve.area == pytest.approx(np.mean((apart > 0) + 0.5 * (apart == 0)))
    for threshold, false, true in zip(
        curve.thresholds, curve.false_positive_rate, curve.true_positive_rate, strict=True
    ):
        assert false == pytest.approx(np.mean(scores[~positive] >= threshold))
        assert true == pytest.approx(np.mean(scores[positive] >= threshold))


@given(SCORED)
def test_average_precision_is_summed_over_thresholds(scored: list[tuple[float, bool]]) -> None:
    scores, positive = split(scored)
    curve = precision_recall_curve(scores, positive)
    if curve is None:
        assert not positive.any()
        assert average_precision(scores, positive) is None
        return
    area = before = 0.0
    for threshold in sorted(set(scores), reverse=True):
        found = scores >= threshold
        recall = np.sum(found & positive) / np.sum(positive)
        area += (recall - before) * np.sum(found & positive) / np.sum(found)
        before = recall
    assert curve.average_precision == pytest.approx(area)
    assert (curve.precision[0], curve.recall[0], curve.recall[-1]) == (1, 0, 1)
    assert (np.diff(curve.thresholds) < 0).all()


def test_a_perfect_order_and_its_reverse() -> None:
    scores, positive = np.array([0.9, 0.8, 0.2, 0.1]), np.array([True, True, False, False])
    for right, area, precision in ((positive, 1.0, 1.0), (~positive, 0.0, 0.5 * 1 / 3 + 0.5 * 2 / 4)):
        curve = roc_curve(scores, right)
        assert curve is not None
        assert curve.area == area
        assert average_precision(scores, right) == pytest.approx(precision)
