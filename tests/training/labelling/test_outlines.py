from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from pycocotools import mask as coco

from training.datasets.formats import rle
from training.datasets.values import Shape
from training.labelling import geometry
from training.labelling.outlines import fill, mask_shapes, paint_shapes, shape_pixels, trace
from training.labelling.planar import ring_area

masks = st.tuples(st.integers(1, 14), st.integers(1, 14)).flatmap(lambda shape: arrays(np.bool_, shape))


@given(masks)
@settings(max_examples=200, deadline=None)
def test_outlines_are_the_mask_again(mask: NDArray[np.bool_]) -> None:
    found = trace(mask)
    height, width = mask.shape
    painted = np.zeros_like(mask)
    for region in found:
        piece = fill(region.rings, width, height)
        assert not np.any(painted & piece)
        painted |= piece
        assert region.area == np.count_nonzero(piece)
        assert all(geometry.is_simple(ring) for ring in region.rings)
        assert ring_area(region.outer) > 0
    assert np.array_equal(painted, mask)


@given(masks)
@settings(max_examples=100, deadline=None)
def test_run_lengths_are_the_mask_again_and_are_coco(mask: NDArray[np.bool_]) -> None:
    counts = rle.from_pixels(mask)
    height, width = mask.shape
    rle.check(counts, width, height)
    assert np.array_equal(rle.to_pixels(counts, width, height), mask)
    theirs = coco.encode(np.asfortranarray(mask.astype(np.uint8)))
    assert rle.pack(counts).encode() == theirs["counts"]


@given(arrays(np.uint8, (11, 13), elements=st.sampled_from([0, 1, 2, 255])))
@settings(max_examples=60, deadline=None)
def test_masks_become_shapes_and_back(indices: NDArray[np.uint8]) -> None:
    shapes = mask_shapes(indices, ["none", "wood", "iron"], skip=[0])
    assert {one.category for one in shapes} <= {"wood", "iron"}
    known = np.where(indices == 255, 0, indices)
    assert np.array_equal(paint_shapes(shapes, ["none", "wood", "iron"], 13, 11), known)


def test_a_ring_has_a_hole_and_run_lengths() -> None:
    mask = np.zeros((9, 9), np.uint8)
    mask[1:8, 1:8] = 1
    mask[3:6, 3:6] = 0
    (region,) = trace(mask == 1)
    assert region.area == 40
    assert len(region.holes) == 1
    (shape,) = mask_shapes(mask, ["none", "wood"], skip=[0])
    assert shape.rle is not None
    assert (shape.left, shape.top, shape.width, shape.height) == (1, 1, 7, 7)
    assert not shape_pixels(shape, 9, 9)[4, 4]


def test_small_pieces_and_the_unknown_are_left_out() -> None:
    mask = np.array([[1, 0, 255], [0, 2, 2], [7, 0, 0]], np.uint8)
    assert [one.category for one in mask_shapes(mask, ["none", "a", "b"], skip=[0], least=2)] == ["b"]
    assert mask_shapes(mask, ["none", "a", "b"], skip=[0, 1, 2]) == []


def test_a_pixel_is_inside_where_its_middle_is() -> None:
    ring = np.array([(0.6, 0), (3.4, 0), (3.4, 2.5), (0.6, 2.5)])
    assert fill([ring], 4, 4).tolist() == [[False, True, True, False]] * 2 + [[False] * 4] * 2
    halves = [np.array([(0, 0), (1.5, 0), (1.5, 2), (0, 2)]), np.array([(1.5, 0), (3, 0), (3, 2), (1.5, 2)])]
    both = [fill([half], 3, 2).astype(int) for half in halves]
    assert np.array_equal(both[0] + both[1], np.ones((2, 3)))


def test_shapes_may_lie_outside_and_have_only_a_box() -> None:
    box = Shape("wood", -2, -2, 4, 4)
    assert np.count_nonzero(shape_pixels(box, 5, 5)) == 4
    away = Shape("wood", 50, 50, 4, 4, polygons=((50, 50, 54, 50, 54, 54),))
    assert not shape_pixels(away, 5, 5).any()
    two = Shape("wood", 0, 0, 5, 5, polygons=((0, 0, 3, 0, 3, 3, 0, 3), (2, 2, 5, 2, 5, 5, 2, 5)))
    assert np.count_nonzero(shape_pixels(two, 5, 5)) == 17  # where both lie counts once, and counts
    assert not paint_shapes([Shape("glass", 0, 0, 5, 5)], ["none", "wood"], 5, 5).any()


def test_smaller_shapes_lie_on_larger_ones() -> None:
    small, large = Shape("a", 1, 1, 2, 2), Shape("b", 0, 0, 5, 5)
    for order in ([small, large], [large, small]):
        assert paint_shapes(order, ["none", "a", "b"], 5, 5)[1, 1] == 1


@pytest.mark.parametrize("tolerance", [1.0, 1.5])
def test_simplified_outlines_stay_near(tolerance: float) -> None:
    y, x = np.mgrid[:80, :80]
    disc = ((x - 40) ** 2 + (y - 38) ** 2 < 30**2).astype(np.uint8)
    (exact,), (simpler,) = (mask_shapes(disc, ["none", "a"], skip=[0], tolerance=t) for t in (0.0, tolerance))
    assert len(simpler.polygons[0]) < len(exact.polygons[0]) / 2
    assert geometry.mask_iou(shape_pixels(simpler, 80, 80), disc > 0) > 0.95
