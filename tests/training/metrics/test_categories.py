from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from training.labelling.kappa import weighted_kappa
from training.metrics import Asked
from training.metrics.categories import (
    Accumulator,
    accuracy,
    calibration_error,
    confusions,
    per_class,
    summary,
    top_k_accuracy,
)

NAMES = ("wood", "stone", "metal")
LABELS = np.array([0, 0, 1, 1, 2], np.intp)
PROBABILITIES = np.array([[8, 1, 1], [1, 8, 1], [1, 8, 1], [1, 8, 1], [1, 8, 1]], np.float32) / 10


def test_accuracy() -> None:
    assert accuracy(PROBABILITIES, LABELS) == pytest.approx(3 / 5)


def test_each_class_and_one_that_is_never_named() -> None:
    wood, stone, metal = per_class(PROBABILITIES, LABELS, NAMES)
    assert (wood.precision, wood.recall) == (1.0, 0.5)
    assert (stone.precision, stone.recall) == (0.5, 1.0)
    assert (metal.images, metal.answers, metal.precision, metal.recall) == (1, 0, 0.0, 0.0)


def test_confusions_most_frequent_first_then_by_name() -> None:
    assert confusions(PROBABILITIES, LABELS, NAMES) == [("metal", "stone", 1), ("wood", "stone", 1)]


def test_calibration_error_is_the_gap_between_confidence_and_accuracy() -> None:
    assert calibration_error(PROBABILITIES, LABELS) == pytest.approx(0.8 - 0.6, abs=1e-6)
    certain = np.eye(3, dtype=np.float32)[LABELS]
    assert calibration_error(certain, LABELS) == pytest.approx(0.0)


answers_and_labels = st.integers(1, 8).flatmap(
    lambda count: st.tuples(
        arrays(
            np.float64, st.tuples(st.integers(1, 30), st.just(count)), elements=st.sampled_from([0.0, 0.2, 0.5, 1.0])
        ),
        st.data(),
    )
)


@given(answers_and_labels)
def test_figures_are_those_counted_one_by_one(drawn: tuple[NDArray[np.float64], st.DataObject]) -> None:
    probabilities, data = drawn
    rows, count = probabilities.shape
    labels = data.draw(arrays(np.int64, rows, elements=st.integers(0, count - 1)))
    answers = [int(row.argmax()) for row in probabilities]
    recalls, f1s = [], []
    for one in range(count):
        images, found = int(np.sum(labels == one)), answers.count(one)
        right = sum(label == answer == one for label, answer in zip(labels, answers, strict=True))
        if images:
            recalls.append(right / images)
        if images or found:
            f1s.append(2 * right / (images + found))

    one = Accumulator(Asked(count))
    cut = data.draw(st.integers(0, rows))
    one.add(probabilities[:cut], labels[:cut])
    one.add(probabilities[cut:], labels[cut:])
    figures = one.summary()

    assert figures["accuracy"] == pytest.approx(accuracy(probabilities, labels))
    assert figures["balanced_accuracy"] == pytest.approx(np.mean(recalls))
    assert figures["macro_f1"] == pytest.approx(np.mean(f1s))
    assert figures["calibration_error"] == pytest.approx(calibration_error(probabilities, labels))
    kappa = weighted_kappa(labels, np.array(answers), count)
    assert figures["cohen_kappa"] == (None if kappa is None else pytest.approx(kappa))
    if count > 5:
        assert figures["top5_accuracy"] == pytest.approx(top_k_accuracy(probabilities, labels, 5))
    else:
        assert figures["top5_accuracy"] is None


@given(answers_and_labels)
def test_top_k_grows_from_accuracy_to_all(drawn: tuple[NDArray[np.float64], st.DataObject]) -> None:
    probabilities, data = drawn
    rows, count = probabilities.shape
    labels = data.draw(arrays(np.int64, rows, elements=st.integers(0, count - 1)))
    shares = [top_k_accuracy(probabilities, labels, k) for k in range(1, count + 1)]
    assert shares == sorted(shares)
    assert shares[0] == accuracy(probabilities, labels)
    assert shares[-1] == 1


def test_top_5_by_hand() -> None:
    falling = np.tile(np.linspace(0.9, 0.1, 8), (4, 1))
    assert summary(Asked(8), falling, np.array([0, 4, 5, 7]))["top5_accuracy"] == 0.5


def test_each_class_of_an_accumulator() -> None:
    one = Accumulator(Asked(3))
    one.add(PROBABILITIES, LABELS)
    wood, stone, metal = one.per_class()
    assert wood == {"precision": 1.0, "recall": 0.5, "f1": pytest.approx(2 / 3), "support": 2}
    assert (stone["precision"], stone["recall"]) == (0.5, 1.0)
    assert metal == {"precision": None, "recall": 0.0, "f1": 0.0, "support": 1}


@pytest.mark.parametrize(
    ("probabilities", "labels", "words"),
    [
        (np.zeros((2, 4)), np.array([0, 1]), "shape"),
        (np.full((2, 3), np.nan), np.array([0, 1]), "numbers that are none"),
        (np.full((2, 3), 7.0), np.array([0, 1]), "not 0 to 1"),
        (np.zeros((2, 3)), np.array([0, 3]), "3 categories"),
    ],
)
def test_what_can_not_be_is_said(probabilities: NDArray[np.float64], labels: NDArray[np.int64], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        summary(Asked(3), probabilities, labels)


def test_what_is_known_has_the_form_of_the_labels() -> None:
    with pytest.raises(ValueError, match="what is known"):
        summary(Asked(3), PROBABILITIES, LABELS, np.ones(4, np.bool_))
