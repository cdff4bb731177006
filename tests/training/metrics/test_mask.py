from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from training.metrics import Asked
from training.metrics.mask import Accumulator, summary

SHAPES = st.tuples(st.integers(1, 3), st.integers(1, 5), st.integers(1, 5))


@given(SHAPES, st.data())
def test_figures_are_those_of_sets_of_pixels(shape: tuple[int, int, int], data: st.DataObject) -> None:
    masks = data.draw(arrays(np.uint8, shape, elements=st.integers(0, 3)))
    labels = data.draw(arrays(np.uint8, shape, elements=st.sampled_from([0, 1, 2, 3, 255])))
    one = Accumulator(Asked(4))
    for made, wanted in zip(masks, labels, strict=True):  # one picture at a time
        one.add(made, wanted)
    figures, each = one.summary(), one.per_class()
    assert figures == summary(Asked(4), masks, labels)

    there = labels != 255
    ious, weights = [], []
    for category in range(4):
        said, true = (masks == category) & there, labels == category
        both, either = np.sum(said & true), np.sum(said | true)
        assert each[category]["iou"] == (both / either if either else None)
        assert each[category]["dice"] == (pytest.approx(2 * both / (said.sum() + true.sum())) if either else None)
        assert each[category]["precision"] == (both / said.sum() if said.any() else None)
        assert each[category]["recall"] == (both / true.sum() if true.any() else None)
        if either:
            ious.append(both / either)
            weights.append(true.sum())
    assert figures["mean_iou"] == (pytest.approx(np.mean(ious)) if ious else None)
    if there.any():
        assert figures["pixel_accuracy"] == pytest.approx(np.mean(masks[there] == labels[there]))
        assert figures["frequency_weighted_iou"] == pytest.approx(np.average(ious, weights=weights))
    else:
        assert set(figures.values()) == {None}


def test_by_hand() -> None:
    labels = np.array([[0, 0, 1, 255]], np.uint8)
    figures = summary(Asked(3), np.array([[0, 1, 1, 2]], np.uint8), labels)
    assert figures == {
        "mean_iou": 0.5,
        "mean_dice": pytest.approx(2 / 3),
        "pixel_accuracy": pytest.approx(2 / 3),
        "mean_accuracy": 0.75,
        "frequency_weighted_iou": 0.5,
    }


def test_pictures_and_pixels_can_be_unknown() -> None:
    labels = np.zeros((2, 1, 2), np.uint8)
    masks = np.array([[[0, 1]], [[1, 1]]], np.uint8)
    assert summary(Asked(2), masks, labels, np.array([True, False]))["pixel_accuracy"] == 0.5
    assert summary(Asked(2), masks, labels, masks == 1)["pixel_accuracy"] == 0


@pytest.mark.parametrize(("masks", "words"), [(np.full((1, 2), 2), "2 categories"), (np.zeros((2, 1)), "shape")])
def test_masks_that_can_not_be(masks: np.ndarray, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        summary(Asked(2), masks.astype(np.uint8), np.zeros((1, 2), np.uint8))
