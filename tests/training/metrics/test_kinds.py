"""What holds for the figures of every kind."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest

from models.heads import KINDS as HEAD_KINDS
from models.heads.boxes import LEAST as HEAD_LEAST
from models.heads.tags import PRESENT as HEAD_PRESENT
from tests.conftest import ROOT
from training.datasets.masks import UNKNOWN_PIXEL as DATASET_UNKNOWN
from training.metrics import KINDS, Asked, box_confusion, mask, tags
from training.metrics.boxes import Detections, Truths

ASKED = Asked(categories=3, low=1, high=10)
ONE_BOX = np.array([[0.0, 0, 10, 10]])

# two pictures each: answers, right labels, labels that nobody knows
BATCHES = {
    "categories": (np.eye(3)[[0, 2]], np.array([0, 2]), np.array([-1, -1])),
    "tags": (np.eye(3)[[0, 2]], np.eye(3, dtype=np.int8)[[0, 2]], np.full((2, 3), -1)),
    "grade": (np.array([3.0, 8]), np.array([3.0, 8]), np.array([np.nan, np.nan])),
    "mask": (np.eye(3, dtype=np.uint8)[[0, 2]][None], np.eye(3, dtype=np.uint8)[[0, 2]][None], np.full((1, 2, 3), 255)),
    "boxes": (
        [Detections(ONE_BOX, np.array([1]), np.array([0.9]))] * 2,
        [Truths(ONE_BOX, np.array([1]))] * 2,
        [None, None],
    ),
    "image": (np.full((2, 12, 12, 3), 99, np.uint8), np.full((2, 12, 12, 3), 99, np.uint8), [None, None]),
}


def test_every_kind_of_head_is_judged() -> None:
    assert set(KINDS) == set(HEAD_KINDS) == set(BATCHES)


def test_thresholds_are_those_of_the_heads() -> None:
    assert (tags.PRESENT, box_confusion.LEAST, mask.UNKNOWN_PIXEL) == (HEAD_PRESENT, HEAD_LEAST, DATASET_UNKNOWN)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_added_is_nothing_known_and_can_be_json(kind: str) -> None:
    one = KINDS[kind].accumulator(ASKED)
    figures = one.summary()
    assert set(figures.values()) == {None}
    assert KINDS[kind].primary in figures
    assert KINDS[kind].goodness(figures, ASKED) is None
    for each in one.per_class():
        assert each.pop("support") == 0
        assert set(each.values()) == {None}


@pytest.mark.parametrize("kind", KINDS)
def test_right_answers_are_perfect(kind: str) -> None:
    predictions, labels, _ = BATCHES[kind]
    figures = KINDS[kind].summary(ASKED, predictions, labels)
    assert figures[KINDS[kind].primary] == pytest.approx(0 if KINDS[kind].better == "lower" else 1)
    assert KINDS[kind].goodness(figures, ASKED) == pytest.approx(1)
    assert json.loads(json.dumps(figures, allow_nan=False)) == figures


@pytest.mark.parametrize("kind", KINDS)
def test_unknown_labels_change_nothing(kind: str) -> None:
    predictions, labels, unknown = BATCHES[kind]
    one = KINDS[kind].accumulator(ASKED)
    one.add(predictions, labels)
    before = one.summary()
    one.add(predictions, unknown)
    one.add(predictions[::-1], labels, np.zeros(len(labels), np.bool_))
    assert one.summary() == before


@pytest.mark.parametrize("kind", KINDS)
def test_per_class_has_the_figure_that_is_shown_first(kind: str) -> None:
    predictions, labels, _ = BATCHES[kind]
    one = KINDS[kind].accumulator(ASKED)
    one.add(predictions, labels)
    each = one.per_class()
    assert len(each) == (3 if KINDS[kind].per_class else 0)
    assert all(KINDS[kind].per_class in figures and "support" in figures for figures in each)


def test_which_figure_is_better() -> None:
    accuracy, error = KINDS["categories"], KINDS["grade"]
    assert accuracy.improves(0.8, 0.7)
    assert not accuracy.improves(0.8, 0.8)
    assert not accuracy.improves(0.8, 0.795, by=0.01)
    assert error.improves(0.7, 0.8)
    assert not error.improves(0.8, 0.7)
    assert accuracy.improves(0.1, None)
    assert not error.improves(None, 5.0)
    assert not error.improves(None, None)


def test_goodness_of_an_error_is_half_at_one_step() -> None:
    assert KINDS["grade"].goodness({"mae": 0.5}, Asked(step=0.5)) == 0.5


def test_a_scale_has_steps() -> None:
    with pytest.raises(ValueError, match="must be more than 0"):
        Asked(step=0)


def test_figures_need_neither_opencv_nor_the_program() -> None:
    code = (
        "import sys, training.metrics; print([n for n in ('cv2', 'PIL', 'onnxruntime', 'models') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"
