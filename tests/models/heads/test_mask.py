from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from models.heads import Form, mask
from models.heads.categories import UNKNOWN, Score, softmax
from models.heads.painting import PALETTE
from tests.models.heads.carried import SIZE, carried

NAMES = ("Background", "Drawer", "Frame", "Handle", "Surface", "Other")
CLASSES = np.array([[[0, 0, 0, 1], [0, 3, 3, 1], [0, 3, 3, 1]]])
SHAPES = array_shapes(min_dims=4, max_dims=4, min_side=1, max_side=6)
LOGITS = SHAPES.flatmap(lambda shape: arrays(np.float32, shape, elements=st.floats(-50, 50, width=32)))


def names(count: int) -> list[str]:
    return [f"part {index}" for index in range(count)] if count > 1 else ["nothing", "thing"]


def one_of(classes: np.ndarray[Any, Any], **form: Any) -> mask.MaskResult:
    [result] = carried("mask", [classes], NAMES, Form(values="classes", **form))
    return result


def test_the_documented_segmentation() -> None:
    layers = np.where(np.arange(6)[:, None, None] == CLASSES[0], np.float32(3), np.float32(-1))[None]
    [result] = carried("mask", [layers], NAMES, Form())
    assert result.classes.tolist() == CLASSES[0].tolist()
    assert result.probabilities == pytest.approx([5 / 12, 3 / 12, 0, 4 / 12, 0, 0])
    assert result.confidence == pytest.approx(1 / (1 + 5 * np.exp(-4)), abs=1e-3)
    assert result.best == Score("Handle", result.confidence)
    assert result.to_json(1) == [
        {"category": "Background", "share": 0.4167},
        {"category": "Handle", "share": 0.3333},
        {"category": "Drawer", "share": 0.25},
    ]


@given(LOGITS)
def test_layers_first_or_last_logits_or_probabilities(logits: np.ndarray[Any, Any]) -> None:
    categories = names(logits.shape[1])
    results = carried("mask", [logits], categories, Form())
    last = carried("mask", [np.moveaxis(logits, 1, -1)], categories, Form(layout="NHWC"))
    for result, same in zip(results, last, strict=True):
        assert result.classes.tolist() == same.classes.tolist()
        assert result.confidence == same.confidence
    flat = np.moveaxis(logits, 1, -1).reshape(-1, logits.shape[1])
    if logits.shape[1] == 1:
        probabilities = 1 / (1 + np.exp(-logits.astype(np.float64)))
        expected = np.maximum(probabilities, 1 - probabilities).reshape(len(logits), -1).mean(1)
    else:
        columns = softmax(flat)
        expected = columns.max(1).reshape(len(logits), -1).mean(1)
        shape = (len(logits), *logits.shape[2:], logits.shape[1])
        probabilities = np.moveaxis(columns.reshape(shape), -1, 1)
    given_probabilities = carried("mask", [probabilities], categories, Form(values="probabilities"))
    for result, same, mean in zip(results, given_probabilities, expected, strict=True):
        assert result.confidence == pytest.approx(mean, abs=1e-3)
        assert same.confidence == pytest.approx(mean, abs=1e-3)


@given(SHAPES.flatmap(lambda shape: arrays(np.int64, (shape[0], *shape[2:]), elements=st.integers(0, 5))))
def test_classes_come_back_as_they_are(classes: np.ndarray[Any, Any]) -> None:
    first, last = Form(values="classes"), Form(values="classes", layout="NHWC")
    tensors = [
        (classes, first),
        (classes.astype(np.float32), last),
        (classes[:, None], first),
        (classes[..., None], last),
    ]
    for tensor, form in tensors:
        results = carried("mask", [tensor], NAMES, form)
        assert np.array_equal([result.classes for result in results], classes)
    for result, one in zip(results, classes, strict=True):
        assert result.confidence == 1
        assert result.probabilities == pytest.approx(np.bincount(one.ravel(), minlength=6) / one.size)
        assert result.probabilities.sum() == pytest.approx(1)


def test_256_categories_come_through() -> None:
    classes = np.arange(256).reshape(1, 16, 16)
    [result] = carried("mask", [classes], names(256), Form(values="classes"))
    assert np.array_equal(result.classes, classes[0])


def test_one_layer_is_the_second_category_from_a_half_on() -> None:
    layer = np.array([[[[0.49, 0.5, 0.9]]]], np.float32)
    [result] = carried("mask", [layer], ["nothing", "scratch"], Form(values="probabilities"))
    assert result.classes.tolist() == [[0, 1, 1]]
    assert result.confidence == pytest.approx((0.51 + 0.5 + 0.9) / 3, abs=1e-3)
    [result] = carried("mask", [layer[:, 0] - 0.5], ["nothing", "scratch"], Form())
    assert result.classes.tolist() == [[0, 1, 1]]


def test_the_background_is_not_the_answer() -> None:
    empty = one_of(np.zeros((1, 4, 4), np.int64))
    assert empty.best == Score(UNKNOWN, 0.0)
    assert (empty.unknown, empty.unsure) == (True, True)
    [named] = carried("mask", [np.zeros((1, 4, 4))], ["Sky", "Sea"], Form(values="classes"))
    assert named.best == Score("Sky", 1.0)
    assert mask.background(["__BACKGROUND__"]) == mask.background(["Nothing"]) == 0
    assert mask.background(["Sky", "Background"]) is mask.background([]) is None


def test_an_unsure_mask() -> None:
    layers = np.zeros((1, 6, 2, 2), np.float32)
    layers[:, 2] = 1
    confidence = np.e / (np.e + 5)
    for below, expected in ((confidence - 0.01, False), (confidence + 0.01, True)):
        [result] = carried("mask", [layers], NAMES, Form(), unsure_below=below)
        assert (result.unsure, result.unknown) == (expected, False)
        [result] = carried("mask", [layers], NAMES, Form(), unsure_below=below, unknown_below=below)
        assert result.unknown is expected


def test_areas_are_painted_in_their_colours_and_the_background_is_not() -> None:
    classes = np.zeros((1, 8, 8), np.int64)
    classes[:, :, 4:] = 3
    picture = np.full((80, 160, 3), 100, np.uint8)
    painted = one_of(classes).paint(picture)
    assert (painted[:, :80] == 100).all()
    assert (painted[:, 80] == PALETTE[3]).all()
    middle = (PALETTE[3].astype(int) + 100) / 2
    assert painted[40, 120] == pytest.approx(middle, abs=1)


@pytest.mark.parametrize(
    ("tensor", "form", "words"),
    [
        (np.zeros((1, 5, 4, 4)), Form(), "it gives 5 layers for 6 categories"),
        (np.zeros((1, 6, 4, 4)), Form(layout="NHWC"), "it gives 4 layers for 6 categories"),
        (np.zeros((1, 4, 4)), Form(), "it gives 1 layers for 6 categories"),
        (np.zeros((1, 6)), Form(), "which are no masks"),
        (np.full((1, 4, 4), 6), Form(values="classes"), "it gives the classes 6 to 6 for 6 categories"),
        (np.full((1, 4, 4), -1), Form(values="classes"), "it gives the classes -1 to -1 for 6"),
        (np.full((1, 4, 4), 0.5), Form(values="classes"), "no whole numbers"),
        (np.zeros((1, 6, 4, 4)), Form(values="classes"), "not one class a pixel"),
    ],
)
def test_outputs_that_do_not_fit(tensor: np.ndarray[Any, Any], form: Form, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        mask.pack([tensor], form, NAMES, SIZE)


def test_too_many_categories() -> None:
    with pytest.raises(ValueError, match="257 categories and a mask at most 256"):
        mask.pack([np.zeros((1, 257, 2, 2))], Form(), names(257), SIZE)


def test_a_class_beyond_the_categories_is_refused() -> None:
    with pytest.raises(ValueError, match="expected classes under 6, got 7"):
        mask.decode(np.full((1, 8), 7, np.float32), NAMES, form=Form(shape=(2, 2, 2)))
