"""Points, smoothing and series, against the plain loops that they stand for."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from desktop.widgets.curves.points import Points
from desktop.widgets.curves.series import Series
from desktop.widgets.curves.smoothing import Smoother

values = some.lists(some.one_of(some.floats(-1e3, 1e3), some.just(math.nan)), max_size=300)


def points(y: list[float], pieces: int = 1) -> Points:
    made = Points()
    for part in np.array_split(np.arange(len(y)), pieces):
        made.extend(part.astype(np.float64), np.array(y)[part] if len(part) else np.empty(0))
    return made


@given(values, some.integers(1, 40), some.floats(0, 300), some.floats(0, 300), some.integers(1, 6))
def test_thinning_keeps_the_extremes_and_is_short(
    y: list[float], columns: int, one: float, other: float, pieces: int
) -> None:
    low, high = min(one, other), max(one, other)
    made = points(y, pieces)
    x, thin = made.thinned(low, high, columns)
    assert len(x) == len(thin) <= max(2 * columns, 2 * (columns + 2))
    assert np.all(np.diff(x) >= 0)
    within = [value for place, value in enumerate(y) if low <= place <= high and not math.isnan(value)]
    if within:
        assert np.nanmin(thin) <= min(within)
        assert np.nanmax(thin) >= max(within)
    known = [value for value in y if not math.isnan(value)]
    assert set(thin[np.isfinite(thin)].tolist()) <= set(known)


def test_a_column_without_values_is_a_gap() -> None:
    made = points([1.0] * 400 + [math.nan] * 200 + [2.0] * 400)
    _, thin = made.thinned(0, 1000, 20)
    assert np.isnan(thin).any()
    assert set(thin[np.isfinite(thin)].tolist()) == {1.0, 2.0}


def test_a_falling_curve_falls_also_when_it_is_thinned() -> None:
    _, thin = points([float(-place) for place in range(5000)]).thinned(0, 5000, 50)
    assert np.all(np.diff(thin) <= 0)


def test_blocks_lie_where_they_lay_while_points_are_added() -> None:
    made = points([float(place % 7) for place in range(1000)])
    before = made.thinned(0, 500, 40)
    made.extend(np.array([1000.0]), np.array([99.0]))
    after = made.thinned(0, 500, 40)
    assert all(np.array_equal(one, other) for one, other in zip(before, after, strict=True))


@pytest.mark.parametrize(("x", "place"), [(-0.4, 0), (0.4, 0), (0.6, 1), (8.9, 9), (9.4, 9), (-3.0, -1), (12.0, -1)])
def test_the_nearest_point_is_found_within_reach(x: float, place: int) -> None:
    assert points([0.0] * 10).nearest(x, 0.5) == place


def test_nothing_is_near_to_no_points() -> None:
    assert Points().nearest(1.0) == -1
    assert len(Points().thinned(0, 1, 10)[0]) == 0


@given(values, some.floats(0, 0.999), some.integers(1, 5))
def test_smoothing_is_the_loop_it_stands_for_however_the_values_come(
    y: list[float], weight: float, pieces: int
) -> None:
    expected, total, count = [], 0.0, 0
    for value in y:
        if math.isnan(value):
            expected.append(math.nan)
            continue
        total, count = weight * total + (1 - weight) * value, count + 1
        expected.append(total / (1 - weight**count))
    smoother = Smoother(weight)
    made = [smoother.add(part) for part in np.array_split(np.array(y, np.float64), pieces)]
    np.testing.assert_allclose(np.concatenate(made), expected, rtol=1e-6, atol=1e-6)


def test_what_is_not_finite_is_a_gap_and_not_the_latest() -> None:
    series = Series()
    series.append([0, 1, 2, 3], [1.0, math.inf, math.nan, -math.inf])
    assert series.latest() == 1.0
    assert np.isnan(series.raw.y[1:]).all()
    series.append(math.nan, 5.0)
    assert len(series.raw) == 4
    series.append(4, 7)
    assert series.latest() == 7.0
    series.append(np.arange(5, 1000), np.full(995, math.nan))
    assert series.latest() == 7.0


def test_a_run_that_went_back_takes_its_points_back() -> None:
    series = Series(0.5)
    series.append([0, 1, 2, 3], [1, 2, 3, 4])
    before = series.version
    series.append([2, 2.5], [9, 8])
    assert series.raw.x.tolist() == [0, 1, 2, 2.5]
    assert series.raw.y.tolist() == [1, 2, 9, 8]
    fresh = Series(0.5)
    fresh.append([0, 1, 2, 2.5], [1, 2, 9, 8])
    np.testing.assert_allclose(series.smooth.y, fresh.smooth.y)
    assert series.version != before


def test_another_weight_smooths_all_anew() -> None:
    series = Series()
    series.append([0, 1, 2], [0, 1, 0])
    assert series.smooth.y.tolist() == [0, 1, 0]
    series.set_weight(0.5)
    np.testing.assert_allclose(series.smooth.y, [0, 2 / 3, 0.2857142857])
    series.append([3, 1.5], [1, 1])
    assert series.raw.x.tolist() == [0, 1, 1.5, 3]
    series.clear()
    assert series.latest() is None


def test_as_many_x_as_y() -> None:
    with pytest.raises(ValueError, match="2 x go with 1 y"):
        Series().append([1, 2], [1])
