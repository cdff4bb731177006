from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from models.heads import Form, tags
from models.heads.categories import UNKNOWN, Score
from tests.models.heads.carried import SIZE, carried

NAMES = ("dirty", "scratched", "wet")
Array = np.ndarray[Any, Any]


@given(arrays(np.float32, (2, 3), elements=st.floats(0, 1, width=32)))
def test_probabilities_come_back_and_logits_say_the_same(probabilities: Array) -> None:
    results = carried("tags", [probabilities], NAMES, Form(values="probabilities"))
    exact = np.clip(probabilities.astype(np.float64), 1e-6, 1 - 1e-6)
    same = carried("tags", [np.log(exact / (1 - exact))], NAMES, Form())
    for result, other, expected in zip(results, same, probabilities, strict=True):
        assert result.probabilities == pytest.approx(expected, abs=1e-3)
        assert other.probabilities == pytest.approx(result.probabilities, abs=1e-3)


@given(arrays(np.float32, (1, 3), elements=st.floats(-(2.0**100), 2.0**100, width=32)))
def test_logits_of_any_size(logits: Array) -> None:
    [result] = carried("tags", [logits], NAMES, Form())
    assert result.present == tuple(name for name, logit in zip(NAMES, logits[0], strict=True) if logit >= -1e-7)


def test_any_number_of_tags_may_apply() -> None:
    [result] = carried("tags", [np.array([[0.7, 0.2, 0.9]])], NAMES, Form(values="probabilities"))
    assert result.present == ("dirty", "wet")
    assert result.best.category == "wet"
    assert [score.category for score in result.top(5)] == ["wet", "dirty", "scratched"]
    assert result.to_json(1) == [{"category": "wet", "confidence": pytest.approx(0.9, abs=1e-3)}]
    assert (result.unknown, result.unsure) == (False, False)


def test_none_may_apply() -> None:
    [result] = carried("tags", [np.array([[0.3, 0.2, 0.49]])], NAMES, Form(values="probabilities"))
    assert (result.present, result.best) == ((), Score(UNKNOWN, 0.0))
    assert (result.unknown, result.unsure) == (True, True)


def test_thresholds() -> None:
    tensors = [np.array([[0.7, 0.2, 0.6]])]
    [result] = carried("tags", tensors, NAMES, Form(values="probabilities"), unsure_below=0.8, unknown_below=0.6)
    assert (result.unknown, result.unsure) == (False, True)
    [result] = carried("tags", tensors, NAMES, Form(values="probabilities"), unsure_below=0.8, unknown_below=0.8)
    assert result.unknown


def test_axes_of_length_one_are_dropped_and_others_refused() -> None:
    [result] = carried("tags", [np.zeros((1, 3, 1, 1))], NAMES, Form())
    assert result.probabilities.tolist() == [0.5] * 3
    for shape, count in (((1, 4), 4), ((2, 1), 1), ((1, 3, 2), 6)):
        with pytest.raises(ValueError, match=f"it gives {count} numbers a picture for 3 categories"):
            tags.pack([np.zeros(shape)], Form(), NAMES, SIZE)
