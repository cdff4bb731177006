from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from models.images.arrays import as_rgb


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (np.full((2, 3), 9, np.uint8), (9, 9, 9)),
        (np.full((2, 3, 1), 9, np.uint8), (9, 9, 9)),
        (np.full((2, 3, 3), (1, 2, 3), np.uint8), (1, 2, 3)),
        (np.full((2, 3, 4), (1, 2, 3, 255), np.uint8), (1, 2, 3)),
        (np.full((2, 3, 4), (1, 2, 3, 0), np.uint8), (127, 127, 127)),
        (np.full((2, 3, 2), (0, 0), np.uint8), (127, 127, 127)),
        (np.full((2, 3, 3), (0.0, 0.5, 1.0)), (0, 128, 255)),
        (np.full((2, 3), 0x8000, np.uint16), (128, 128, 128)),
        (np.full((2, 3), True), (255, 255, 255)),
    ],
)
def test_every_form_becomes_rgb(image: np.ndarray, expected: tuple[int, int, int]) -> None:
    rgb = as_rgb(image)
    assert (rgb.dtype, rgb.shape, rgb.flags.c_contiguous) == (np.uint8, (2, 3, 3), True)
    assert (rgb == expected).all()


def test_what_pillow_makes_of_a_picture_is_taken() -> None:
    for mode in ("L", "LA", "RGB", "RGBA", "1", "I;16"):
        assert as_rgb(np.array(Image.new(mode, (5, 4)))).shape == (4, 5, 3)


@pytest.mark.parametrize(
    ("image", "said"),
    [
        (np.zeros(5, np.uint8), r"not \(5,\)"),
        (np.zeros((1, 3, 224, 224), np.uint8), "an array"),
        (np.zeros((0, 4, 3), np.uint8), "an array"),
        (np.zeros((4, 4, 5), np.uint8), "an array"),
        (np.zeros((4, 4), np.int64), "not int64"),
        (np.full((4, 4), 200.0), "divide them by 255"),
        (np.full((4, 4), np.nan), "floats of a picture"),
    ],
)
def test_what_is_no_picture_is_refused(image: np.ndarray, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        as_rgb(image)
