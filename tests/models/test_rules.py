from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from models.images.decode import decode
from models.library import STARTER
from models.rules import CEILING, MATERIALS, classify

GREY = np.full((16, 16, 3), 90, np.uint8)


def test_the_materials_are_those_of_the_starter_model() -> None:
    spec = json.loads((STARTER / "metadata.json").read_text(encoding="utf-8"))
    assert set(MATERIALS) == set(spec["heads"][0]["categories"])


@pytest.mark.parametrize(
    ("name", "material"),
    [
        ("brick_01.png", "brick"),
        ("WallBricks02.dds", "brick"),
        ("OLD-WOOD.TGA", "wood"),
        ("textures/rusty-iron.tm2", "metal"),
        ("grass", "vegetation"),
    ],
)
def test_a_word_of_the_name_decides(name: str, material: str) -> None:
    assert classify(GREY, name)[0]["category"] == material


def test_a_word_within_a_word_is_none() -> None:
    assert classify(GREY, "metaldehyde_woodwind_stoned.png") == classify(GREY)


def test_two_words_share() -> None:
    both = {one["category"]: one["confidence"] for one in classify(GREY, "brick_and_wood.png", 14)}
    alone = {one["category"]: one["confidence"] for one in classify(GREY, None, 14)}
    for material in ("brick", "wood"):
        assert both[material] == pytest.approx(CEILING / 2 + alone[material] / 2)


def test_no_guess_is_called_more_likely_than_not() -> None:
    for picture in (GREY, np.zeros((1, 1), np.uint8), np.full((9, 9, 4), (20, 200, 30, 255), np.uint8)):
        for name in (None, "wood.png", "sky sky sky"):
            guesses = classify(picture, name, 14)
            assert len(guesses) == 14
            assert all(0 <= one["confidence"] <= CEILING for one in guesses)
            assert sum(one["confidence"] for one in guesses) <= 1 + 1e-9


def test_by_colour_alone_it_is_right_as_often_as_the_module_says_and_no_surer(data: Path) -> None:
    with (data / "textures" / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == "test"]
    right, confidence = 0, 0.0
    for row in rows:
        path = data / "textures" / row["file"]
        best = classify(decode(path.read_bytes(), path.name).pixels, None, 1)[0]
        right += best["category"] == row["category"]
        confidence += best["confidence"]
    assert 0.28 < right / len(rows) < 0.40
    assert confidence / len(rows) == pytest.approx(0.28, abs=0.03)
