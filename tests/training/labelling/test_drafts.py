from __future__ import annotations

import cv2
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from training.datasets.masks import read_mask
from training.datasets.store import DatasetStore
from training.datasets.values import Category, Mask, Targets
from training.labelling.drafts import CompressedMask, MadePicture, PaintedMask, shown, to_value

SIDE = st.integers(1, 40)


@given(SIDE, SIDE, SIDE, SIDE)
def test_a_small_mask_grows_pixel_by_pixel(height: int, width: int, tall: int, wide: int) -> None:
    small = np.random.default_rng(0).integers(0, 256, (height, width), np.uint8)
    grown = CompressedMask.of(small, wide, tall).painted().indices
    assert grown.shape == (tall, wide)
    for down in range(tall):
        for across in range(wide):
            at = int((down + 0.5) * height / tall), int((across + 0.5) * width / wide)
            assert grown[down, across] == small[at]


def test_what_has_the_size_already_stays() -> None:
    small = np.random.default_rng(1).integers(0, 3, (7, 5), np.uint8)
    assert np.array_equal(CompressedMask.of(small, 5, 7).painted().indices, small)


def test_drafts_become_labels(store: DatasetStore) -> None:
    small = np.array([[0, 1], [255, 2]], np.uint8)
    mask = to_value(store.blobs, CompressedMask.of(small, 4, 4))
    assert isinstance(mask, Mask)
    assert (mask.width, mask.height, mask.present) == (4, 4, (0, 1, 2))
    assert np.array_equal(read_mask(store.blobs, mask), small.repeat(2, 0).repeat(2, 1))
    assert to_value(store.blobs, PaintedMask(small.repeat(2, 0).repeat(2, 1))) == mask
    _, png = cv2.imencode(".png", np.zeros((2, 2, 3), np.uint8))
    made = to_value(store.blobs, MadePicture(png.tobytes(), "recoloured"))
    assert isinstance(made, Targets)
    assert made.targets[0].role == "recoloured"
    assert store.blobs.read(made.targets[0].blob) == png.tobytes()
    assert to_value(store.blobs, Category("wood")) == Category("wood")
    assert shown(Category("wood")) == Category("wood")
