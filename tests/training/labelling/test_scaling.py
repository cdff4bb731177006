from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.datasets.blobs import BlobStore
from training.datasets.formats.rle import from_pixels, to_pixels
from training.datasets.masks import put_mask, read_mask
from training.datasets.shapes import Rle, Shape
from training.datasets.store import DatasetStore
from training.datasets.values import Boxes, Category, Mask, Value
from training.labelling.scaling import alike, scaled

SIZES = st.tuples(st.integers(1, 400), st.integers(1, 400))
NUMBER = st.floats(-50, 500)
SHAPES = st.builds(
    Shape,
    st.just("drawer"),
    NUMBER,
    NUMBER,
    st.floats(0, 300),
    st.floats(0, 300),
    st.lists(st.lists(NUMBER, min_size=6, max_size=6).map(tuple), max_size=2).map(tuple),
)


def numbers(shape: Shape) -> list[float]:
    return [shape.left, shape.top, shape.width, shape.height, *(one for points in shape.polygons for one in points)]


@given(st.lists(SHAPES, max_size=3), SIZES, SIZES)
@settings(deadline=None)
def test_there_and_back_is_where_it_was(shapes: list[Shape], size: tuple[int, int], to: tuple[int, int]) -> None:
    blobs = BlobStore(None)  # type: ignore[arg-type]  # boxes need none
    boxes = Boxes(tuple(shapes))
    there = scaled(boxes, size, to, blobs)
    back = scaled(there, to, size, blobs)
    assert isinstance(there, Boxes)
    assert isinstance(back, Boxes)
    for one, other, between in zip(boxes.shapes, back.shapes, there.shapes, strict=True):
        assert numbers(other) == pytest.approx(numbers(one), abs=1e-6)
        assert between.left / to[0] == pytest.approx(one.left / size[0], abs=1e-9)
        assert (between.top + between.height) / to[1] == pytest.approx((one.top + one.height) / size[1], abs=1e-6)


def test_masks_and_run_lengths_are_drawn_anew(store: DatasetStore) -> None:
    indices = np.array([[0, 1, 2], [2, 2, 255]], np.uint8)
    mask = put_mask(store.blobs, indices)
    grown = scaled(mask, (3, 2), (6, 4), store.blobs)
    assert isinstance(grown, Mask)
    assert np.array_equal(read_mask(store.blobs, grown), indices.repeat(2, 0).repeat(2, 1))
    assert scaled(grown, (6, 4), (3, 2), store.blobs) == mask
    inside = indices == 2
    shape = Shape("drawer", 0, 0, 3, 2, rle=Rle(from_pixels(inside), 2, 3), crowd=True)
    boxes = scaled(Boxes((shape,)), (3, 2), (6, 4), store.blobs)
    assert isinstance(boxes, Boxes)
    (one,) = boxes.shapes
    assert one.rle is not None
    assert one.crowd
    assert np.array_equal(to_pixels(one.rle.counts, 6, 4), inside.repeat(2, 0).repeat(2, 1))


@pytest.mark.parametrize("value", [Category("wood"), Boxes((Shape("drawer", 1, 2, 3, 4),))])
def test_what_needs_no_scaling_is_itself(value: Value, store: DatasetStore) -> None:
    assert scaled(value, (10, 10), (10, 10), store.blobs) is value
    assert scaled(Category("wood"), (10, 10), (20, 5), store.blobs) == Category("wood")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ((400, 300), (400, 300), True),
        ((400, 300), (133, 100), True),  # a thumbnail, rounded
        ((400, 300), (300, 400), False),
        ((400, 300), (380, 300), False),  # an edge cut off
        ((400, 300), (0, 0), False),
    ],
)
def test_what_may_be_the_same_picture_at_another_scale(
    one: tuple[int, int], other: tuple[int, int], same: bool
) -> None:
    assert alike(one, other) == alike(other, one) == same
