from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from training.labelling.mask_painting import MaskPainting, ground_of

WIDE, TALL = 30, 20
places = st.tuples(st.floats(-10, 40), st.floats(-10, 30))


def blank(ground: int = 0) -> MaskPainting:
    return MaskPainting(np.full((TALL, WIDE), ground, np.uint8), ground)


def counted(painting: MaskPainting) -> NDArray[np.int64]:
    return np.bincount(painting.indices.ravel(), minlength=256)


def test_the_ground_is_the_background_or_unknown() -> None:
    assert ground_of(["background", "wood"]) == 0
    assert ground_of(["none", "dent"]) == 0
    assert ground_of(["wood", "iron"]) == 255
    assert ground_of([]) == 255


@given(st.lists(places, min_size=1, max_size=4), st.floats(0.5, 15), st.integers(0, 3))
@settings(max_examples=80, deadline=None)
def test_a_stroke_is_every_pixel_near_the_line(points: list[tuple[float, float]], radius: float, index: int) -> None:
    painting = blank()
    changed = painting.stroke(points, radius, index)
    for row in range(TALL):
        for column in range(WIDE):
            x, y = column + 0.5, row + 0.5
            away = min(distance(x, y, a, b) for a, b in zip(points, points[1:] or points, strict=False))
            under = any(int(np.floor(px)) == column and int(np.floor(py)) == row for px, py in points)
            if abs(away - radius) < 1e-3:
                continue
            assert (painting.indices[row, column] == index) == (away < radius or under or index == 0), (column, row)
    assert np.array_equal(painting.counts, counted(painting))
    if changed is None:
        assert painting.empty
    else:
        rows, columns = np.nonzero(painting.indices)
        assert (changed.left, changed.right) == (columns.min(), columns.max() + 1)
        assert (changed.top, changed.bottom) == (rows.min(), rows.max() + 1)


def distance(x: float, y: float, a: tuple[float, float], b: tuple[float, float]) -> float:
    along = (b[0] - a[0], b[1] - a[1])
    length = along[0] ** 2 + along[1] ** 2
    share = min(1, max(0, ((x - a[0]) * along[0] + (y - a[1]) * along[1]) / length)) if length else 0
    return float(np.hypot(x - a[0] - share * along[0], y - a[1] - share * along[1]))


def test_what_is_painted_can_be_kept() -> None:
    painting = blank()
    painting.stroke([(5, 5)], 3, 1)
    before = painting.indices == 1
    painting.keep = True
    painting.stroke([(7, 5)], 4, 2)
    assert np.array_equal(painting.indices == 1, before)
    assert (painting.indices == 2).any()
    painting.stroke([(5, 5)], 9, 0, erase=True)
    assert not painting.indices[:8, :8].any()
    assert np.array_equal(painting.counts, counted(painting))


@given(arrays(np.uint8, (8, 9), elements=st.sampled_from([0, 1, 255])), st.integers(0, 8), st.integers(0, 7))
@settings(max_examples=80, deadline=None)
def test_filling_is_all_that_hangs_together(indices: NDArray[np.uint8], column: int, row: int) -> None:
    painting = MaskPainting(indices.copy(), 0)
    wanted, waiting = np.zeros(indices.shape, np.bool_), [(row, column)]
    while waiting:
        y, x = waiting.pop()
        if 0 <= y < 8 and 0 <= x < 9 and not wanted[y, x] and indices[y, x] == indices[row, column]:
            wanted[y, x] = True
            waiting += [(y + 1, x), (y - 1, x), (y, x + 1), (y, x - 1)]
    painting.fill_at(column, row, 7)
    assert np.array_equal(painting.indices == 7, wanted)
    assert np.array_equal(painting.counts, counted(painting))
    assert painting.fill_at(99, 0, 7) is None


def test_outlines_that_cross_themselves_paint_all_they_go_around() -> None:
    painting = blank()
    painting.outline([(2, 2), (12, 12), (12, 2), (2, 12)], 3)
    assert painting.indices[6, 3] == 3
    assert painting.indices[6, 11] == 3
    assert painting.indices[3, 7] == 0
    painting.outline([(-5, -5), (100, -5), (100, 100), (-5, 100)], 4)
    assert (painting.indices == 4).all()
    assert painting.outline([(1, 1), (5, 5)], 5) is None
    assert painting.outline([(50, 50), (60, 50), (60, 60)], 5) is None
    assert np.array_equal(painting.counts, counted(painting))


@pytest.mark.parametrize("index", [0, 255])
def test_another_mask_takes_its_place(index: int) -> None:
    painting = blank(255)
    painting.stroke([(5, 5)], 3, 1)
    assert not painting.empty
    painting.replace(np.full((TALL, WIDE), index, np.uint8))
    assert painting.empty == (index == 255)
    assert np.array_equal(painting.counts, counted(painting))
