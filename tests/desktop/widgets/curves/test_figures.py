from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as some

from desktop.widgets.curves.figures import said, said_x, tick_words, ticks, ticks_of_powers


@given(some.floats(-1e6, 1e6), some.floats(1e-6, 1e6), some.integers(2, 8))
def test_ticks_are_few_even_and_around_all(low: float, size: float, most: int) -> None:
    high = low + size
    assume(high - low > 1e-9 * max(abs(low), abs(high)))
    marks = ticks(low, high, most)
    step = marks[1] - marks[0]
    slack = 1e-6 * step + 1e-9 * abs(low)
    assert 2 <= len(marks) <= most + 1
    assert marks[0] <= low + slack
    assert marks[-1] >= high - slack
    assert all(math.isclose(b - a, step, rel_tol=1e-3, abs_tol=1e-9 * abs(high)) for a, b in pairwise(marks))


@given(some.floats(-8, 8), some.floats(0.01, 10), some.integers(2, 6))
def test_ticks_of_powers_rise_around_all(low: float, size: float, most: int) -> None:
    marks = ticks_of_powers(low, low + size, most)
    assert len(marks) >= 2
    assert marks[0] <= low + 1e-6
    assert marks[-1] >= low + size - 1e-6
    assert all(a < b for a, b in pairwise(marks))


@pytest.mark.parametrize(
    ("values", "options", "words"),
    [
        ([0, 0.5, 1], {}, ["0.0", "0.5", "1.0"]),
        ([0, 0.25, 0.5], {}, ["0.00", "0.25", "0.50"]),
        ([0, 20_000, 40_000], {}, ["0", "20,000", "40,000"]),
        ([0.2, 0.4, 0.6], {"percent": True}, ["20 %", "40 %", "60 %"]),
        ([0.95, 0.975, 1.0], {"percent": True}, ["95.0 %", "97.5 %", "100.0 %"]),
        ([-1, 0, 1], {"powers": True}, ["0.1", "1", "10"]),
        ([0, 1e-5, 2e-5], {}, ["0", "1e-05", "2e-05"]),
    ],
)
def test_axes_say_as_little_as_tells_them_apart(
    values: list[float], options: dict[str, bool], words: list[str]
) -> None:
    assert tick_words(values, **options) == words


@pytest.mark.parametrize(
    ("value", "words"), [(0.51234, "0.5123"), (12.345, "12.35"), (1234.5, "1,234"), (1e-5, "1.00e-05"), (math.nan, "–")]
)
def test_values_in_words(value: float, words: str) -> None:
    assert said(value) == words


def test_places_and_percent_in_words() -> None:
    assert [said_x(one) for one in (24.0, 12.4, 0.05, 48231.2)] == ["24", "12.4", "0.05", "48,231"]
    assert said(0.8716, percent=True) == "87.2 %"
