"""What operations do to pixels: each keeps to its range, and the fused colour pass equals its parts."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.errors import DatasetError
from training.augmentation.augmenter import Augmenter
from training.augmentation.backgrounds import FolderBackgrounds, PictureBackgrounds, PlainBackgrounds
from training.augmentation.camera import Blur, Jpeg, MotionBlur, Noise
from training.augmentation.colour import Brightness, Colouring, ColourJitter, Contrast, HueSaturationValue
from training.augmentation.config import AugmentationConfig
from training.augmentation.geometry import Rotate, Scale, Shift
from training.augmentation.occlusion import Background, CoarseDropout, RalColour
from training.augmentation.operations import SLOTS
from training.augmentation.presets import PRESETS, find_preset, preset_for
from training.augmentation.sample import Sample
from training.datasets.templates import TEMPLATES

SIDE = 64


def made(config: AugmentationConfig, image: NDArray[np.uint8], index: int = 0, *masks: NDArray[np.uint8]) -> Sample:
    return Augmenter(config, 5)(Sample(image, masks, backgrounds=(0,) * len(masks)), index).sample


def grey(level: int = 120) -> NDArray[np.uint8]:
    return np.full((SIDE, SIDE, 3), level, np.uint8)


def photograph() -> NDArray[np.uint8]:
    noise = np.random.default_rng(2).integers(0, 256, (SIDE, SIDE, 3), np.uint8)
    return cv2.GaussianBlur(noise, (0, 0), 2)


def test_brightness_keeps_to_its_range() -> None:
    config = AugmentationConfig(brightness=Brightness(1, (-20, 20)))
    levels = [int(made(config, grey(), index).image[0, 0, 0]) - 120 for index in range(200)]
    assert -51 <= min(levels) < -40
    assert 40 < max(levels) <= 51


def test_contrast_is_about_the_middle() -> None:
    config = AugmentationConfig(contrast=Contrast(1, (-20, 20)))
    black, white = ([int(made(config, grey(level), at).image[0, 0, 0]) for at in range(50)] for level in (27, 228))
    assert min(black) >= 7
    assert max(black) <= 48
    assert all(low + high in (254, 255, 256) for low, high in zip(black, white, strict=True))


def test_hue_turns_colours_and_leaves_greys() -> None:
    config = AugmentationConfig(hsv=HueSaturationValue(1, (60, 60), (0, 0), (0, 0)))
    assert np.abs(made(config, grey()).image.astype(int) - 120).max() <= 1
    orange = np.empty_like(grey())
    orange[:] = 150, 110, 90
    hue = [int(cv2.cvtColor(one, cv2.COLOR_RGB2HSV)[0, 0, 0]) * 2 for one in (orange, made(config, orange).image)]
    assert 45 <= hue[1] - hue[0] <= 75


def test_saturation_and_value_keep_to_their_ranges() -> None:
    colour = np.empty_like(grey())
    colour[:] = 150, 100, 60
    without = made(AugmentationConfig(hsv=HueSaturationValue(1, (0, 0), (-100, -100), (0, 0))), colour).image[0, 0]
    assert int(without.max()) - int(without.min()) <= 1
    darker = made(AugmentationConfig(hsv=HueSaturationValue(1, (0, 0), (0, 0), (-50, -50))), colour).image[0, 0]
    assert np.abs(darker - np.array([75, 50, 30])).max() <= 1


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.floats(0, 0.999), min_size=SLOTS, max_size=SLOTS), min_size=4, max_size=4))
def test_the_fused_colour_pass_equals_its_parts_in_turn(draws: list[list[float]]) -> None:
    parts: list[Colouring] = [
        Brightness(1, (-10, 10)),
        Contrast(1, (-20, 20)),
        HueSaturationValue(1, (-20, 20), (-8, 8), (-8, 8)),
        ColourJitter(1, (-10, 10), (-5, 5)),
    ]
    image = (photograph() // 3 + 85).astype(np.float64)  # nothing is cut off in between
    matrix, offset = np.eye(3), np.zeros(3)
    apart = image
    for one, draw in zip(parts, draws, strict=True):
        turned, moved = one.linear(draw)
        apart = apart @ turned.T + moved
        matrix, offset = turned @ matrix, turned @ offset + moved
    whole = np.hstack([matrix, offset[:, None]]).astype(np.float32)
    fused = cv2.transform(image.astype(np.uint8), whole)
    assert np.abs(fused - np.clip(apart, 0, 255)).max() <= 1.0


def test_noise_has_the_deviation_that_is_asked_for() -> None:
    for sigma in (2.0, 7.0, 25.0):
        noisy = made(AugmentationConfig(noise=Noise(1, (sigma, sigma))), np.full((256, 256, 3), 128, np.uint8)).image
        found = noisy.astype(float) - 128
        assert abs(found.std() - sigma) < 0.05 * sigma + 0.1
        assert abs(found.mean()) < 0.1 * sigma
        neighbours = np.corrcoef(found[:, :-1, 0].ravel(), found[:, 1:, 0].ravel())[0, 1]
        assert abs(neighbours) < 0.03


def test_noise_of_a_picture_larger_than_a_chunk_does_not_repeat() -> None:
    large = np.full((800, 1000, 3), 128, np.uint8)
    noisy = made(AugmentationConfig(noise=Noise(1, (10, 10))), large).image.reshape(-1)
    size = 1 << 20
    assert (noisy[:1000] != noisy[size : size + 1000]).any()
    assert abs(noisy.astype(float).std() - 10) < 0.5


@pytest.mark.parametrize("operation", [Blur(1, (1, 2)), MotionBlur(1, (5, 9))])
def test_blur_keeps_the_mean_and_takes_detail(operation: Blur | MotionBlur) -> None:
    image = photograph()
    blurred = made(AugmentationConfig().with_operation(operation), image).image
    assert abs(float(blurred.mean()) - float(image.mean())) < 1
    assert cv2.Laplacian(blurred, cv2.CV_64F).var() < 0.9 * cv2.Laplacian(image, cv2.CV_64F).var()


def test_motion_blur_moves_nothing() -> None:
    spot = np.zeros((41, 41, 3), np.uint8)
    spot[20, 20] = 255
    for index in range(20):
        smeared = made(AugmentationConfig(motion_blur=MotionBlur(1, (4, 9))), spot, index).image[..., 0].astype(float)
        rows, columns = np.mgrid[0:41, 0:41]
        middle = [(where * smeared).sum() / smeared.sum() for where in (rows, columns)]
        assert np.abs(np.array(middle) - 20).max() < 0.5


def test_jpeg_is_worse_the_lower_its_quality() -> None:
    image = photograph()
    off = [
        np.abs(made(AugmentationConfig(jpeg=Jpeg(1, (q, q))), image).image.astype(int) - image).mean()
        for q in (95, 60, 10)
    ]
    assert 0 < off[0] < off[1] < off[2]


def test_dropout_covers_as_many_and_as_large_as_asked_for() -> None:
    config = AugmentationConfig(dropout=CoarseDropout(1, (2, 2), (25, 25), (25, 25)))
    for index in range(20):
        covered = int((made(config, grey(255), index).image == 0).all(2).sum())
        assert 16 * 16 <= covered <= 2 * 16 * 16


@pytest.mark.parametrize("masked", [False, True])
def test_ral_paints_towards_a_tone_and_keeps_light_and_shadow(masked: bool) -> None:
    image = np.repeat(np.linspace(60, 180, SIDE).astype(np.uint8)[:, None], SIDE, 1)
    image = np.stack([image, image // 2 + 30, image // 3 + 20], 2)
    mask = np.zeros((SIDE, SIDE), np.uint8)
    mask[:, : SIDE // 2] = 2
    config = AugmentationConfig(ral=RalColour(1, (100, 100), (0, 0)))
    painted = made(config, image, 0, *((mask,) if masked else ())).image.astype(float)
    assert (painted[:, SIDE // 2 :] == image[:, SIDE // 2 :]).all() == masked
    assert np.abs(painted[:, 0] - image[:, 0]).max() > 8
    lightness = painted[:, 0] @ [0.2126, 0.7152, 0.0722]
    assert (np.diff(lightness) >= -1).all()
    before = image[:, 0].astype(float) @ [0.2126, 0.7152, 0.0722]
    assert abs(lightness.mean() - before.mean()) < 8


def thing() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    image, mask = grey(40), np.zeros((SIDE, SIDE), np.uint8)
    image[20:44, 20:44] = 250
    mask[20:44, 20:44] = 1
    return image, mask


def test_the_background_is_another_and_the_thing_stays() -> None:
    image, mask = thing()
    config = AugmentationConfig(background=Background(1, (0, 0)), rotate=Rotate(1, (-30, 30)))
    behind = PictureBackgrounds([np.full((30, 90, 3), 77, np.uint8)])
    for index in range(8):
        found = Augmenter(config, 5, behind)(Sample(image, (mask,), backgrounds=(0,)), index).sample
        assert set(np.unique(found.masks[0]).tolist()) == {0, 1}  # what came in from beyond the edge is background
        inside = cv2.erode(found.masks[0], np.ones((5, 5)), borderValue=0) > 0
        outside = cv2.dilate(found.masks[0], np.ones((5, 5))) == 0
        assert (found.image[inside] > 245).all()
        assert (np.abs(found.image[outside].astype(int) - 77) <= 1).all()


def test_without_a_mask_the_background_stays() -> None:
    image, _ = thing()
    found = Augmenter(AugmentationConfig(background=Background(1)), 5)(Sample(image), 0)
    assert (found.sample.image == image).all()
    assert found.done == ()


def test_backgrounds_come_from_a_folder(tmp_path: Path) -> None:
    (tmp_path / "wände").mkdir()
    _, data = cv2.imencode(".png", np.full((9, 3000, 3), (10, 20, 30), np.uint8))
    (tmp_path / "wände" / "a.png").write_bytes(data.tobytes())
    found = FolderBackgrounds(tmp_path).picture(20, 30, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
    assert found.shape == (30, 20, 3)
    assert found[0, 0].tolist() == [30, 20, 10]
    plain = PlainBackgrounds().picture(20, 30, [1, 0.5, 0, 0.5, 0.1, 0])
    assert plain.shape == (30, 20, 3)
    assert plain[0, 0].tolist() == [255, 128, 0]


def test_a_folder_of_no_backgrounds_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="holds no picture"):
        FolderBackgrounds(tmp_path)
    (tmp_path / "notes.png").write_text("no picture")
    with pytest.raises(DatasetError, match=r"notes\.png can't be read"):
        FolderBackgrounds(tmp_path).picture(4, 4, [0.0] * 6)
    with pytest.raises(DatasetError, match="at least one"):
        PictureBackgrounds([])


def test_the_documents_presets() -> None:
    furniture, parts = PRESETS["furniture"].config, PRESETS["parts"].config
    assert furniture.rotate == Rotate(1, (-15, 15))
    assert furniture.scale == Scale(1, (80, 120))
    assert furniture.brightness.percent == (-20, 20)
    assert furniture.colour_jitter.percent == (-10, 10)
    assert furniture.flip.probability == 0.5
    assert PRESETS["furniture-colour"].config.ral.probability > 0
    assert parts.shift == Shift(0.5, (-10, 10))
    assert parts.rotate90.probability == parts.flip.probability == 0.5
    assert parts.hsv.probability == parts.noise.probability == parts.dropout.probability == 0.3
    assert parts.blur.probability == 0.2


@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_every_template_has_a_preset(template: str) -> None:
    found = preset_for(template)
    if template.startswith("photometric"):
        assert found.name == "none"
    elif template in ("textures", "parts"):
        assert found.name == template
    elif template.startswith(("border", "corner", "surface", "edge")):
        assert found.name == "cards"
        assert found.config.flip.probability == 0


def test_an_unknown_preset_is_one_sentence() -> None:
    with pytest.raises(DatasetError, match="There is no preset wild"):
        find_preset("wild")
    assert preset_for("of nobody").name == "light"
