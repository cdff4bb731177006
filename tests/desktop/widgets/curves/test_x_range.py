from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from desktop.widgets.curves.x_range import XRange


def told(made: XRange) -> list[tuple[float, float]]:
    found: list[tuple[float, float]] = []
    made.changed.connect(lambda: found.append(made.shown))
    return found


def test_it_goes_around_all_charts_and_to_the_end_that_is_known() -> None:
    made = XRange("epoch", 30)
    assert made.full == (0.0, 30.0)
    made.set_span(1, (1.0, 12.0))
    made.set_span(2, (0.5, 40.0))
    assert made.shown == (0.5, 40.0)
    made.set_span(2, None)
    assert made.shown == (1.0, 30.0)
    made.set_end(0)
    assert made.shown == (1.0, 12.0)
    made.set_span(1, (3.0, 3.0))
    assert made.shown == (3.0, 4.0)


def test_what_is_looked_at_closely_stays_while_more_comes() -> None:
    made = XRange()
    made.set_span(1, (0, 10))
    made.show(2, 4)
    changes = told(made)
    made.set_span(1, (0, 20))
    assert (made.shown, changes, made.zoomed) == ((2, 4), [], True)
    made.reset()
    assert (made.shown, made.zoomed) == ((0, 20), False)
    made.pan(3)
    assert changes == [(0, 20)]


@given(some.floats(-5, 15), some.floats(0, 12), some.lists(some.floats(-8, 8), max_size=6), some.floats(0.1, 5))
def test_nothing_outside_is_ever_shown(low: float, width: float, pans: list[float], factor: float) -> None:
    made = XRange()
    made.set_span(1, (0, 10))
    made.show(low, low + width)
    for by in pans:
        before = made.shown
        made.pan(by)
        assert made.shown[1] - made.shown[0] == pytest.approx(before[1] - before[0])
    made.zoom(factor, 5.0)
    assert -1e-9 <= made.shown[0] < made.shown[1] <= 10 + 1e-9


def test_looking_closer_leaves_the_place_where_it_is() -> None:
    made = XRange()
    made.set_span(1, (0, 100))
    made.zoom(0.5, 20)
    assert made.shown == (10, 60)


def test_pointing_is_told_once() -> None:
    made = XRange()
    found: list[float | None] = []
    made.pointed.connect(found.append)
    for x in (1.0, 1.0, None, None):
        made.point(x)
    assert found == [1.0, None]
