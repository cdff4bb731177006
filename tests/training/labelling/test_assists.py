from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.errors import LabelError
from training.labelling.edges import Window, refined
from training.labelling.geometry import is_simple, mask_iou
from training.labelling.grabcut import grabcut
from training.labelling.quad_finding import find_quad
from training.labelling.quads import snap
from training.labelling.rectifying import rectify
from training.labelling.scissors import Scissors
from training.labelling.superpixels import borders_of, superpixels


def read(path: Path) -> NDArray[np.uint8]:
    found = cv2.imread(str(path))
    assert found is not None, path
    return np.asarray(cv2.cvtColor(found, cv2.COLOR_BGR2RGB))


def scene(width: int = 300, height: int = 200) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """A red disc on a green ground, with noise."""
    y, x = np.mgrid[:height, :width]
    disc = (x + 0.5 - width / 2) ** 2 + (y + 0.5 - height / 2) ** 2 < (height / 3) ** 2
    pixels = np.where(disc[..., None], (190, 60, 50), (60, 140, 80)).astype(np.float64)
    pixels += np.random.default_rng(3).normal(0, 6, pixels.shape)
    return np.clip(pixels, 0, 255).astype(np.uint8), disc


# -- a rough box -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(300, 200), (60, 40), (1500, 1000)])
def test_a_rough_box_finds_the_thing(size: tuple[int, int]) -> None:
    pixels, disc = scene(*size)
    width, height = size
    box = (width * 0.2, height * 0.05, width * 0.6, height * 0.9)
    found = grabcut(pixels, box)
    assert found.dtype == np.bool_
    assert mask_iou(found, disc) > 0.95
    assert np.array_equal(grabcut(pixels, box), found)  # the same again


def test_strokes_and_other_things_are_obeyed() -> None:
    pixels, disc = scene()
    box = (60.0, 10.0, 180.0, 180.0)
    inside, outside, taken = (np.zeros(disc.shape, np.bool_) for _ in range(3))
    inside[10:14, 70:80] = True
    outside[95:105, 145:155] = True
    taken[:, :140] = True
    taken[inside] = False
    found = grabcut(pixels, box, inside=inside, outside=outside, taken=taken)
    assert found[inside].all()
    assert not found[outside].any()
    assert not found[taken].any()
    assert found[disc & ~taken & ~outside].mean() > 0.9
    beyond = np.zeros(disc.shape, np.bool_)
    beyond[100, 220:230] = True  # a stroke may reach out of the box
    assert grabcut(pixels, box, inside=beyond)[beyond].all()


@pytest.mark.parametrize("box", [(-10.0, -10.0, 400.0, 400.0), (299.5, 199.5, 5.0, 5.0), (10.0, 10.0, 0.2, 0.2)])
def test_boxes_over_the_edge_and_tiny_ones_are_answered(box: tuple[float, float, float, float]) -> None:
    pixels, _ = scene()
    left, top, width, height = box
    found = grabcut(pixels, box)
    rows, columns = np.nonzero(found)
    assert (columns + 1 > left).all()
    assert (columns < left + width).all()
    assert (rows + 1 > top).all()
    assert (rows < top + height).all()


def test_a_box_outside_is_refused_in_a_sentence() -> None:
    pixels, _ = scene()
    with pytest.raises(LabelError, match="outside of the picture"):
        grabcut(pixels, (500.0, 20.0, 30.0, 30.0))


def test_small_masks_follow_the_large_picture() -> None:
    pixels, disc = scene(1200, 800)
    small = cv2.resize(pixels, (150, 100), interpolation=cv2.INTER_AREA)
    coarse = cv2.resize(disc.view(np.uint8), (150, 100), interpolation=cv2.INTER_NEAREST) > 0
    blocks = cv2.resize(coarse.view(np.uint8), (1200, 800), interpolation=cv2.INTER_NEAREST) > 0
    found = refined(pixels, small, coarse)
    assert mask_iou(found, disc) > mask_iou(blocks, disc)
    assert mask_iou(found, disc) > 0.99
    assert np.array_equal(refined(small, small, coarse), coarse)
    assert not refined(pixels, small, np.zeros_like(coarse)).any()


@given(st.tuples(*[st.floats(-50, 150)] * 2, *[st.floats(0, 150)] * 2), st.floats(0, 30))
def test_windows_lie_in_the_picture(box: tuple[float, float, float, float], margin: float) -> None:
    window = Window.around(box, margin, 100, 60)
    assert 0 <= window.left <= window.right <= 100
    assert 0 <= window.top <= window.bottom <= 60
    assert np.zeros((60, 100))[window.slices].shape == window.size[::-1]


# -- superpixels -------------------------------------------------------------------------------------------------------


def test_patches_are_connected_and_keep_to_edges(data: Path) -> None:
    pixels = read(data / "furniture" / "images" / "s003_src.png")
    truth = cv2.imread(str(data / "furniture" / "masks" / "s003.png"), cv2.IMREAD_UNCHANGED)
    patches = superpixels(pixels, 400)
    assert patches.labels.shape == (256, 256)
    assert 250 < patches.count < 500
    assert np.array_equal(np.unique(patches.labels), np.arange(patches.count))
    for patch in range(patches.count):
        pieces, _ = cv2.connectedComponents((patches.labels == patch).view(np.uint8), connectivity=4)
        assert pieces == 2, patch
    # each patch given to the part it lies in most: how much of the truth that can say at all
    counts = np.zeros((patches.count, 6), np.int64)
    np.add.at(counts, (patches.labels, truth), 1)
    assert counts.max(axis=1).sum() / truth.size > 0.94
    squares = (np.mgrid[:256, :256] // 13)[0] * 20 + (np.mgrid[:256, :256] // 13)[1]
    plain = np.zeros((400, 6), np.int64)
    np.add.at(plain, (squares, truth), 1)
    assert counts.max(axis=1).sum() > plain.max(axis=1).sum()


def test_a_patch_of_a_large_picture_has_full_size_edges() -> None:
    pixels, disc = scene(2400, 1600)
    patches = superpixels(pixels, 60)
    painted = np.zeros(disc.shape, np.int32)
    for patch in range(patches.count):
        window, mask = patches.mask(patch)
        assert mask.shape == window.size[::-1]
        painted[window.slices] += mask
        if disc[window.slices][mask].mean() > 0.5:
            disc_found = painted[window.slices]
            assert disc_found.max() <= 3
    assert np.count_nonzero(painted == 1) / painted.size > 0.98
    assert patches.at(1200, 800) is not None
    assert patches.at(-1, 5) is None
    assert patches.at(2400, 5) is None
    assert 0 < borders_of(patches.labels).mean() < 0.2


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (3, 2), (40, 1)])
def test_tiny_pictures_have_patches_too(size: tuple[int, int]) -> None:
    patches = superpixels(np.zeros((*size, 3), np.uint8), 4)
    assert patches.labels.shape == size
    assert patches.at(0, 0) == 0


# -- scissors ----------------------------------------------------------------------------------------------------------


def test_the_path_keeps_to_the_edge() -> None:
    pixels, _ = scene(600, 400)
    scissors = Scissors(pixels)
    right, top, left = (300 + 400 / 3, 200.0), (300.0, 200 - 400 / 3), (300 - 400 / 3, 200.0)
    for start, end in ((right, top), (top, left)):
        path = scissors.path(start, end)
        assert path[0] == start
        assert path[-1] == end
        assert max(abs(np.hypot(x - 300, y - 200) - 400 / 3) for x, y in path) < 3
        assert len(path) > 8
    whole = scissors.outline([right, top, left, (300.0, 200 + 400 / 3)])
    assert is_simple(np.array(whole))


@pytest.mark.parametrize("reduction", [1, 4])
def test_far_and_outside_is_reached_straight(reduction: int) -> None:
    pixels, _ = scene(1500, 1000)
    scissors = Scissors(pixels, reduction)
    for end in ((1499.9, 999.9), (-40.0, 5000.0), (700.0, 500.0)):
        path = scissors.path((20.0, 30.0), end)
        assert path[0] == (20.0, 30.0)
        assert path[-1] == end
        assert all(0 <= x <= 1500 and 0 <= y <= 1000 for x, y in path[:-1])
    assert scissors.path((-5.0, 0.0), (9.0, 9.0)) == [(-5.0, 0.0), (9.0, 9.0)]


# -- quads -------------------------------------------------------------------------------------------------------------


def test_a_card_is_snapped_to_a_fraction_of_a_pixel(data: Path) -> None:
    before, after = [], []
    rng = np.random.default_rng(5)
    for name in ("c000", "c007", "c014", "c042"):
        pixels = read(data / "cards" / "images" / f"{name}.jpg")
        truth = np.array(json.loads((data / "cards" / "truth" / f"{name}.json").read_text())["outer_quad"])
        clicked = truth + rng.normal(0, 2.5, (4, 2))
        snapped = snap(pixels, clicked, size=(63, 88))
        before.append(np.hypot(*(clicked - truth).T).mean())
        after.append(np.hypot(*(snapped.corners - truth).T).mean())
        assert min(snapped.confidence) > 0.35
    assert np.mean(before) > 2
    assert np.mean(after) < 0.5


def test_a_card_is_found(data: Path) -> None:
    pixels = read(data / "cards" / "images" / "c000.jpg")
    truth = np.array(json.loads((data / "cards" / "truth" / "c000.json").read_text())["outer_quad"])
    found = find_quad(pixels, 63 / 88)
    assert found is not None
    assert np.hypot(*(found - truth).T).max() < 8
    assert find_quad(np.full((200, 300, 3), 90, np.uint8)) is None


def test_without_edges_corners_stay() -> None:
    plain = np.full((200, 300, 3), 120, np.uint8)
    corners = np.array([(50, 40), (250, 45), (240, 160), (55, 150)], np.float64)
    snapped = snap(plain, corners)
    assert snapped.confidence == (0, 0, 0, 0)
    assert np.abs(snapped.corners - corners).max() < 1e-3


@given(st.lists(st.floats(-12, 12), min_size=8, max_size=8))
@settings(max_examples=40, deadline=None)
def test_the_flat_view_maps_there_and_back(moves: list[float]) -> None:
    corners = np.array([(50, 40), (250, 45), (240, 160), (55, 150)], np.float64) + np.array(moves).reshape(4, 2)
    view = rectify(np.zeros((200, 300, 3), np.uint8), corners, (63, 88))
    flat = view.to_view(corners)
    assert np.abs(view.to_picture(flat) - corners).max() < 1e-3
    (left, top), (right, bottom) = flat[0], flat[2]
    assert (right - left) / (bottom - top) == pytest.approx(63 / 88, rel=0.02)
    assert np.abs(flat - [(left, top), (right, top), (right, bottom), (left, bottom)]).max() < 1e-3
    assert view.pixels.shape[1] >= right
    assert view.pixels.shape[0] >= bottom


@pytest.mark.parametrize(
    "corners",
    [
        [(0, 0), (9, 9), (9, 0), (0, 9)],
        [(0, 0), (9, 0), (2, 2), (0, 9)],
        [(0, 9), (9, 9), (9, 0), (0, 0)],
        [(0, 0), (0, 0), (9, 9), (0, 9)],
        [(0, 0), (9, 0), (9, 9)],
    ],
)
def test_corners_that_span_nothing_are_refused(corners: list[tuple[float, float]]) -> None:
    with pytest.raises(LabelError, match="four corners"):
        snap(np.zeros((20, 20, 3), np.uint8), np.array(corners, np.float64))
