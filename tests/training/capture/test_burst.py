"""The sharp frame of a burst is found whatever light, noise and ground do to the numbers."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from models.images.decode import decode
from training.capture.burst import SOFT, Chosen, choose
from training.capture.sharpness import object_mask, sharpness


def parts(data: Path, count: int) -> list[np.ndarray]:
    """The source without a camera's own blur."""
    found = sorted((data / "parts" / "legacy").glob("*/*.png"))
    return [decode(path.read_bytes(), path.name).pixels[..., :3] for path in found[:: len(found) // count][:count]]


def taken(picture: np.ndarray, sigma: float, gain: float, rng: np.random.Generator, noise: float = 3.0) -> np.ndarray:
    """What a camera makes of it: out of focus, darker or lighter, noisy."""
    seen = cv2.GaussianBlur(picture, (0, 0), sigma) if sigma else picture
    return np.clip(seen * gain + rng.normal(0, noise, picture.shape), 0, 255).astype(np.uint8)


def test_the_sharpest_frame_is_kept_of_bursts_in_changing_light(data: Path) -> None:
    rng = np.random.default_rng(7)
    right = plain = 0
    pictures = parts(data, 60)
    for picture in pictures:
        sigmas = rng.permutation([0.6, 1.2, 1.8, 2.4, 3.0])
        # the sharp one is the darkest: plain energy of the Laplacian prefers what is light and noisy
        gains = np.where(sigmas == 0.6, 0.55, rng.uniform(0.8, 1.0, 5))
        noises = np.where(sigmas == 0.6, 2.0, 6.0)
        burst = [taken(picture, *shot, rng, noise) for *shot, noise in zip(sigmas, gains, noises, strict=True)]
        right += sigmas[choose(burst).kept[0]] == 0.6
        energies = [cv2.Laplacian(cv2.cvtColor(one, cv2.COLOR_RGB2GRAY), cv2.CV_32F).var() for one in burst]
        plain += sigmas[int(np.argmax(energies))] == 0.6
    assert right >= 0.9 * len(pictures)
    assert plain < right


@pytest.mark.parametrize("gain", [0.4, 0.7, 1.0])
def test_contrast_does_not_count(data: Path, gain: float) -> None:
    picture = parts(data, 1)[0]
    whole = sharpness(picture)
    assert sharpness((picture * gain).astype(np.uint8)) == pytest.approx(whole, rel=0.1)


def test_the_ground_does_not_count() -> None:
    rng = np.random.default_rng(1)
    texture = rng.integers(0, 255, (60, 60, 3), np.uint8)
    mask = np.zeros((200, 200), bool)
    mask[70:130, 70:130] = True
    plain = np.full((200, 200, 3), 90, np.uint8)
    striped = plain.copy()
    striped[::2, :40] = 160
    for ground in (plain, striped):
        ground[70:130, 70:130] = cv2.GaussianBlur(texture, (0, 0), 2)
    assert sharpness(striped, mask) == pytest.approx(sharpness(plain, mask), rel=0.05)


def test_the_thing_is_told_from_a_ground_with_a_light_from_one_side() -> None:
    rows, columns = np.mgrid[0:160, 0:240]
    ground = (120 + 60 * columns / 240 + rows / 8)[..., None].repeat(3, axis=2)
    picture = np.clip(ground + np.random.default_rng(2).normal(0, 3, ground.shape), 0, 255).astype(np.uint8)
    cv2.circle(picture, (150, 70), 30, (180, 30, 40), -1)
    disc = np.zeros((160, 240), np.uint8)
    cv2.circle(disc, (150, 70), 30, 1, -1)
    found = object_mask(picture)
    both = (found & (disc == 1)).sum() / (found | (disc == 1)).sum()
    assert both > 0.9


def test_where_there_is_no_thing_the_whole_frame_is_meant() -> None:
    assert object_mask(np.full((40, 60, 3), 128, np.uint8)).all()
    assert sharpness(np.full((40, 60, 3), 128, np.uint8)) == 0.0


def test_blurred_frames_are_not_kept_to_make_up_the_number(data: Path) -> None:
    rng = np.random.default_rng(3)
    picture = parts(data, 1)[0]
    burst = [taken(picture, sigma, 1.0, rng, 1.0) for sigma in (4, 0, 4, 0.3)]
    chosen = choose(burst, keep=4)
    assert set(chosen.kept) == {1, 3}
    assert chosen.kept[0] == 1
    assert chosen.relative[1] == 1.0
    assert chosen.words == "Kept the 2 sharpest of 4; 2 were blurred"


def test_a_burst_of_nothing_keeps_its_first_frame() -> None:
    flat = [np.full((20, 20, 3), level, np.uint8) for level in (10, 20)]
    assert choose(flat) == Chosen((0,), (0.0, 0.0))
    assert 0 < SOFT < 1
    with pytest.raises(ValueError, match="burst of 0 frames"):
        choose([])


def test_a_mask_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="mask is"):
        sharpness(np.zeros((20, 20, 3), np.uint8), np.ones((10, 10), bool))
