from __future__ import annotations

import numpy as np
import pytest

from training.metrics.categories import accuracy, calibration_error, confusions, per_class

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
