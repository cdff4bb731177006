from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from skimage.color import deltaE_ciede2000, rgb2lab

from training.metrics.colour import delta_e_2000, to_lab

# of the table of Sharma, Wu and Dalal 2005: grey and opposite hues, hues around 0, large and small differences
PAIRS = [
    ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
    ((50, -1.3802, -84.2814), (50, 0, -82.7485), 1.0000),
    ((50, 0, 0), (50, -1, 2), 2.3669),
    ((50, 2.49, -0.001), (50, -2.49, 0.0009), 7.1792),
    ((50, 2.49, -0.001), (50, -2.49, 0.0011), 7.2195),
    ((50, 2.5, 0), (50, 0, -2.5), 4.3065),
    ((50, 2.5, 0), (73, 25, -18), 27.1492),
    ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082),
]


@pytest.mark.parametrize(("one", "other", "difference"), PAIRS)
def test_the_published_pairs(one: tuple[float, ...], other: tuple[float, ...], difference: float) -> None:
    ones, others = np.array(one, np.float64), np.array(other, np.float64)
    assert delta_e_2000(ones, others) == pytest.approx(difference, abs=5e-5)
    assert delta_e_2000(others, ones) == pytest.approx(difference, abs=5e-5)


@given(arrays(np.uint8, (2, 3, 4, 3)))
def test_as_scikit_image(pictures: np.ndarray) -> None:
    one, other = pictures / 255
    np.testing.assert_allclose(to_lab(one), rgb2lab(one), atol=1e-9)
    expected = deltaE_ciede2000(rgb2lab(one), rgb2lab(other))
    np.testing.assert_allclose(delta_e_2000(to_lab(one), to_lab(other)), expected, atol=1e-6)


@given(arrays(np.float64, (3, 3), elements=st.floats(0, 1)))
def test_equal_colours_do_not_differ(rgb: np.ndarray) -> None:
    assert (delta_e_2000(to_lab(rgb), to_lab(rgb)) == 0).all()
