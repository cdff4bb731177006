"""What becomes of categories that only labels in the trash name: they may go, and come back with their pictures."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.database import open_workspace
from models.errors import DatasetError
from tests.training.datasets.making import MATERIAL, STONE, WOOD, item
from training.datasets.heads import HeadDef, named_categories
from training.datasets.masks import put_mask, read_mask
from training.datasets.store import DatasetStore
from training.datasets.values import Boxes, Category, Mask, Shape, Tags

NAMES = ("stone", "wood", "metal")
HEADS = (MATERIAL, HeadDef("seen", "tags", NAMES), HeadDef("things", "boxes", NAMES))
picked = st.lists(st.sampled_from(NAMES), max_size=3)


def test_a_restored_picture_brings_its_category_back(store: DatasetStore) -> None:
    dataset = store.create("set", [MATERIAL]).id
    one, two = store.add_items(dataset, [item("a", {"material": WOOD}), item("b", {"material": STONE})]).new
    with pytest.raises(DatasetError, match="say which category they get"):
        store.remove_category(dataset, "material", "wood")
    store.trash_items(dataset, [one])
    before = store.dataset(dataset).heads
    store.remove_category(dataset, "material", "wood")
    assert store.dataset(dataset).head("material").categories == ("stone", "metal")
    store.restore_items(dataset, [one])
    assert store.dataset(dataset).head("material").categories == ("stone", "metal", "wood")
    assert [found.labels for found in store.items(dataset)] == [{"material": WOOD}, {"material": STONE}]
    store.undo(dataset)
    store.undo(dataset)
    assert store.dataset(dataset).heads == before
    store.redo(dataset)
    store.redo(dataset)
    assert store.dataset(dataset).head("material").categories == ("stone", "metal", "wood")
    assert store.category_counts(dataset, "material")["wood"] == 1
    store.trash_items(dataset, [two])
    store.set_heads(dataset, [replace(store.dataset(dataset).heads[0], categories=("wood",))])
    store.add_items(dataset, [item("b")])  # dropped again
    assert store.dataset(dataset).head("material").categories == ("wood", "stone")


def test_a_second_opinion_brings_its_category_back(store: DatasetStore) -> None:
    dataset = store.create("set", [MATERIAL]).id
    (one,) = store.add_items(dataset, [item("a", {"material": WOOD})]).new
    store.set_opinions(dataset, "material", {one: STONE}, annotator="Bo")
    store.trash_items(dataset, [one])
    store.remove_unused_categories(dataset, "material", NAMES)
    assert store.dataset(dataset).head("material").categories == ()
    store.restore_items(dataset, [one])
    assert store.dataset(dataset).head("material").categories == ("stone", "wood")


def test_a_category_of_a_mask_in_the_trash_stays_as_its_pixels_would_go(store: DatasetStore) -> None:
    dataset = store.create("set", [HeadDef("area", "mask", ("sky", "wall", "gate"))]).id
    pixels = np.array([[0, 1, 255]], np.uint8)
    (one,) = store.add_items(dataset, [item("a", {"area": put_mask(store.blobs, pixels)})]).new
    store.trash_items(dataset, [one])
    with pytest.raises(DatasetError, match="1 picture, also in the trash, is labelled sky; merge that category"):
        store.remove_unused_categories(dataset, "area", ["sky", "wall"])
    store.remove_unused_categories(dataset, "area", ["sky", "gate"])
    assert store.dataset(dataset).head("area").categories == ("sky", "wall")
    store.restore_items(dataset, [one])
    mask = store.items(dataset)[0].labels["area"]
    assert isinstance(mask, Mask)
    assert read_mask(store.blobs, mask).tolist() == pixels.tolist()


@given(said=st.lists(st.tuples(picked, picked, picked), min_size=1, max_size=5), draw=st.data())
@settings(max_examples=40, deadline=None)
def test_no_label_ever_names_what_its_question_lacks(
    said: list[tuple[list[str], list[str], list[str]]], draw: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder: Path = tmp_path_factory.mktemp("home")
    with contextlib.closing(open_workspace(folder)) as database:
        store = DatasetStore(database)
        dataset = store.create("set", HEADS).id
        new = [
            item(
                str(number),
                {
                    "material": Category(names[0]) if names else None,
                    "seen": Tags(frozenset(tags)),
                    "things": Boxes(tuple(Shape(name, 0, 0, 1, 1) for name in things)),
                },
            )
            for number, (names, tags, things) in enumerate(said)
        ]
        ids = store.add_items(dataset, new).new
        before = [(one.id, dict(one.labels)) for one in store.items(dataset)]
        gone = draw.draw(st.lists(st.sampled_from(ids), unique=True))
        store.trash_items(dataset, gone)
        for head in HEADS:
            used = store.category_counts(dataset, head.name)
            if unused := [name for name in NAMES if not used[name]]:
                store.remove_unused_categories(dataset, head.name, unused)
        for number in draw.draw(st.permutations(gone)):
            if draw.draw(st.booleans()):
                store.restore_items(dataset, [number])
            else:
                store.add_items(dataset, [item(str(ids.index(number)))])
            heads = {head.name: head for head in store.dataset(dataset).heads}
            for one in store.items(dataset):
                for name, value in one.labels.items():
                    assert named_categories(heads[name], value) <= set(heads[name].categories)
        assert [(one.id, dict(one.labels)) for one in store.items(dataset)] == before
        while len(store.steps(dataset)) > 1:
            store.undo(dataset)
        assert [head.categories for head in store.dataset(dataset).heads] == [NAMES] * 3
        assert [(one.id, dict(one.labels)) for one in store.items(dataset)] == before
