from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from skimage.color import deltaE_ciede2000, rgb2lab
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from training.metrics import Asked
from training.metrics.image import PSNR_MOST, angular_error, psnr, ssim, summary

PICTURES = st.tuples(st.integers(11, 16), st.integers(11, 16), st.sampled_from([1, 3])).flatmap(
    lambda shape: arrays(np.uint8, (2, *shape))
)


@given(PICTURES)
def test_as_scikit_image(pictures: np.ndarray) -> None:
    one, other = pictures / 255
    expected = structural_similarity(
        one, other, data_range=1, channel_axis=2, gaussian_weights=True, sigma=1.5, use_sample_covariance=False
    )
    assert ssim(one, other) == pytest.approx(expected, abs=1e-9)
    if (one != other).any():
        assert psnr(one, other) == pytest.approx(peak_signal_noise_ratio(other, one, data_range=1))


def test_means_over_pictures_of_several_sizes() -> None:
    rng = np.random.default_rng(0)
    made = [rng.integers(0, 256, (12 + 8 * i, 14, 3), np.uint8) for i in range(3)]
    wanted = [rng.integers(0, 256, one.shape, np.uint8) for one in made]
    figures = summary(Asked(), made, wanted)
    differences = [deltaE_ciede2000(rgb2lab(a), rgb2lab(b)).mean() for a, b in zip(made, wanted, strict=True)]
    assert figures["delta_e_2000"] == pytest.approx(np.mean(differences))
    assert figures["psnr"] == pytest.approx(
        np.mean([psnr(a / 255, b / 255) for a, b in zip(made, wanted, strict=True)])
    )
    assert figures["angular_error"] is None


def test_equal_pictures_and_pictures_of_no_size() -> None:
    small = np.zeros((1, 8, 8, 1), np.uint8)
    figures = summary(Asked(), small, small)
    assert figures == {"ssim": None, "psnr": PSNR_MOST, "mae": 0, "delta_e_2000": None, "angular_error": None}


@given(st.floats(0, 180), st.floats(0.2, 5))
def test_angles_do_not_depend_on_lengths(degrees: float, length: float) -> None:
    turned = np.array([np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees)), 0]) * length
    assert angular_error(turned[None], np.array([[1.0, 0, 0]])) == pytest.approx(degrees, abs=1e-6)


def test_normals_as_pictures_and_a_background_without() -> None:
    wanted = np.full((1, 12, 12, 3), 0.5)
    wanted[0, :6] = (0.5, 0.5, 1)  # towards the camera
    made = np.full((1, 12, 12, 3), 0.5)
    made[0, :, :] = (1, 0.5, 1)  # half way to the right
    figures = summary(Asked(role="normals"), made, wanted)
    assert figures["angular_error"] == pytest.approx(45)
    assert figures["delta_e_2000"] is None
    assert angular_error(np.zeros((2, 3)), np.array([[0.0, 0, 1], [0, 0, 0]])) == 90
    assert angular_error(np.ones((2, 3)), np.zeros((2, 3))) is None


@pytest.mark.parametrize("made", [np.zeros((1, 12, 12, 4)), np.zeros((1, 12, 13, 3)), np.full((1, 12, 12, 3), np.inf)])
def test_pictures_that_can_not_be(made: np.ndarray) -> None:
    with pytest.raises(ValueError, match="picture"):
        summary(Asked(), made, np.zeros((1, 12, 12, 3)))
