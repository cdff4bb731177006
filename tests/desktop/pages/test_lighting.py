"""Where the lights of a set stand, and where that is kept."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from desktop.pages.dataset.lighting import light_text, parse_light, read_set, set_light
from models.database import WORKSPACE_MIGRATIONS, Database
from models.errors import DatasetError
from training.datasets.heads import HeadDef
from training.datasets.records import NewItem
from training.datasets.store import DatasetStore
from training.datasets.values import Target, Targets


def test_a_light_that_was_set_goes_before_the_one_that_came_with_the_folder(tmp_path: Path) -> None:
    database = Database(tmp_path / "workspace.sqlite", WORKSPACE_MIGRATIONS)
    store = DatasetStore(database)
    dataset = store.create("coins", (HeadDef("normals", "image"),)).id
    came = Targets((Target(path="/normals.npz", role="normals", params={"light": "0 0 2"}),))
    new = [
        NewItem(bytes([n]) * 32, os.fsencode(f"/img_{n}.png"), group="coin", labels={"normals": came} if n else {})
        for n in range(3)
    ]
    items = store.add_items(dataset, new).new
    store.set_metadata(dataset, {items[1]: {"lens": "50 mm"}})
    assert [one.light for one in read_set(store, dataset, "coin")] == [None, (0, 0, 1), (0, 0, 1)]
    assert set_light(store, dataset, items[1], (0.6, 0.0, 0.8)) is not None
    assert [one.light for one in read_set(store, dataset, "coin")] == [None, (0.6, 0, 0.8), (0, 0, 1)]
    assert dict(store.metadata(dataset)[items[1]]) == {"lens": "50 mm", "light": "0.600000 0.000000 0.800000"}
    store.undo(dataset)
    assert read_set(store, dataset, "coin")[1].light == (0, 0, 1)
    with pytest.raises(DatasetError, match="three numbers that are not all 0"):
        set_light(store, dataset, items[1], (0, 0, 0))
    database.close()


@pytest.mark.parametrize("said", [None, "", "1 2", "a b c", "0 0 0", "nan 0 1", [1, 2], 7])
def test_what_is_no_direction_is_none(said: object) -> None:
    assert parse_light(said) is None


def test_a_direction_comes_through_its_text() -> None:
    assert parse_light(light_text((0.6, -0.8, 0.0))) == (0.6, -0.8, 0.0)
