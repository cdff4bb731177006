from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.heads import Form, grade
from tests.models.heads.carried import SIZE, carried

TEN = Form(low=1, high=10)
Array = np.ndarray[Any, Any]


def graded(value: float, form: Form = TEN, categories: tuple[str, ...] = (), **how: float) -> grade.GradeResult:
    [result] = carried("grade", [np.array([[value]], np.float32)], categories, form, **how)
    return result


def test_a_grade_of_ten() -> None:
    result = graded(8.3)
    assert result.to_json(5) == {"grade": 8.3, "low": 1, "high": 10}
    assert result.categories == (*"123456789", "10")
    assert result.best.category == "8"
    assert dict(zip(result.categories, result.probabilities, strict=True))["8"] == pytest.approx(0.7)
    assert dict(zip(result.categories, result.probabilities, strict=True))["9"] == pytest.approx(0.3)


@given(
    st.floats(-1000, 1000),
    st.floats(-100, 100),
    st.floats(0.01, 100),
    st.sampled_from([(), ("poor",), ("poor", "fair", "good")]),
)
def test_whatever_the_scale(value: float, low: float, span: float, categories: tuple[str, ...]) -> None:
    form = Form(low=low, high=low + span)
    result = graded(value, form, categories)
    within = min(max(value, form.low), form.high)
    assert form.low <= result.value <= form.high
    assert result.value == pytest.approx(within, abs=(form.high - form.low) / 300)
    assert result.probabilities.sum() == pytest.approx(1)
    assert np.count_nonzero(result.probabilities) <= 2
    assert result.best.confidence >= 0.5 - 1e-6
    if not categories and all(name.lstrip("-").isdecimal() for name in result.categories):
        distances = [abs(result.value - int(name)) for name in result.categories]
        assert distances[result.categories.index(result.best.category)] == pytest.approx(min(distances))


def test_named_grades_lie_in_equal_steps() -> None:
    names = ("poor", "fair", "good")
    assert [graded(value, TEN, names).best.category for value in (1, 3, 4, 7, 9)] == [
        "poor",
        "poor",
        "fair",
        "fair",
        "good",
    ]


def test_a_scale_without_whole_numbers_has_its_ends() -> None:
    assert graded(0.4, Form(low=0.25, high=0.75)).categories == ("0.25", "0.75")
    assert graded(0.4, Form()).categories == ("0", "1")


def test_a_value_between_two_grades_is_unsure_where_that_is_wished() -> None:
    assert graded(8.4, unsure_below=0.7).unsure
    assert not graded(8.1, unsure_below=0.7).unsure
    assert graded(8.4, unsure_below=0.7, unknown_below=0.7).unknown


def test_one_number_a_picture_with_an_axis_or_without() -> None:
    for tensor in (np.array([2, 9]), np.array([[2], [9]]), np.array([[[2]], [[9]]])):
        assert [result.value for result in carried("grade", [tensor], (), TEN)] == [2, 9]
    with pytest.raises(ValueError, match="it gives 2 numbers a picture and a grade is one"):
        grade.pack([np.zeros((3, 2))], TEN, (), SIZE)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        (Form(low=1, high=1), r"its highest grade \(1\) is not above its lowest \(1\)"),
        (Form(low=0, high=1000), "it has the grades 0 to 1000 and a scale has at most 256"),
    ],
)
def test_scales_that_are_none(form: Form, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        grade.pack([np.zeros((1, 1))], form, (), SIZE)
