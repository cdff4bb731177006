from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.labelling.shape_acts import fault, formed, joined, mended, rings_of, simplified, split
from models.errors import LabelError
from training.datasets.values import Rle, Shape
from training.labelling.geometry import area, is_simple

SIZE = (200, 100)


def star(radii: list[float], x: float = 100, y: float = 50) -> Shape:
    """A simple outline about a point, with an attribute."""
    turns = [2 * math.pi * place / len(radii) for place in range(len(radii))]
    ring = [(round(x + r * math.cos(a), 2), round(y + r * math.sin(a), 2)) for r, a in zip(radii, turns, strict=True)]
    return formed(Shape("door", 0, 0, 0, 0, attributes={"id": 3}), [ring])


radii = st.lists(st.floats(5, 45), min_size=3, max_size=24)


@settings(max_examples=60, deadline=None)
@given(radii, st.floats(0, math.pi), st.floats(-20, 20))
def test_two_sides_of_a_line_are_the_whole(radii: list[float], turn: float, off: float) -> None:
    shape = star(radii)
    x, y = 100 - off * math.sin(turn), 50 + off * math.cos(turn)
    across = math.cos(turn) * 300, math.sin(turn) * 300
    parts = split(shape, (x - across[0], y - across[1]), (x + across[0], y + across[1]))
    assert sum(area(rings_of(one)) for one in parts) == pytest.approx(area(rings_of(shape)), abs=0.5)
    assert {one.category for one in parts} == {"door"}
    assert all(dict(one.attributes) == {"id": 3} for one in parts)


@settings(max_examples=60, deadline=None)
@given(radii, st.floats(-60, 260), st.floats(-60, 160))
def test_what_is_mended_lies_within_and_is_simple(radii: list[float], x: float, y: float) -> None:
    shape = star(radii, x, y)
    better = mended(shape, *SIZE)
    if better is None:
        assert fault(shape, *SIZE)
        return
    assert fault(better, *SIZE) == ""
    assert all(is_simple(ring) for ring in rings_of(better))
    assert dict(better.attributes) == {"id": 3}
    if fault(shape, *SIZE) == "":
        assert area(rings_of(better)) == pytest.approx(area(rings_of(shape)), abs=0.1)


@settings(max_examples=60, deadline=None)
@given(radii, st.integers(3, 24))
def test_fewer_points_are_points_of_it(radii: list[float], points: int) -> None:
    shape = star(radii)
    fewer = simplified(shape, points)
    before = {tuple(point) for point in rings_of(shape)[0].tolist()}
    after = [tuple(point) for point in rings_of(fewer)[0].round(2).tolist()]
    assert set(after) <= before
    assert 3 <= len(after) <= len(radii)


def test_boxes_are_cut_off_and_taken_away() -> None:
    box = Shape("door", -10, 90, 40, 30, rle=Rle((20000,), 100, 200))
    assert mended(box, *SIZE) == Shape("door", 0, 90, 30, 10)
    assert mended(Shape("door", 300, 0, 4, 4), *SIZE) is None
    assert "outside" in fault(Shape("door", 300, 0, 4, 4), *SIZE)
    assert "beyond" in fault(box, *SIZE)
    assert fault(Shape("door", 0, 0, 200, 100), *SIZE) == ""


def test_an_outline_that_crosses_itself_is_said() -> None:
    bow = formed(Shape("door", 0, 0, 0, 0), [[(10, 10), (60, 60), (60, 10), (10, 60)]])
    assert fault(bow, *SIZE) == "The outline of door crosses or touches itself; mend it, or move its points."
    better = mended(bow, *SIZE)
    assert len(better.polygons) == 2
    assert fault(better, *SIZE) == ""


def test_far_away_is_one_sentence_and_nothing_is_left_of_it() -> None:
    far = formed(Shape("door", 0, 0, 0, 0), [[(10, 10), (1e9, 10), (60, 60)]])
    assert fault(far, *SIZE).endswith(".")
    assert mended(far, *SIZE) is None


def test_parts_that_do_not_touch_stay_parts() -> None:
    one, other, third = (
        Shape(name, x, 10, 20, 20, attributes={"of": name}) for name, x in zip("abc", (10, 25, 90), strict=True)
    )
    whole = joined([one, other, third])
    assert len(whole.polygons) == 2
    assert (whole.category, dict(whole.attributes)) == ("a", {"of": "a"})
    assert (whole.left, whole.top, whole.width, whole.height) == (10, 10, 100, 20)
    assert area(rings_of(whole)) == pytest.approx(35 * 20 + 400)


def test_a_line_of_no_length_is_refused() -> None:
    with pytest.raises(LabelError):
        split(star([20, 20, 20]), (3, 3), (3, 3))


def test_a_plain_box_has_four_corners() -> None:
    assert np.array_equal(rings_of(Shape("a", 1, 2, 3, 4)), [[[1, 2], [4, 2], [4, 6], [1, 6]]])
