from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from models.heads import Form, image
from models.heads.categories import UNKNOWN, Score
from tests.models.heads.carried import SIZE, carried

Array = np.ndarray[Any, Any]
SIDES = st.integers(1, 9)
PIXELS = st.tuples(st.integers(1, 3), SIDES, SIDES).flatmap(lambda shape: arrays(np.uint8, (*shape, 3)))


@given(PIXELS, st.sampled_from([(0.0, 1.0), (-1.0, 1.0), (0.0, 255.0)]))
def test_all_eight_bits_come_through(pixels: Array, ends: tuple[float, float]) -> None:
    low, high = ends
    values = (pixels / 255 * (high - low) + low).astype(np.float32)
    last = carried("image", [values], (), Form(layout="NHWC", low=low, high=high))
    first = carried("image", [values.transpose(0, 3, 1, 2)], (), Form(low=low, high=high))
    for one, other, expected in zip(last, first, pixels, strict=True):
        assert (one.height, one.width) == expected.shape[:2]
        assert np.array_equal(one.pixels, expected)
        assert np.array_equal(other.pixels, expected)


def test_one_channel_is_grey_and_what_is_beyond_is_clipped() -> None:
    values = np.array([[[-3, 0.5], [1, 7]]], np.float32)
    for tensor, layout in ((values, "NCHW"), (values[:, None], "NCHW"), (values[..., None], "NHWC")):
        [result] = carried("image", [tensor], (), Form(layout=layout))
        assert result.pixels.tolist() == [[[0] * 3, [128] * 3], [[255] * 3, [255] * 3]]


def test_it_has_no_category_and_is_not_unsure() -> None:
    [result] = carried("image", [np.zeros((1, 3, 4, 6))], (), Form())
    assert result.best == Score(UNKNOWN, 0.0)
    assert (result.categories, result.unknown, result.unsure) == ((), True, False)
    assert result.to_json(5) == {"width": 6, "height": 4}


def test_it_is_painted_at_the_size_of_the_picture() -> None:
    values = np.zeros((1, 3, 8, 8), np.float32)
    values[..., 4:] = 1
    [result] = carried("image", [values], (), Form())
    painted = result.paint(np.zeros((20, 60, 3), np.uint8))
    assert painted.shape == (20, 60, 3)
    assert (painted[10, 5].tolist(), painted[10, 55].tolist()) == ([0] * 3, [255] * 3)


@pytest.mark.parametrize(
    ("shape", "form", "words"),
    [
        ((1, 4, 8, 8), Form(), "it gives 4 channels"),
        ((1, 3, 8, 8), Form(layout="NHWC"), "it gives 8 channels"),
        ((1, 3), Form(), "which are no pictures"),
        ((1, 3, 8, 8), Form(low=1, high=1), r"its white \(1\) is not above its black \(1\)"),
    ],
)
def test_outputs_that_do_not_fit(shape: tuple[int, ...], form: Form, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        image.pack([np.zeros(shape)], form, (), SIZE)
