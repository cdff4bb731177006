from __future__ import annotations

import numpy as np

from models.heads.painting import PALETTE, colour, draw_areas, draw_box, hex_colour


def test_no_two_colours_are_the_same_and_they_begin_again() -> None:
    assert len({tuple(one) for one in PALETTE.tolist()}) == len(PALETTE)
    assert colour(0) == (230, 159, 0)
    assert hex_colour(2) == "#009E73"
    assert colour(len(PALETTE) + 3) == colour(3)


def test_areas_of_every_index_have_the_colour_of_the_legend() -> None:
    classes = np.arange(256, dtype=np.uint8).reshape(16, 16)
    painted = draw_areas(np.zeros((16, 16, 3), np.uint8), classes)
    assert painted.reshape(-1, 3).tolist() == [list(colour(index)) for index in range(256)]  # all of them contour


def test_a_name_stays_within_the_picture() -> None:
    for box in ((0.9, 0.9, 1.0, 1.0), (0.0, 0.0, 0.1, 0.1), (0.5, 0.5, 0.5, 0.5)):
        canvas = np.zeros((120, 160, 3), np.uint8)
        draw_box(canvas, box, "a name 87 %", (255, 255, 255))
        plain = np.zeros_like(canvas)
        draw_box(plain, box, "", (255, 255, 255))
        letters = (canvas != plain).any(-1)
        assert letters.sum() > 200  # the whole plate, wherever the box is


def test_letters_are_black_on_light_and_white_on_dark() -> None:
    for ground, ink in (((240, 228, 66), 0), ((0, 40, 80), 255)):
        canvas = np.full((200, 400, 3), 128, np.uint8)
        draw_box(canvas, (0.2, 0.5, 0.8, 0.9), "name", ground)
        assert (np.abs(canvas.astype(int) - ink) < 60).all(-1).any()
