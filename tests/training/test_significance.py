from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.significance import least_difference, mcnemar, wilson


def test_the_interval_is_that_of_the_textbooks() -> None:
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert wilson(0, 0) == (0, 1)
    assert wilson(10, 10)[1] == pytest.approx(1)
    assert wilson(10, 10)[0] == pytest.approx(0.7225, abs=1e-4)


def test_the_exact_test_of_mcnemar() -> None:
    assert mcnemar(10, 2) == pytest.approx(2 * (1 + 12 + 66) / 4096)
    assert mcnemar(3, 3) == mcnemar(0, 0) == 1
    assert mcnemar(2, 10) == mcnemar(10, 2)


@given(st.integers(0, 200))
def test_the_least_lead_is_no_chance_and_one_less_may_be(apart: int) -> None:
    lead = least_difference(apart)
    if lead is None:
        assert mcnemar(apart, 0) >= 0.05
        return
    assert mcnemar((apart + lead) // 2, (apart - lead) // 2) < 0.05
    if lead >= 2:
        assert mcnemar((apart + lead - 2) // 2, (apart - lead + 2) // 2) >= 0.05


def test_less_than_six_pictures_tell_nothing() -> None:
    assert least_difference(5) is None
    assert least_difference(6) == 6
