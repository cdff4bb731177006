"""Image, mask, box and outline go to the same place: to half a pixel, whatever is drawn."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from training.augmentation.augmenter import Augmenter
from training.augmentation.config import AugmentationConfig
from training.augmentation.geometry import Flip, FlipVertical, Perspective, Rotate, Rotate90, Scale, Shift
from training.augmentation.outlines import warp_points
from training.augmentation.sample import UNKNOWN, Augmented, Sample
from training.augmentation.warping import GREY

HALF = 0.5

configs = st.builds(
    lambda turned, size, moved, tilted, often: AugmentationConfig(
        rotate=Rotate(often[0], (-turned, turned)),
        scale=Scale(often[1], (100 - size, 100 + size)),
        shift=Shift(often[2], (-moved, moved)),
        flip=Flip(often[3]),
        flip_vertical=FlipVertical(often[4]),
        rotate90=Rotate90(often[5]),
        perspective=Perspective(often[6], (0, tilted)),
        border="constant",
    ),
    st.floats(0, 180),
    st.floats(0, 40),
    st.floats(0, 25),
    st.floats(0, 20),
    st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=7, max_size=7),
)


@st.composite
def samples(draw: st.DrawFn) -> Sample:
    """A white rectangle on grey, with a mask, a box with an outline, the same box without, and its corners."""
    width, height = draw(st.integers(24, 72)), draw(st.integers(24, 72))
    left, top = draw(st.integers(0, width - 8)), draw(st.integers(0, height - 8))
    right, bottom = draw(st.integers(left + 6, width)), draw(st.integers(top + 6, height))
    image = np.full((height, width, 3), GREY, np.uint8)
    image[top:bottom, left:right] = 255
    mask = np.zeros((height, width), np.uint8)
    mask[top:bottom, left:right] = 1
    box = np.array([[left, top, right, bottom]], np.float64)
    corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float64)
    return Sample(image, (mask,), np.repeat(box, 2, 0), (corners,), np.array([0]), corners)


def depths(polygon: NDArray[np.float64], shape: tuple[int, ...]) -> NDArray[np.float64]:
    """How far inside of ``polygon`` each pixel's centre lies, pixels; below 0 outside."""
    outline = polygon.astype(np.float32)[:, None]
    rows, columns = shape[:2]
    found = [cv2.pointPolygonTest(outline, (x + 0.5, y + 0.5), True) for y in range(rows) for x in range(columns)]
    return np.array(found).reshape(rows, columns)


@settings(max_examples=120, deadline=None)
@given(samples(), configs, st.integers(0, 2**32), st.integers(0, 10_000))
def test_image_mask_box_and_outline_agree(sample: Sample, config: AugmentationConfig, seed: int, index: int) -> None:
    made = Augmenter(config, seed)(sample, index)
    now = made.sample
    white = now.image[..., 0] > (255 + GREY[0]) / 2
    if not len(now.polygons):
        assert len(now.boxes) == 0
        return
    (outline,) = now.polygons
    inside = depths(outline, now.image.shape)
    known = now.masks[0] != UNKNOWN
    border = edge_of(inside.shape)  # where the picture ends an outline is clipped, and a pixel is still whole
    for seen in (white, now.masks[0] == 1):
        assert seen[inside > HALF].all()
        assert not (seen & known)[(inside < -HALF) & ~border].any()
    for box in now.boxes:
        np.testing.assert_allclose(box, [*outline.min(0), *outline.max(0)], atol=1e-6)


def edge_of(shape: tuple[int, ...]) -> NDArray[np.bool_]:
    ring = np.ones(shape, bool)
    ring[1:-1, 1:-1] = False
    return ring


@settings(max_examples=60, deadline=None)
@given(samples(), configs, st.integers(0, 2**32))
def test_the_middle_of_a_thing_is_where_the_matrix_says(sample: Sample, config: AugmentationConfig, seed: int) -> None:
    made = Augmenter(config, seed)(sample, 0)
    now = made.sample
    width, height = now.size
    within = ((now.points > 1) & (now.points < np.array([width, height]) - 1)).all()
    weight = now.image[..., 0].astype(float) - GREY[0]
    if not within or weight.sum() < 128 * 20:
        return
    rows, columns = np.mgrid[0:height, 0:width] + 0.5
    seen = np.array([(columns * weight).sum(), (rows * weight).sum()]) / weight.sum()
    assert np.abs(seen - centroid(now.polygons[0])).max() < HALF
    marked = np.argwhere(now.masks[0] == 1)[:, ::-1] + 0.5
    assert np.abs(marked.mean(0) - centroid(now.polygons[0])).max() < HALF


def centroid(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of a polygon's area."""
    x, y = points.T
    across, down = np.roll(x, -1), np.roll(y, -1)
    cross = x * down - across * y
    return np.array([((x + across) * cross).sum(), ((y + down) * cross).sum()]) / (3 * cross.sum())


@pytest.mark.parametrize(
    "config",
    [
        AugmentationConfig(flip=Flip(1)),
        AugmentationConfig(flip_vertical=FlipVertical(1)),
        AugmentationConfig(rotate90=Rotate90(1, (1, 1))),
        AugmentationConfig(flip=Flip(1), flip_vertical=FlipVertical(1), rotate90=Rotate90(1, (3, 3))),
    ],
)
def test_flips_and_quarters_are_exact(config: AugmentationConfig) -> None:
    image = np.random.default_rng(1).integers(0, 256, (17, 31, 3), np.uint8)
    mask = image[..., 0] % 5
    points = np.array([[3.5, 4.5]])
    made = Augmenter(config, 1)(Sample(image, (mask,), points=points), 0)
    x, y = (int(one) for one in made.sample.points[0])
    assert (made.sample.image[y, x] == image[4, 3]).all()
    assert made.sample.masks[0][y, x] == mask[4, 3]
    assert sorted(made.sample.image.reshape(-1).tolist()) == sorted(image.reshape(-1).tolist())
    if config.rotate90.probability:
        assert made.sample.size == (17, 31)


def test_a_whole_turn_of_the_warp_is_the_picture_itself() -> None:
    image = np.random.default_rng(1).integers(0, 256, (40, 40, 3), np.uint8)
    made = Augmenter(AugmentationConfig(rotate=Rotate(1, (90, 90))), 1)(Sample(image), 0)
    assert np.abs(made.sample.image.astype(int) - np.rot90(image, -1)).max() <= 1


def shifted(percent: float, *, min_visible: float, boxes: NDArray[np.float64]) -> Augmented:
    """Moved to the right only in effect: every box is as high as the picture is."""
    image = np.full((100, 100, 3), 9, np.uint8)
    config = AugmentationConfig(shift=Shift(1, (percent, percent)), min_visible=min_visible)
    return Augmenter(config, 1)(Sample(image, boxes=boxes), 0)


def test_a_thing_that_has_left_is_dropped_and_one_that_is_cut_is_clipped() -> None:
    boxes = np.array([[60.0, 0, 90, 30], [0, 0, 20, 20], [80, 80, 100, 100]])
    made = shifted(30, min_visible=0.2, boxes=boxes)
    assert made.boxes_of.tolist() == [0, 1]
    np.testing.assert_allclose(made.sample.boxes, [[90, 30, 100, 60], [30, 30, 50, 50]], atol=1e-9)
    assert shifted(30, min_visible=0.5, boxes=boxes).boxes_of.tolist() == [1]


def test_an_outline_goes_with_its_box() -> None:
    image = np.full((100, 100, 3), 9, np.uint8)
    square = np.array([[80.0, 80], [98, 80], [98, 98], [80, 98]])
    boxes = np.array([[10.0, 10, 20, 20], [80, 80, 98, 98]])
    sample = Sample(image, boxes=boxes, polygons=(square, square - 60), owners=np.array([1, -1]))
    made = Augmenter(AugmentationConfig(shift=Shift(1, (50, 50))), 1)(sample, 0)
    assert made.boxes_of.tolist() == [0]
    assert made.polygons_of.tolist() == [1]
    assert made.sample.owners.tolist() == [-1]


def test_a_box_beyond_the_picture_is_clipped_before_a_perspective() -> None:
    image = np.full((50, 50, 3), 9, np.uint8)
    boxes = np.array([[-5000.0, 10, 20, 40]])
    made = Augmenter(AugmentationConfig(perspective=Perspective(1, (20, 20))), 3)(Sample(image, boxes=boxes), 0)
    assert (made.sample.boxes >= 0).all()
    assert (made.sample.boxes <= 50).all()
    assert made.boxes_of.tolist() == [0]


def drawn_matrices(config: AugmentationConfig) -> NDArray[np.float64]:
    augment, sample = Augmenter(config, 5), Sample(np.full((50, 100, 3), 9, np.uint8))
    return np.array([augment(sample, index).matrix for index in range(400)])


def test_rotation_scale_and_shift_keep_to_their_ranges() -> None:
    turned = drawn_matrices(AugmentationConfig(rotate=Rotate(1, (-15, 10))))
    angles = np.degrees(np.arctan2(turned[:, 1, 0], turned[:, 0, 0]))
    assert -15 <= angles.min() < -14
    assert 9 < angles.max() <= 10
    sizes = drawn_matrices(AugmentationConfig(scale=Scale(1, (80, 120))))[:, 0, 0]
    assert 0.8 <= sizes.min() < 0.81
    assert 1.19 < sizes.max() <= 1.2
    moved = drawn_matrices(AugmentationConfig(shift=Shift(1, (-10, 10))))
    assert np.abs(moved[:, 0, 2]).max() <= 10
    assert 4.9 < np.abs(moved[:, 1, 2]).max() <= 5


def test_a_perspective_moves_corners_by_its_strength_at_most() -> None:
    corners = np.array([[0.0, 0], [100, 0], [100, 50], [0, 50]])
    matrices = drawn_matrices(AugmentationConfig(perspective=Perspective(1, (4, 8))))
    moved = np.array([warp_points(corners, one) - corners for one in matrices])
    assert 3.5 < np.abs(moved).max() <= 8 * 0.5 + 1e-3


def test_quarters_keep_to_their_range() -> None:
    matrices = drawn_matrices(AugmentationConfig(rotate90=Rotate90(1, (1, 2))))
    assert {tuple(one[:2, :2].ravel()) for one in matrices.astype(int)} == {(0, -1, 1, 0), (-1, 0, 0, -1)}
