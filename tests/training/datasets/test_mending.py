from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.training.datasets.making import MATERIAL, STONE, WOOD
from tests.training.datasets.test_bringing import picture
from training.datasets.adding import add_files
from training.datasets.bringing import bring_in
from training.datasets.records import Item, Query
from training.datasets.store import DatasetStore
from training.datasets.values import Category

DAMAGED = b"\x89PNG\r\n\x1a\n and no more"


@pytest.fixture
def dataset(store: DatasetStore) -> int:
    return store.create("set", [MATERIAL]).id


def there(store: DatasetStore, dataset: int, *, trashed: bool = False) -> list[Item]:
    return store.items(dataset, where=Query(trashed=trashed))


@pytest.mark.parametrize("broken", [b"", DAMAGED])
@pytest.mark.parametrize("copy_into", [False, True])
def test_a_file_copied_anew_takes_over_from_the_unreadable_one(
    store: DatasetStore, dataset: int, tmp_path: Path, broken: bytes, copy_into: bool
) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(broken)
    (old,) = add_files(store, dataset, [path], copy_into=copy_into, source="real").added.new
    store.set_labels(dataset, "material", {old: WOOD}, annotator="Anna")
    store.set_splits(dataset, {old: "test"}, frozen=True)
    before = store.label_facts(dataset, "material")[old]
    picture(path, 3)
    (new,) = add_files(store, dataset, [path], copy_into=copy_into).added.new
    (item,) = there(store, dataset)
    assert (item.id, item.status, item.split, item.frozen, item.source) == (new, "ok", "test", True, "real")
    assert store.label_facts(dataset, "material") == {new: before}
    assert [one.id for one in there(store, dataset, trashed=True)] == [old]
    store.undo(dataset)
    assert [(one.id, one.status) for one in there(store, dataset)] == [(old, "unreadable")]
    store.redo(dataset)
    assert [one.id for one in there(store, dataset)] == [new]
    assert add_files(store, dataset, [path], copy_into=copy_into).added.step is None


def test_what_the_new_content_has_of_its_own_counts(store: DatasetStore, dataset: int, tmp_path: Path) -> None:
    good = picture(tmp_path / "good.png", 3)
    bad = tmp_path / "bad.png"
    bad.write_bytes(DAMAGED)
    known, old = add_files(store, dataset, [good, bad]).added.new
    store.set_labels(dataset, "material", {known: STONE, old: WOOD})
    bad.write_bytes(good.read_bytes())
    added = add_files(store, dataset, [bad]).added
    assert added.known == (known,)
    assert [(one.kept, one.offered) for one in added.conflicts] == [(STONE, WOOD)]
    assert [(one.id, one.labels) for one in there(store, dataset)] == [(known, {"material": STONE})]
    assert [place.path for place in store.places(known)] == [os.fsencode(good), os.fsencode(bad)]


def test_one_that_lies_elsewhere_too_stays_for_that(store: DatasetStore, dataset: int, tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("a.png", "b.png", "c.png")]
    for path in paths:
        path.write_bytes(DAMAGED)
    added = add_files(store, dataset, paths).added
    (old,) = added.new
    store.set_labels(dataset, "material", {old: WOOD})
    picture(paths[1], 1)
    add_files(store, dataset, [paths[1]])  # not its first place: the next act sees that it is taken
    picture(paths[0], 2)
    add_files(store, dataset, [paths[0]])
    items = {item.id: item for item in there(store, dataset)}
    assert [place.path for place in store.places(old)] == [os.fsencode(paths[2])]
    assert [item.labels for number, item in items.items() if number != old] == [{}, {}]
    assert items[old].labels == {"material": WOOD}
    store.undo(dataset)
    assert len(store.places(old)) == 3
    store.redo(dataset)
    picture(paths[2], 3)
    add_files(store, dataset, [paths[2]])
    assert [item.status for item in there(store, dataset)] == ["ok", "ok", "ok"]
    assert [item.id for item in there(store, dataset, trashed=True)] == [old]


def test_one_that_comes_again_from_elsewhere_is_left_alone(store: DatasetStore, dataset: int, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(DAMAGED)
    (old,) = add_files(store, dataset, [path]).added.new
    path.rename(tmp_path / "b.png")
    picture(path, 1)
    add_files(store, dataset, [tmp_path])
    assert [(item.id == old, item.status) for item in there(store, dataset)] == [(True, "unreadable"), (False, "ok")]
    for _ in range(2):
        store.undo(dataset)
    assert there(store, dataset) == []


def test_a_picture_that_only_changed_is_another_one(store: DatasetStore, dataset: int, tmp_path: Path) -> None:
    path = picture(tmp_path / "a.png", 1)
    add_files(store, dataset, [path])
    picture(path, 2)
    add_files(store, dataset, [path])
    assert len(there(store, dataset)) == 2


def test_what_an_import_could_not_read_is_mended_where_it_lies(store: DatasetStore, tmp_path: Path) -> None:
    picture(tmp_path / "set" / "stone" / "a.png", 1)
    broken = tmp_path / "set" / "wood" / "b.png"
    broken.parent.mkdir()
    broken.write_bytes(DAMAGED)
    came = bring_in(store, tmp_path / "set", copy=True)
    (bad,) = store.items(came.dataset.id, where=Query(status="unreadable"))
    assert bad.path == os.fsencode(broken)
    picture(broken, 2)
    (new,) = add_files(store, came.dataset.id, [broken], copy_into=True).added.new
    assert store.labels(came.dataset.id, "category")[new] == Category("wood")
    assert store.count(came.dataset.id) == 2
