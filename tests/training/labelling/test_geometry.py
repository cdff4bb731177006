from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.errors import LabelError
from training.labelling import geometry
from training.labelling.outlines import fill
from training.labelling.planar import Region, ring_area

SIDE = 40
SQUARE = np.array([(10, 10), (30, 10), (30, 30), (10, 30)], np.float64)
BOW = np.array([(10, 10), (30, 30), (30, 10), (10, 30)], np.float64)

wholes = st.integers(0, SIDE)
exact = st.integers(0, SIDE * 4).map(lambda n: n / 4)
rings = st.lists(st.tuples(exact, exact), min_size=3, max_size=12).map(np.array)
lattice = st.lists(st.tuples(wholes, wholes), min_size=3, max_size=10).map(np.array)


@st.composite
def stars(draw: st.DrawFn, least: int = 5, most: int = 40) -> NDArray[np.float64]:
    """Simple rings: corners at rising angles around a centre."""
    steps = draw(st.lists(st.integers(1, 9), min_size=least, max_size=most))
    angles = np.cumsum(steps) * (2 * np.pi / sum(steps))
    far = np.array(draw(st.lists(st.integers(3, 18), min_size=len(steps), max_size=len(steps))))
    if max(np.diff(angles, prepend=angles[-1] - 2 * np.pi)) >= np.pi - 0.05:
        return SQUARE
    return np.stack([20 + far * np.cos(angles), 20 + far * np.sin(angles)], axis=1)


def pixels(regions: list[Region], side: int = SIDE) -> NDArray[np.bool_]:
    found = np.zeros((side, side), np.bool_)
    for region in regions:
        painted = fill(region.rings, side, side)
        assert not np.any(found & painted), "regions overlap"
        found |= painted
    return found


def wound(ring: NDArray[np.float64], x: float, y: float) -> bool:
    """The non-zero rule at one place, counted plainly."""
    turns = 0
    for (ax, ay), (bx, by) in zip(ring, np.roll(ring, -1, axis=0), strict=True):
        if (ay <= y) != (by <= y) and ax + (y - ay) / (by - ay) * (bx - ax) > x:
            turns += 1 if by > ay else -1
    return turns != 0


def around(ring: NDArray[np.float64]) -> NDArray[np.bool_]:
    # off the middle of pixels by an odd bit: no corner or edge of a quarter grid lies there
    return np.array([[wound(ring, x + 0.5 + 1 / 777, y + 0.5 + 1 / 555) for x in range(SIDE)] for y in range(SIDE)])


def clear(*rings: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Places of ``around`` that no edge comes near: crossings are rounded to 1/256 pixel, and edges turn with them."""
    x, y = np.meshgrid(np.arange(SIDE) + 0.5 + 1 / 777, np.arange(SIDE) + 0.5 + 1 / 555)
    found = np.ones((SIDE, SIDE), np.bool_)
    for ring in rings:
        for (ax, ay), (bx, by) in zip(ring, np.roll(ring, -1, axis=0), strict=True):
            dx, dy = bx - ax, by - ay
            share = np.clip(((x - ax) * dx + (y - ay) * dy) / max(dx * dx + dy * dy, 1e-9), 0, 1)
            found &= np.hypot(x - ax - share * dx, y - ay - share * dy) > 1 / 64
    return found


def moved(regions: list[Region]) -> list[Region]:
    """So that ``fill`` asks at the places of ``around``."""
    shift = np.array([1 / 777, 1 / 555])
    return [Region(one.outer - shift, tuple(hole - shift for hole in one.holes)) for one in regions]


def test_a_bow_is_two_triangles() -> None:
    assert geometry.is_simple(SQUARE)
    assert not geometry.is_simple(BOW)
    found = geometry.repair(BOW)
    assert [region.area for region in found] == [100, 100]
    assert all(geometry.is_simple(region.outer) for region in found)
    assert {tuple(point) for region in found for point in region.outer.tolist()} == {
        *map(tuple, BOW.tolist()),
        (20, 20),
    }


@pytest.mark.parametrize(
    "ring",
    [
        [(0, 0), (9, 9)],
        [(0, 0), (0, 0), (0, 0)],
        [(0, 0), (5, 5), (9, 9)],  # no area
        [(0, 0), (9, 0), (9, 9), (9, 0)],  # there and back
        [(0, 0), (9, 0), (9, 9), (4, 0), (0, 9)],  # touches its own edge
        [(0, 0), (9, 0), (5, 5), (9, 9), (0, 9), (5, 5)],  # touches its own corner
    ],
)
def test_what_touches_itself_is_not_simple(ring: list[tuple[float, float]]) -> None:
    assert not geometry.is_simple(np.array(ring, np.float64))


def test_a_ring_around_nothing_is_no_region() -> None:
    assert geometry.repair(np.array([(0, 0), (9, 9), (0, 0), (5, 5)], np.float64)) == []
    assert geometry.repair(np.empty((0, 2))) == []
    assert geometry.merge([]) == []


@given(rings)
@settings(max_examples=60, deadline=None)
def test_repair_keeps_the_area_and_crosses_itself_no_more(ring: NDArray[np.float64]) -> None:
    found = geometry.repair(ring)
    for region in found:
        assert all(geometry.is_simple(one) for one in region.rings)
        assert ring_area(region.outer) > 0
        assert all(ring_area(hole) < 0 for hole in region.holes)
    wanted = around(ring)
    assert np.array_equal(pixels(moved(found))[clear(ring)], wanted[clear(ring)])


@given(st.lists(lattice, min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_joining_is_what_any_covers(several: list[NDArray[np.int64]]) -> None:
    found = geometry.merge([one.astype(np.float64) for one in several])
    wanted = np.any([around(one.astype(np.float64)) for one in several], axis=0)
    apart = clear(*(one.astype(np.float64) for one in several))
    assert np.array_equal(pixels(moved(found))[apart], wanted[apart])
    assert geometry.area([one.astype(np.float64) for one in several]) == pytest.approx(sum(one.area for one in found))


@given(rings, rings)
@settings(max_examples=40, deadline=None)
def test_taking_away_and_iou_agree_with_areas(one: NDArray[np.float64], other: NDArray[np.float64]) -> None:
    whole, union = geometry.area([one]), geometry.area([one, other])
    left = sum(region.area for region in geometry.subtract(one, [other]))
    assert left == pytest.approx(union - geometry.area([other]), abs=0.5)
    if union:
        assert geometry.polygon_iou([one], [other]) == pytest.approx(
            (whole + geometry.area([other])) / union - 1, abs=0.05 + 1 / union
        )
    assert geometry.polygon_iou([one], [one]) == 1


@given(st.lists(st.tuples(st.floats(-60, 90), st.floats(-60, 90)), min_size=3, max_size=12).map(np.array))
@settings(max_examples=60, deadline=None)
def test_clipped_lies_in_the_picture(ring: NDArray[np.float64]) -> None:
    inside = geometry.clip(ring, SIDE, SIDE)
    for region in inside:
        assert region.outer.min() >= 0
        assert region.outer.max() <= SIDE
    assert sum(one.area for one in inside) <= geometry.area([ring]) + 0.6
    frame = np.array([(0, 0), (SIDE, 0), (SIDE, SIDE), (0, SIDE)], np.float64)
    outside = sum(one.area for one in geometry.subtract(ring, [frame]))
    assert sum(one.area for one in inside) + outside == pytest.approx(geometry.area([ring]), abs=0.6)


def test_clipping_leaves_what_is_inside_as_it_is() -> None:
    (same,) = geometry.clip(SQUARE + 0.123456789, 40, 40)
    assert np.array_equal(same.outer, SQUARE + 0.123456789)
    assert geometry.clip(SQUARE + 100, 40, 40) == []
    (part,) = geometry.clip(SQUARE, 20, 20)
    assert part.area == 100


@given(stars(), st.tuples(exact, exact), st.tuples(exact, exact))
@settings(max_examples=60, deadline=None)
def test_pieces_lie_on_their_side_and_make_the_whole(
    ring: NDArray[np.float64], start: tuple[float, float], end: tuple[float, float]
) -> None:
    if start == end:
        with pytest.raises(LabelError, match="two different points"):
            geometry.split(ring, start, end)
        return
    pieces = geometry.split(ring, start, end)
    assert sum(piece.area for piece in pieces) == pytest.approx(geometry.area([ring]), abs=0.3)
    along = np.subtract(end, start) / np.hypot(*np.subtract(end, start))
    for piece in pieces:
        off = (piece.outer - start) @ np.array([-along[1], along[0]])
        assert min(off.max(), -off.min()) <= 0.1  # a line through corners on the grid is off by as much as they are


def test_a_line_through_the_middle_makes_halves() -> None:
    pieces = geometry.split(SQUARE, (0, 20), (40, 20))
    assert [piece.area for piece in pieces] == [200, 200]
    fork = np.array([(0, 0), (30, 0), (30, 30), (20, 30), (20, 10), (10, 10), (10, 30), (0, 30)], np.float64)
    assert sorted(piece.area for piece in geometry.split(fork, (0, 20), (5, 20))) == [100, 100, 500]


def distance(ring: NDArray[np.float64], point: NDArray[np.float64]) -> float:
    """Of a point from the nearest edge."""
    edges = np.roll(ring, -1, axis=0) - ring
    along = np.sum((point - ring) * edges, axis=1) / np.maximum(np.sum(edges**2, axis=1), 1e-300)
    off = point - ring - np.clip(along, 0, 1)[:, None] * edges
    return float(np.hypot(*off.T).min())


@given(stars(12), st.floats(0.1, 6))
@settings(max_examples=60, deadline=None)
def test_simplified_stays_near_and_simple(ring: NDArray[np.float64], tolerance: float) -> None:
    few = geometry.simplify(ring, tolerance)
    assert geometry.is_simple(few) == geometry.is_simple(ring)
    assert {tuple(point) for point in few.tolist()} <= {tuple(point) for point in ring.tolist()}
    assert max(distance(few, point) for point in ring) <= tolerance + 1e-9


@given(stars(8), st.integers(3, 40))
@settings(max_examples=60, deadline=None)
def test_simplified_to_a_number(ring: NDArray[np.float64], corners: int) -> None:
    few = geometry.simplify_to(ring, corners)
    assert len(few) >= min(corners, len(ring))
    if len(few) > corners:  # fewer would have crossed
        assert geometry.is_simple(few) or not geometry.is_simple(ring)
    assert np.array_equal(geometry.simplify_to(ring, len(ring)), ring)


def test_a_square_with_dots_on_its_sides_is_four_corners() -> None:
    dotted = np.concatenate(
        [np.linspace(a, b, 20, endpoint=False) for a, b in zip(SQUARE, np.roll(SQUARE, -1, axis=0), strict=True)]
    )
    for few in (geometry.simplify(dotted, 0.01), geometry.simplify_to(dotted, 4)):
        assert {tuple(one) for one in few.tolist()} == {tuple(one) for one in SQUARE.tolist()}


def test_measures() -> None:
    half = np.zeros((4, 4), np.bool_)
    half[:2] = True
    assert geometry.mask_iou(half, half) == 1
    assert geometry.mask_iou(half, np.ones_like(half)) == 0.5
    assert geometry.mask_iou(np.zeros_like(half), np.zeros_like(half)) == 1
    assert geometry.box_iou((0, 0, 10, 10), (5, 0, 10, 10)) == pytest.approx(1 / 3)
    assert geometry.box_iou((0, 0, 10, 10), (20, 0, 1, 1)) == 0
    assert geometry.box_iou((0, 0, 0, 0), (0, 0, 0, 0)) == 0
    assert geometry.polygon_iou([SQUARE], [SQUARE + np.array([10, 0])]) == pytest.approx(1 / 3)
    assert geometry.polygon_iou([], []) == 1


@pytest.mark.parametrize("bad", [np.nan, np.inf, 2e6])
def test_corners_outside_of_any_picture_are_refused(bad: float) -> None:
    with pytest.raises(LabelError, match="far outside"):
        geometry.repair(np.array([(0, 0), (1, 1), (bad, 0)]))
