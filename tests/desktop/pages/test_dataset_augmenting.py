"""What the Augment tab knows, without a window."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from desktop.actions.augmenting import load_settings
from desktop.pages.dataset.augmenting import OWN, VARIANTS, Augmenting
from desktop.pages.dataset.state import DatasetState
from tests.desktop.pages.dataset_pictures import made
from training.augmentation.augmenter import Augmenter
from training.augmentation.colour import Brightness
from training.augmentation.geometry import Flip, Rotate
from training.augmentation.presets import PRESETS
from training.datasets.heads import HeadDef
from training.datasets.records import Query
from training.datasets.shapes import Shape
from training.datasets.values import Boxes
from training.datasets.varying import load, variant_index

THINGS = HeadDef("things", "boxes", ("knob",))


@pytest.fixture
def state(tmp_path: Path, workspace: Path) -> Augmenting:
    page = DatasetState()
    items = made(page, tmp_path, (THINGS,), [{"things": Boxes((Shape("knob", 4, 4, 12, 9),))}, {}])
    found = Augmenting(page)
    assert page.dataset is not None
    found.take(page.dataset, found.read(page.dataset))
    found.show(items[0])
    return found


def test_a_dataset_begins_with_what_is_usual_for_it(state: Augmenting) -> None:
    assert state.preset == "light"
    assert not state.unkept


def test_what_is_shown_is_what_training_gets(state: Augmenting) -> None:
    state.set_labels(False)
    state.set_preset("camera")
    assert state.settings is not None
    assert state.item is not None
    assert state.dataset is not None
    (item,) = state.state.store.items(state.dataset.id, where=Query(ids=[state.item]))
    loaded = load(item, state.dataset.heads, state.state.store.blobs, state.settings.side)
    augment = Augmenter(PRESETS["camera"].config, state.settings.seed)
    for place in range(1, VARIANTS):
        shown = state.variant(place, 512)
        assert shown is not None
        assert shown.pixels is not None
        assert (shown.pixels == augment(loaded.sample, variant_index(item.id, place - 1)).sample.image).all()
    first = state.variant(0, 512)
    assert first is not None
    assert first.pixels is not None
    assert (first.pixels == loaded.sample.image).all()
    assert first.words == "As it is"


def test_a_picture_is_no_larger_than_it_is_shown(state: Augmenting) -> None:
    state.set_labels(False)
    small, first = state.variant(0, 16), state.variant(0, 1000)
    assert small is not None
    assert small.pixels is not None
    assert first is not None
    assert first.pixels is not None
    assert small.pixels.shape == (12, 16, 3)
    assert (small.pixels == cv2.resize(first.pixels, (16, 12), interpolation=cv2.INTER_AREA)).all()


def test_labels_are_drawn_where_they_went(state: Augmenting) -> None:
    state.set_preset("none")
    state.set_operation(Flip(1))
    with_labels = state.variant(1, 512)
    state.set_labels(False)
    without = state.variant(1, 512)
    assert with_labels is not None
    assert without is not None
    assert with_labels.pixels is not None
    assert without.pixels is not None
    changed = (with_labels.pixels != without.pixels).any(2)
    assert changed[4:13, 15].all() or changed[4:13, 16].all()  # 4 to 16 of 32 flipped is 16 to 28
    assert with_labels.words == "Flip"


def test_another_draw_is_another_seed(state: Augmenting) -> None:
    state.set_preset("camera")
    before = state.variant(3, 64)
    state.draw_again()
    after = state.variant(3, 64)
    assert before is not None
    assert after is not None
    assert after.generation > before.generation
    assert not np.array_equal(before.pixels, after.pixels)  # type: ignore[arg-type]


def test_settings_of_ones_own_are_kept_and_reset(state: Augmenting) -> None:
    assert state.dataset is not None
    assert state.settings is not None
    state.set_operation(Rotate(0.9, (-40, 40)))
    assert state.preset == OWN
    assert state.unkept
    state.keep(state.dataset, state.settings)
    assert load_settings(state.dataset) == state.settings
    state.reset()
    assert state.preset == "light"


def test_what_is_decided_on_together_keeps_one_probability(state: Augmenting) -> None:
    state.set_preset("parts")
    state.set_operation(Brightness(0.8, (-20, 20)))
    assert state.settings is not None
    assert state.settings.config.contrast.probability == 0.8
    state.set_operation(Brightness(0.0, (-20, 20)))
    assert state.settings.config.contrast.probability == 0.8


def test_what_cannot_be_shown_is_said(state: Augmenting, tmp_path: Path) -> None:
    (tmp_path / "0.png").unlink()
    state.forget()
    shown = state.variant(1, 64)
    assert shown is not None
    assert shown.pixels is None
    assert "0.png" in shown.words
    state.show(9999)
    gone = state.variant(1, 64)
    assert gone is not None
    assert gone.words == "This picture is not in the dataset any more."
    state.show(None)
    assert state.variant(1, 64) is None
