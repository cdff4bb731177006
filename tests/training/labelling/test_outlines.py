from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from pycocotools import mask as coco

from training.datasets.formats import rle
from training.labelling import geometry
from training.labelling.outlines import fill, trace
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


def test_a_ring_has_a_hole() -> None:
    mask = np.zeros((9, 9), np.uint8)
    mask[1:8, 1:8] = 1
    mask[3:6, 3:6] = 0
    (region,) = trace(mask == 1)
    assert region.area == 40
    assert len(region.holes) == 1
    assert (region.outer.min(), region.outer.max()) == (1, 8)
    assert not fill(region.rings, 9, 9)[4, 4]


def test_a_pixel_is_inside_where_its_middle_is() -> None:
    ring = np.array([(0.6, 0), (3.4, 0), (3.4, 2.5), (0.6, 2.5)])
    assert fill([ring], 4, 4).tolist() == [[False, True, True, False]] * 2 + [[False] * 4] * 2
    halves = [np.array([(0, 0), (1.5, 0), (1.5, 2), (0, 2)]), np.array([(1.5, 0), (3, 0), (3, 2), (1.5, 2)])]
    both = [fill([half], 3, 2).astype(int) for half in halves]
    assert np.array_equal(both[0] + both[1], np.ones((2, 3)))


@pytest.mark.parametrize("tolerance", [1.0, 1.5])
def test_simplified_outlines_stay_near(tolerance: float) -> None:
    y, x = np.mgrid[:80, :80]
    disc = (x - 40) ** 2 + (y - 38) ** 2 < 30**2
    (region,) = trace(disc)
    simpler = geometry.simplify(region.outer, tolerance)
    assert len(simpler) < len(region.outer) / 2
    assert geometry.mask_iou(fill([simpler], 80, 80), disc) > 0.95
