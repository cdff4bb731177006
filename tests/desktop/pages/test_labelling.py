"""The way through the pictures: orders, what is open, what comes next."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.pages.dataset.labelling import Labelling, Way, read_order
from desktop.pages.dataset.wanted import Wanted
from models.database import WORKSPACE_MIGRATIONS, Database
from training.datasets.heads import HeadDef
from training.datasets.records import NewItem
from training.datasets.store import DatasetStore
from training.datasets.values import Category

HEADS = (
    HeadDef("material", "categories", ("brick", "wood")),
    HeadDef("parts", "mask", ("background", "door")),
    HeadDef("wear", "grade"),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[DatasetStore]:
    database = Database(tmp_path / "workspace.sqlite", WORKSPACE_MIGRATIONS)
    yield DatasetStore(database)
    database.close()


@pytest.fixture
def items(store: DatasetStore) -> tuple[int, ...]:
    """Six pictures, of which the first, the second and the fourth have a material."""
    dataset = store.create("walls", HEADS).id
    new = [NewItem(bytes([n]) * 32, os.fsencode(f"/{n}.png")) for n in range(6)]
    items = store.add_items(dataset, new).new
    store.set_labels(dataset, "material", {items[n]: Category("wood") for n in (0, 1, 3)})
    return items


def begun(store: DatasetStore, order: str = "shown", head: str = "") -> Labelling:
    (dataset,) = store.datasets()
    labelling = Labelling(wish=order)
    way = Way(dataset.id, Wanted(), order, head)
    labelling.take(read_order(store, way, [one.name for one in HEADS]), "material")
    return labelling


def test_it_begins_at_the_first_picture_without_a_label(store: DatasetStore, items: tuple[int, ...]) -> None:
    assert begun(store).current == items[2]


def test_what_is_open_comes_first_when_that_is_wished(store: DatasetStore, items: tuple[int, ...]) -> None:
    labelling = begun(store, "open", "material")
    assert labelling.order is not None
    assert [items.index(one) for one in labelling.order.ids] == [2, 4, 5, 0, 1, 3]
    assert labelling.left("material") == 3
    labelling.said("material", [items[2]], labelled=True)
    assert labelling.left("material") == 2
    assert labelling.next_open("material") == items[4]


def test_questions_that_are_answered_by_hand_come_in_turn(store: DatasetStore, items: tuple[int, ...]) -> None:
    labelling = begun(store)
    assert labelling.after("material", HEADS) == (items[2], "wear")
    assert labelling.after("wear", HEADS) == (items[3], "material")
    assert labelling.after("parts", HEADS) == (items[3], "parts"), "a mask is not one of those"
    labelling.turns = False
    assert labelling.after("material", HEADS) == (items[3], "material")
    labelling.go(items[5])
    assert labelling.after("material", HEADS) is None


def test_what_nobody_can_tell_comes_again_only_when_all_else_is_done(
    store: DatasetStore, items: tuple[int, ...]
) -> None:
    labelling = begun(store, "open", "material")
    labelling.passed.add(("material", items[4]))
    assert labelling.next_open("material") == items[5]
    labelling.said("material", [items[5]], labelled=True)
    assert labelling.next_open("material") == items[4]
    labelling.said("material", [items[4]], labelled=True)
    assert labelling.next_open("material") is None


def test_what_would_teach_most_comes_next(store: DatasetStore, items: tuple[int, ...]) -> None:
    labelling = begun(store, "next", "material")
    assert labelling.current == items[2]
    assert labelling.suggest([items[5], items[2]], {items[5]: "Nothing labelled looks like it."})
    assert labelling.order is not None
    assert [items.index(one) for one in labelling.order.ids] == [2, 5, 4, 0, 1, 3]
    assert all(labelling.order.places[one] == place for place, one in enumerate(labelling.order.ids))
    assert not labelling.suggest([items[5]], {})


def test_pictures_around_are_named_nearest_first(store: DatasetStore, items: tuple[int, ...]) -> None:
    labelling = begun(store)
    assert labelling.around(2, 1) == [items[2], items[3], items[4], items[1]]
    labelling.go(items[5])
    assert labelling.around(2, 1) == [items[5], items[4]]
    assert not labelling.step(1)
    assert labelling.step(-1)
    assert labelling.current == items[4]
