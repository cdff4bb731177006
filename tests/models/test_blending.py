from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.blending import MODES, BlendMode, Prediction, average, blend, confidence_weighted, maximum

CONFIDENCE = st.floats(0, 1)
ANSWER = st.dictionaries(st.sampled_from("abcdef"), CONFIDENCE, max_size=6).map(
    lambda said: [Prediction(category=name, confidence=value) for name, value in said.items()]
)
ANSWERS = st.lists(ANSWER, max_size=4)
MODE = st.sampled_from(get_args(BlendMode))


def says(**confidences: float) -> list[Prediction]:
    return [Prediction(category=name, confidence=value) for name, value in confidences.items()]


def as_dict(predictions: list[Prediction]) -> dict[str, float]:
    return {one["category"]: one["confidence"] for one in predictions}


def test_the_document_s_formulas_by_hand() -> None:
    online, offline = says(metal=0.6, stone=0.3), says(metal=0.2, wood=0.1)
    # weights: 0.9 / 1.2 = 3/4 and 0.3 / 1.2 = 1/4; the mean is over two models
    assert as_dict(confidence_weighted([online, offline])) == pytest.approx(
        {"metal": (0.6 * 3 / 4 + 0.2 / 4) / 2, "stone": 0.3 * 3 / 4 / 2, "wood": 0.1 / 4 / 2}
    )
    assert as_dict(maximum([online, offline])) == {"metal": 0.6, "stone": 0.3, "wood": 0.1}
    assert as_dict(average([online, offline])) == pytest.approx({"metal": 0.4, "stone": 0.15, "wood": 0.05})


def test_two_that_are_certain_of_the_same_are_a_half_by_the_formula() -> None:
    assert confidence_weighted([says(metal=1.0), says(metal=1.0)]) == says(metal=0.5)


def test_without_any_confidence_the_weights_are_equal_and_nothing_is_divided_by_zero() -> None:
    assert confidence_weighted([says(metal=0.0), says(stone=0.0)]) == says(metal=0.0, stone=0.0)
    assert all(blend([], mode) == [] and blend([[], []], mode) == [] for mode in MODES)


def test_a_category_that_is_named_twice_counts_once_with_the_higher_confidence() -> None:
    assert average([[*says(metal=0.2), *says(metal=0.6)]]) == says(metal=0.6)


@given(ANSWERS, MODE)
def test_whatever_was_named_comes_back_once_in_order_and_from_0_to_1(
    answers: list[list[Prediction]], mode: BlendMode
) -> None:
    blended = blend(answers, mode)
    confidences = [one["confidence"] for one in blended]
    assert {one["category"] for one in blended} == {one["category"] for answer in answers for one in answer}
    assert len(as_dict(blended)) == len(blended)
    assert confidences == sorted(confidences, reverse=True)
    assert all(0 <= confidence <= 1 for confidence in confidences)


@given(ANSWER, MODE)
def test_one_model_alone_is_left_as_it_is(answer: list[Prediction], mode: BlendMode) -> None:
    assert as_dict(blend([answer, []], mode)) == pytest.approx(as_dict(answer))


@given(ANSWERS, MODE)
def test_the_order_of_the_models_does_not_matter(answers: list[list[Prediction]], mode: BlendMode) -> None:
    assert as_dict(blend(answers[::-1], mode)) == pytest.approx(as_dict(blend(answers, mode)))


@given(ANSWERS)
def test_a_mean_is_never_above_the_highest(answers: list[list[Prediction]]) -> None:
    highest, mean, weighted = (as_dict(blend(answers, mode)) for mode in ("max", "average", "confidence_weighted"))
    assert all(mean[name] <= highest[name] + 1e-12 for name in highest)
    assert all(weighted[name] <= highest[name] + 1e-12 for name in highest)


def test_a_mode_that_is_none_is_refused() -> None:
    with pytest.raises(KeyError):
        blend([says(metal=1.0)], "median")  # type: ignore[arg-type]
