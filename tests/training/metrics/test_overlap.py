from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from training.datasets.formats import rle
from training.metrics.overlap import box_overlaps, mask_areas, mask_overlaps, runs_of

MASKS = st.tuples(st.integers(0, 4), st.integers(1, 6), st.integers(1, 6))


def shares(ones: np.ndarray, others: np.ndarray, crowd: np.ndarray) -> np.ndarray:
    """Of pixels, the plain way: (D, H, W) and (G, H, W) to (D, G)."""
    both = np.sum(ones[:, None] & others[None], axis=(2, 3))
    either = np.sum(ones[:, None] | others[None], axis=(2, 3))
    whole = np.where(crowd, np.sum(ones, axis=(1, 2))[:, None], either)
    return both / np.maximum(whole, 1)


@given(arrays(np.bool_, MASKS), st.data())
def test_run_lengths_overlap_as_their_pixels_do(ones: np.ndarray, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, 3))
    others = data.draw(arrays(np.bool_, (count, *ones.shape[1:])))
    crowd = data.draw(arrays(np.bool_, count))
    runs = [runs_of(one) for one in ones]
    assert runs == [rle.from_pixels(one) for one in ones]
    found = mask_overlaps(runs, [runs_of(one) for one in others], crowd)
    np.testing.assert_array_equal(found, shares(ones, others, crowd))
    np.testing.assert_array_equal(mask_areas(runs), ones.sum(axis=(1, 2)))


@given(st.lists(st.tuples(*[st.integers(0, 8)] * 4), max_size=5), st.integers(0, 5), st.data())
def test_boxes_overlap_as_their_pixels_do(corners: list[tuple[int, ...]], cut: int, data: st.DataObject) -> None:
    sides = np.sort(np.array(corners, np.int64).reshape(-1, 2, 2), axis=1)  # left, top then right, bottom
    boxes = sides.reshape(-1, 4)
    pixels = np.zeros((len(boxes), 8, 8), np.bool_)
    for canvas, (left, top, right, bottom) in zip(pixels, boxes, strict=True):
        canvas[top:bottom, left:right] = True
    crowd = data.draw(arrays(np.bool_, len(boxes[cut:])))
    found = box_overlaps(boxes[:cut].astype(np.float64), boxes[cut:].astype(np.float64), crowd)
    np.testing.assert_array_equal(found, shares(pixels[:cut], pixels[cut:], crowd))


def test_empty_runs_of_a_writer_change_nothing() -> None:
    none = np.zeros(1, np.bool_)
    assert mask_overlaps([(0, 2, 0, 1, 3)], [(2, 0, 0, 2, 2)], none) == [[1 / 4]]
    assert mask_overlaps([(6,)], [(0, 6)], none) == [[0]]
