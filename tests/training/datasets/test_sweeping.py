from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from models.database import Database
from tests.conftest import ROOT
from tests.training.datasets.making import item
from training.datasets.copying import keep_copy
from training.datasets.heads import HeadDef
from training.datasets.masks import put_mask
from training.datasets.store import DatasetStore
from training.datasets.values import Mask, Target, Targets

AREA, SHAPE = HeadDef("area", "mask", ("ground",)), HeadDef("shape", "image")
DAYS = 86_400


@pytest.fixture
def dataset(store: DatasetStore) -> int:
    made = store.create("set", [AREA, SHAPE]).id
    store.add_items(made, [item("a"), item("b")])
    return made


def mask(store: DatasetStore, side: int) -> Mask:
    return put_mask(store.blobs, np.zeros((side, side), np.uint8))


def age(path: Path, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(path, (then, then))


def blobs(store: DatasetStore) -> set[str]:
    return {path.name for path in store.blobs.folder.glob("??/*")}


def later() -> float:
    """A moment at which everything there is old."""
    return time.time() + 10


class TestPurgeBlobs:
    def test_what_a_label_names_stays_and_the_rest_goes(self, store: DatasetStore, dataset: int) -> None:
        first, second = store.ids(dataset).tolist()
        kept, target = mask(store, 1), store.blobs.put(b"target")
        store.set_labels(dataset, "area", {first: kept})
        store.set_labels(dataset, "shape", {second: Targets((Target(target, "", "normals"),))})
        store.blobs.put(b"nobody's")
        assert store.purge_blobs(later()) == 1
        assert blobs(store) == {kept.blob, target}
        assert store.purge_blobs(later()) == 0

    def test_what_can_be_undone_or_done_again_stays(self, store: DatasetStore, dataset: int) -> None:
        first = int(store.ids(dataset)[0])
        one, two = mask(store, 1), mask(store, 2)
        store.set_labels(dataset, "area", {first: one})
        store.set_labels(dataset, "area", {first: two})
        store.set_labels(dataset, "area", {first: None})
        assert store.purge_blobs(later()) == 0
        for _ in range(3):
            store.undo(dataset)
        assert store.purge_blobs(later()) == 0
        store.redo(dataset)
        store.set_splits(dataset, {first: "train"})  # now the second mask can't come back
        assert store.purge_blobs(later()) == 1
        assert blobs(store) == {one.blob}

    def test_what_only_a_version_names_stays(self, store: DatasetStore, dataset: int) -> None:
        first = int(store.ids(dataset)[0])
        one = mask(store, 1)
        store.set_labels(dataset, "area", {first: one})
        version = store.freeze(dataset, "v1")
        store.undo(dataset)
        store.set_splits(dataset, {first: "train"})
        assert store.purge_blobs(later()) == 0
        assert blobs(store) == {one.blob, version.blob}
        store.blobs.path(version.blob).write_bytes(b"damaged")
        store.blobs.put(b"nobody's")
        assert store.purge_blobs(later()) == 0  # who knows what the version names

    def test_what_goes_with_its_dataset_leaves_nothing(self, store: DatasetStore, dataset: int) -> None:
        store.set_labels(dataset, "area", {int(store.ids(dataset)[0]): mask(store, 1)})
        store.freeze(dataset, "v1")
        store.trash(dataset)
        assert store.purge_blobs(later()) == 0
        store.purge("9999-01-01T00:00:00")
        assert store.purge_blobs(later()) == 2
        assert blobs(store) == set()

    def test_what_was_put_within_a_day_stays_even_if_it_was_there(self, store: DatasetStore) -> None:
        young, old, again = (store.blobs.put(text) for text in (b"young", b"old", b"again"))
        for sha in (old, again):
            age(store.blobs.path(sha), 2 * DAYS)
        assert store.blobs.put(b"again") == again
        assert store.purge_blobs() == 1
        assert blobs(store) == {young, again}

    def test_is_done_once_a_day_when_a_store_is_opened(self, store: DatasetStore, database: Database) -> None:
        def put_old() -> Path:
            path = store.blobs.path(store.blobs.put(b"old"))
            age(path, 2 * DAYS)
            return path

        path = put_old()
        DatasetStore(database)
        assert not path.exists()
        path = put_old()
        DatasetStore(database)
        assert path.exists()
        age(store.blobs.folder / ".purged", 2 * DAYS)
        DatasetStore(database)
        assert not path.exists()


VICTIM = """
import os, pathlib, signal, sys
from models.workspace import atomic_file
with atomic_file(pathlib.Path(sys.argv[1])) as file:
    file.write(b"half")
    file.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(os.name == "nt", reason="kills by signal")
def test_what_a_killed_program_left_half_written_goes_with_the_next_import(store: DatasetStore, dataset: int) -> None:
    copies = store.copies(dataset)
    kept = keep_copy(copies, item("a").content, b"a", "a.png")
    whole = store.blobs.path(store.blobs.put(b"whole"))
    for beside in (kept, whole):
        done = subprocess.run([sys.executable, "-c", VICTIM, beside.with_name("new")], cwd=ROOT, check=False)
        assert done.returncode == -signal.SIGKILL
    halves = [*copies.rglob("*.part"), *store.blobs.folder.rglob("*.part")]
    assert len(halves) == 2
    orphan = store.copies(99) / "aa" / "copy.png"
    orphan.parent.mkdir(parents=True)
    orphan.touch()
    store.begin_import("next", [])
    assert all(path.exists() for path in halves)  # somebody may be writing them now
    assert not store.copies(99).parent.exists()
    for path in (*halves, kept, whole):
        age(path, 2 * 3600)
    store.begin_import("next", [])
    assert not any(path.exists() for path in halves)
    assert kept.exists()
    assert whole.exists()


def test_an_import_is_hidden_from_its_first_moment(store: DatasetStore, database: Database) -> None:
    version = store.version()
    begun = store.begin_import("set", [AREA])
    assert store.version() == version + 1  # one act: a kill finds no place in between
    assert store.datasets() == []
    assert store.datasets(trashed=True) == [begun]
