from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.database import open_workspace
from models.errors import DatasetError, WorkspaceError
from tests.training.datasets.making import MATERIAL, METAL, STONE, WOOD, content, item
from training.datasets.heads import HeadDef
from training.datasets.masks import put_mask
from training.datasets.records import NewItem
from training.datasets.store import DatasetStore
from training.datasets.values import Boxes, Grade, Shape, Tags, Target, Targets
from training.datasets.versions import Snapshot, diff


def pictures() -> list[NewItem]:
    return [
        item("a", {"material": WOOD}, split="train", source="real"),
        item("b", {"material": STONE}, split="test"),
        replace(item("c"), path=b"/x/\xff.zip", member="c.png"),
    ]


def test_a_version_is_not_changed_by_what_comes_later(store: DatasetStore) -> None:
    dataset = store.create("a", [MATERIAL]).id
    ids = store.add_items(dataset, pictures()).new
    version = store.freeze(dataset, " first ")
    assert (version.name, version.items, len(version.hash)) == ("first", 3, 64)
    before = store.snapshot(version)
    assert before == as_stated(store.current(dataset))
    store.set_labels(dataset, "material", {ids[0]: METAL, ids[1]: None, ids[2]: METAL})
    store.set_splits(dataset, {ids[2]: "val"})
    store.trash_items(dataset, [ids[1]])
    store.add_items(dataset, [item("d")])
    store.rename_category(dataset, "material", "wood", "timber")
    assert store.snapshot(version) == before
    found = diff(before, store.current(dataset))
    assert found.added == (content("d"),)
    assert found.removed == (content("b"),)
    assert found.resplit == {content("c"): ("", "val")}
    assert found.relabelled == {
        (content("a"), "material"): (WOOD, METAL),
        (content("c"), "material"): (None, METAL),
    }
    assert found.heads == ("material",)
    assert not diff(before, before)


def as_stated(now: Snapshot) -> Snapshot:
    """With heads as a version states them: without the store's numbers."""
    return Snapshot(tuple(replace(head, id=0) for head in now.heads), now.rows)


def test_nothing_new_is_no_new_version(store: DatasetStore) -> None:
    dataset = store.create("a", [MATERIAL]).id
    ids = store.add_items(dataset, pictures()).new
    first = store.freeze(dataset, "first")
    store.set_labels(dataset, "material", {ids[0]: METAL})
    second = store.freeze(dataset, "second")
    store.undo(dataset)
    assert store.freeze(dataset, "third") == first
    assert store.versions(dataset) == [first, second]
    assert store.find_version(second.hash) == second
    with pytest.raises(DatasetError, match="no version"):
        store.find_version("0" * 64)
    with pytest.raises(DatasetError, match="can't name a version"):
        store.freeze(dataset, "\n")


def test_the_hash_is_of_what_a_training_sees(store: DatasetStore, tmp_path: Path) -> None:
    dataset = store.create("a", [MATERIAL]).id
    store.add_items(dataset, pictures())
    first = store.freeze(dataset, "first")
    (tmp_path / "elsewhere").mkdir()
    database = open_workspace(tmp_path / "elsewhere")
    other = DatasetStore(database)
    moved = [replace(one, path=b"/moved/" + one.path, group="g") for one in reversed(pictures())]
    elsewhere = other.create("another name", [HeadDef("gone", "tags"), MATERIAL])
    other.set_heads(elsewhere.id, elsewhere.heads[1:])
    other.add_items(elsewhere.id, moved)
    assert other.freeze(elsewhere.id, "same").hash == first.hash
    other.set_splits(elsewhere.id, {other.ids(elsewhere.id).tolist()[0]: "val"})
    assert other.freeze(elsewhere.id, "not").hash != first.hash
    database.close()


def test_every_kind_comes_back(store: DatasetStore) -> None:
    kinds = ("tags", "grade", "mask", "boxes", "image")
    heads = [HeadDef(kind, kind, () if kind in ("grade", "image") else ("x", "y")) for kind in kinds]
    dataset = store.create("a", heads).id
    labels = {
        "tags": Tags(frozenset("xy")),
        "grade": Grade(9.5),
        "mask": put_mask(store.blobs, np.eye(3, dtype=np.uint8)),
        "boxes": Boxes((Shape("x", 0.25, 1, 2, 3, ((0, 0, 1, 0, 1, 1),)),)),
        "image": Targets((Target(store.blobs.put(b"png"), role="recoloured", params={"colour": "#76689A"}),)),
    }
    store.add_items(dataset, [item("a", labels)])
    (row,) = store.snapshot(store.freeze(dataset, "v")).rows
    assert row.labels == labels
    assert store.items(dataset)[0].labels == labels


def test_a_damaged_version_is_told(store: DatasetStore) -> None:
    dataset = store.create("a", [MATERIAL]).id
    version = store.freeze(dataset, "empty")
    assert store.snapshot(version).rows == ()
    store.blobs.path(version.blob).write_bytes(b"x")
    with pytest.raises(WorkspaceError, match="damaged"):
        store.snapshot(version)
