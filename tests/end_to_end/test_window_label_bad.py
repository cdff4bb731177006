"""What is wrong, or not there any more, under labels in a real window: each a sentence, and nothing is lost."""

from __future__ import annotations

import contextlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from desktop.window import MainWindow
from models.database import open_workspace
from tests.end_to_end.dataset_hands import CONTROL, Key
from tests.end_to_end.label_hands import CanvasHands
from training.datasets.heads import HeadDef
from training.datasets.masks import read_mask
from training.datasets.store import DatasetStore
from training.datasets.values import Boxes, Mask, Shape

THINGS = HeadDef("things", "boxes", ("brick", "joint", "hole"))
AREA = HeadDef("area", "mask", ("background", "brick", "joint"))


@pytest.fixture
def hands(qtbot: QtBot, window: MainWindow, walls: Path) -> CanvasHands:
    found = CanvasHands(qtbot, window)
    found.bring(walls)
    found.ask(THINGS, AREA)
    found.open_tab()
    return found


@pytest.fixture
def item(hands: CanvasHands) -> int:
    return hands.shown[0]


@contextlib.contextmanager
def another_window(hands: CanvasHands) -> object:
    """What another program does with the same dataset: (its store, the dataset)."""
    with contextlib.closing(open_workspace(hands.page.state.store.folder)) as database:
        yield DatasetStore(database), hands.page.state.selected or 0


def says(hands: CanvasHands, words: str) -> None:
    hands.wait(lambda: words in hands.words or any(words in one for one in hands.notices))


def test_shapes_outside_of_the_picture_are_said_kept_and_mended_when_asked(hands: CanvasHands, item: int) -> None:
    width, height = hands.item(item).width, hands.item(item).height
    before = Boxes((Shape("brick", width - 20, 10, 50, 30), Shape("joint", width + 5, height + 5, 10, 10)))
    hands.page.state.store.set_labels(hands.page.state.selected or 0, "things", {item: before})
    hands.page.acting.look()
    hands.rest()
    hands.turn_to("things", item)
    says(hands, "brick reaches beyond the picture; mending it cuts that off. 1 more has faults too.")
    assert hands.value("things", item) == before
    hands.press("Mend")
    assert hands.value("things", item) == Boxes((Shape("brick", width - 20, 10, 20, 30),))
    hands.key(Key.Key_Z, CONTROL)
    hands.wait(lambda: hands.value("things", item) == before)


def test_an_outline_that_crosses_itself_is_said_and_kept_as_it_is(hands: CanvasHands, item: int) -> None:
    hands.turn_to("things", item)
    hands.tap(Key.Key_P)
    hands.click_at((30, 30), (90, 90), (90, 30), (30, 90))
    hands.tap(Key.Key_Return)
    says(hands, "The outline of brick crosses or touches itself")
    value = hands.value("things", item)
    assert isinstance(value, Boxes)
    assert len(value.shapes[0].polygons[0]) == 8
    hands.press("Mend")
    mended = hands.value("things", item)
    assert isinstance(mended, Boxes)
    assert len(mended.shapes[0].polygons) == 2
    assert "crosses or touches" not in hands.words


def test_an_empty_mask_is_asked_about_before_it_is_kept(hands: CanvasHands, item: int) -> None:
    hands.turn_to("area", item)
    hands.tap(Key.Key_Return)
    hands.wait(lambda: "Nothing is painted here; Enter once more to" in hands.words)
    assert hands.value("area", item) is None
    hands.tap(Key.Key_Return)
    value = hands.value("area", item)
    assert isinstance(value, Mask)
    assert value.present == (0,)


def test_a_category_that_is_deleted_while_shapes_of_it_are_drawn_comes_back(hands: CanvasHands, item: int) -> None:
    hands.turn_to("things", item)
    hands.tap(Key.Key_3)
    with another_window(hands) as (store, dataset):
        store.remove_category(dataset, "things", "hole")
    hands.drag((20, 20), (40, 40), (60, 60))
    says(hands, "hole had been taken out of things meanwhile; it is there again, as you have used it.")
    assert hands.value("things", item) == Boxes((Shape("hole", 20, 20, 40, 40),))


def test_a_category_that_is_deleted_while_it_is_painted_comes_back(hands: CanvasHands, item: int) -> None:
    hands.turn_to("area", item)
    hands.tap(Key.Key_3)
    with another_window(hands) as (store, dataset):
        store.remove_category(dataset, "area", "joint")
    hands.drag((40, 40), (60, 40), (80, 40))
    value = hands.value("area", item)
    assert isinstance(value, Mask)
    categories = hands.page.state.store.dataset(hands.page.state.selected or 0).head("area").categories
    painted = read_mask(hands.page.state.store.blobs, value)
    assert painted[40, 60] == categories.index("joint")


@pytest.mark.parametrize("change", ["gone", "another"])
def test_a_mask_outlives_its_picture(hands: CanvasHands, item: int, change: str) -> None:
    hands.turn_to("area", item)
    hands.tap(Key.Key_2)
    hands.drag((40, 40), (60, 40), (80, 40))
    before = hands.value("area", item)
    assert isinstance(before, Mask)
    path = hands.item(item).place.source.path
    if change == "gone":
        path.unlink()
    else:
        Image.new("RGB", (30, 20), "red").save(path)
    hands.tap(Key.Key_R)
    says(hands, path.name)
    hands.drag((10, 10), (50, 50), (90, 90))
    says(hands, path.name)
    assert hands.value("area", item) == before
    assert np.any(read_mask(hands.page.state.store.blobs, before) == 1)


def test_a_mask_that_does_not_fit_on_the_disk_stays_until_it_does(hands: CanvasHands, item: int) -> None:
    hands.turn_to("area", item)
    blobs = hands.page.state.store.folder / "blobs"
    aside = blobs.with_name("aside")
    if blobs.exists():
        blobs.rename(aside)
    blobs.write_text("no room here")
    hands.tap(Key.Key_2)
    hands.drag((40, 40), (60, 40), (80, 40))
    says(hands, "Not saved yet")
    assert hands.item(item).labels.get("area") is None
    assert list(blobs.parent.glob("unsaved-labels.*.json"))
    blobs.unlink()
    if aside.exists():
        aside.rename(blobs)
    hands.wait(lambda: "area" in hands.item(item).labels)  # by itself
    value = hands.value("area", item)
    assert isinstance(value, Mask)
    assert value.present == (0, 1)
    assert not list(blobs.parent.glob("unsaved-labels.*.json"))
    assert "Not saved yet" not in hands.words
