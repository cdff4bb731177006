from __future__ import annotations

import numpy as np
import pytest

from desktop.labelling.difference import changed_share, difference, heat


@pytest.mark.parametrize("shape", [(40, 60, 3), (1, 1, 3), (2500, 1300, 3), (3000, 2, 3)])
def test_the_largest_difference_of_each_small_area_is_kept(shape: tuple[int, int, int]) -> None:
    one = np.full(shape, 100, np.uint8)
    other = one.copy()
    other[0, 0, 1] = 40
    apart = difference(one, other)
    assert max(apart.shape) <= max(1024, 3000 if min(shape[:2]) < 3 else 0)
    assert apart.dtype == np.uint8
    assert apart[0, 0] == 60
    assert (apart > 0).sum() == 1
    assert (difference(one, one) == 0).all()


def test_the_map_shows_only_what_differs_more() -> None:
    apart = np.array([[0, 16, 17, 255]], np.uint8)
    image = heat(apart, 16)
    assert [image.pixelColor(x, 0).alpha() > 0 for x in range(4)] == [False, False, True, True]
    assert changed_share(apart, 16) == 0.5
