"""Squares and thumbnails, from real pictures and from those that make resizing go wrong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.images.decode import decode
from models.images.picture import CHECKER_DARK, CHECKER_LIGHT, Picture
from models.images.resize import thumbnail, to_square

SIDES = st.integers(1, 300)


def picture(pixels: NDArray[np.uint8]) -> Picture:
    height, width, channels = pixels.shape
    return Picture(pixels, width, height, "PNG", channels, 8)


@given(SIDES, SIDES, SIDES)
def test_a_square_has_the_side_asked_for(height: int, width: int, side: int) -> None:
    square = to_square(np.full((height, width, 3), 90, np.uint8), side)
    assert square.shape == (side, side, 3)
    assert square.dtype == np.uint8
    assert square.flags.c_contiguous
    assert (square == 90).all()


def test_pixels_of_the_right_size_are_not_touched(data: Path) -> None:
    pixels = decode((data / "parts" / "real" / "3001" / "3001_000.jpg").read_bytes(), "3001_000.jpg").pixels
    assert pixels.shape == (224, 224, 3)
    assert (to_square(pixels, 224) == pixels).all()


def test_the_whole_picture_is_in_the_square() -> None:
    wide = np.zeros((100, 400, 3), np.uint8)
    wide[:, :100] = (255, 0, 0)
    wide[:, 300:] = (0, 0, 255)
    square = to_square(wide, 200)
    assert square[100, 10].tolist() == [255, 0, 0]
    assert square[100, 190].tolist() == [0, 0, 255]


def test_a_long_strip_does_not_alias() -> None:
    # Shrinks to a tenth one way, grows the other: without averaging, stripes one pixel wide turn into noise.
    stripes = np.zeros((30, 2000, 3), np.uint8)
    stripes[:, ::2] = 255
    square = to_square(stripes, 200).astype(int)
    assert abs(square - 127).max() <= 1


@given(SIDES, SIDES, SIDES)
def test_a_thumbnail_fits_keeps_its_shape_and_is_never_enlarged(height: int, width: int, side: int) -> None:
    small = thumbnail(picture(np.full((height, width, 3), 90, np.uint8)), side)
    assert max(small.shape[:2]) == min(side, max(height, width))
    assert small.flags.c_contiguous
    assert small.shape[0] == pytest.approx(max(1.0, height * small.shape[1] / width), abs=1 + height / width)


def test_transparency_shows_a_crisp_checker() -> None:
    small = thumbnail(picture(np.zeros((512, 512, 4), np.uint8)), 64)
    assert set(np.unique(small)) == {CHECKER_DARK, CHECKER_LIGHT}
    assert small[0, 0, 0] != small[0, 8, 0]


def test_hidden_colours_do_not_bleed_into_the_edge_of_a_cut_out() -> None:
    rgba = np.zeros((400, 400, 4), np.uint8)
    rgba[..., 0] = 255  # red where nobody sees it
    rgba[:, 101:] = (0, 255, 0, 255)
    small = thumbnail(picture(rgba), 100)
    edge = small[:, 25].astype(int)
    assert (edge[:, 1] >= edge[:, 0]).all()
    assert small[50, 60].tolist() == [0, 255, 0]


def test_a_real_cut_out(data: Path) -> None:
    path = data / "textures" / "vegetation"
    cut_outs = [decode(file.read_bytes(), file.name) for file in sorted(path.iterdir())]
    shown = [thumbnail(one, 48) for one in cut_outs if one.has_alpha]
    assert shown
    assert all(one.shape[2] == 3 and max(one.shape) <= 48 for one in shown)
