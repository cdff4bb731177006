from __future__ import annotations

import pytest

from models.errors import DamagedImageError, ImageTooLargeError
from models.images.limits import MAX_BYTES, MAX_PIXELS, check_size, too_many_bytes


def test_the_limit_itself_is_allowed_and_one_row_more_is_not() -> None:
    check_size("a.png", "PNG", MAX_PIXELS // 10_000, 10_000)
    with pytest.raises(ImageTooLargeError, match=r"^a\.png is 20,000 x 10,001 pixels, more than is safe to open; make"):
        check_size("a.png", "PNG", MAX_PIXELS // 10_000, 10_001)


@pytest.mark.parametrize(("width", "height"), [(0, 5), (5, 0), (-1, 5)])
def test_a_side_of_nothing_is_damage(width: int, height: int) -> None:
    with pytest.raises(DamagedImageError):
        check_size("a.png", "PNG", width, height)


def test_the_sentence_states_the_limit_it_holds() -> None:
    assert f"{MAX_BYTES >> 30} GiB" in str(too_many_bytes("a.tif"))
