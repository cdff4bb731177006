"""Datasets under SIGKILL: a real process relabels, adds, splits, merges, undoes; all that it said it did is there."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from models.database import open_workspace
from tests.conftest import ROOT
from training.datasets.heads import HeadDef
from training.datasets.records import NewItem, Query
from training.datasets.store import DatasetStore
from training.datasets.values import Category, Mask

SIZE = 300

DEEDS = (
    "one", "one", "bulk", "undo", "one", "add", "redo", "split", "one", "merge", "undo", "mask", "bulk", "trash",
    "undo", "undo", "one", "freeze", "redo", "rename", "one", "undo", "undo", "undo",
)  # fmt: skip

WRITER = """
import sys
from tests.end_to_end.test_dataset_kills import DEEDS, do
from models.database import open_workspace
from training.datasets.store import DatasetStore

database = open_workspace()
store = DatasetStore(database)
(dataset,) = store.datasets()
number = int(sys.argv[1])
while True:
    do(store, dataset.id, DEEDS[number % len(DEEDS)], number)
    print(number, flush=True)
    number += 1
"""
"""Does one deed after the other, from its argument on, until it is killed; says so after each."""


def do(store: DatasetStore, dataset: int, deed: str, number: int) -> None:
    """One deed; what it does follows from its number and what is there alone."""
    ids = [int(item) for item in store.ids(dataset)]
    categories = store.dataset(dataset).head("material").categories
    name = categories[number % len(categories)]
    if deed == "one":
        store.set_labels(dataset, "material", {ids[number % len(ids)]: Category(name)}, annotator=str(number))
    elif deed == "bulk":
        store.set_labels(dataset, "material", dict.fromkeys(ids, Category(name)), annotator=str(number))
    elif deed == "add":
        new = [_item(f"{number}-{n}", name) for n in range(20)]
        store.add_items(dataset, new)
    elif deed == "split":
        store.set_splits(dataset, {item: ("train", "val", "test")[(item + number) % 3] for item in ids})  # type: ignore[misc]
    elif deed == "merge":
        store.merge_categories(dataset, "material", [name], categories[(number + 1) % len(categories)])
    elif deed == "rename":
        store.rename_category(dataset, "material", name, f"named {number}")
    elif deed == "mask":
        blob = store.blobs.put(str(number).encode() * 1_000)
        store.set_labels(dataset, "area", {ids[number % len(ids)]: Mask(blob, 4, 4, (0,))})
    elif deed == "trash":
        store.trash_items(dataset, ids[number % 7 :: 7])
    elif deed == "freeze":
        store.freeze(dataset, f"version {number}")
    else:
        getattr(store, deed)(dataset)


def state(store: DatasetStore, dataset: int) -> object:
    """All that may not be lost, without the times."""
    items = [
        (one.content, one.split, one.trashed is not None, dict(one.labels))
        for trashed in (False, True)
        for one in store.items(dataset, where=Query(trashed=trashed))
    ]
    heads = [(head.name, head.categories) for head in store.dataset(dataset).heads]
    said = {item: (fact.annotator, fact.origin) for item, fact in store.label_facts(dataset, "material").items()}
    versions = {one.name: one.hash for one in store.versions(dataset)}
    return items, heads, said, versions, [step.action for step in store.steps(dataset, 10_000)]


def prepare(store: DatasetStore) -> int:
    heads = [
        HeadDef("material", "categories", ("stone", "wood", "metal", "glass")),
        HeadDef("area", "mask", ("ground",)),
    ]
    dataset = store.create("killed", heads).id
    store.add_items(dataset, [_item(str(n), "stone") for n in range(SIZE)])
    return dataset


def kill_and_check(times: int, chance: random.Random, folder: Path) -> None:
    """Start a writer, kill it, look; the next one goes on with the file as it was left. Beside it the same deeds are
    done to a workspace that nobody kills: what it holds is what must be there."""
    (folder / "calm").mkdir()
    calm_database = open_workspace(folder / "calm")
    calm = DatasetStore(calm_database)
    dataset = prepare(calm)
    database = open_workspace()
    assert prepare(DatasetStore(database)) == dataset
    database.close()
    done = 0
    for _ in range(times):
        with start(WRITER, str(done)) as writer:
            assert writer.stdout is not None
            assert writer.stderr is not None
            wanted = chance.choice((0, 1, 2, 5, 12))
            lines = [writer.stdout.readline() for _ in range(wanted)]
            time.sleep(chance.uniform(0, 0.5 if wanted == 0 else 0.03))
            writer.kill()
            lines += writer.stdout.readlines()
            assert writer.stderr.read() == ""
        assert [int(line) for line in lines] == list(range(done, done + len(lines)))
        for number in range(done, done + len(lines)):
            do(calm, dataset, DEEDS[number % len(DEEDS)], number)
        done += len(lines)

        database = open_workspace()
        store = DatasetStore(database)
        assert database.query("PRAGMA integrity_check") == [("ok",)]
        assert database.query("PRAGMA foreign_key_check") == []
        found = state(store, dataset)
        if found != state(calm, dataset):  # the kill came between the deed and saying so
            do(calm, dataset, DEEDS[done % len(DEEDS)], done)
            done += 1
        assert found == state(calm, dataset)
        check_blobs(store, dataset)
        database.close()
    calm_database.close()
    assert done > times


def check_blobs(store: DatasetStore, dataset: int) -> None:
    """A row never names a blob that is not there, whole."""
    for value in store.labels(dataset, "area").values():
        assert isinstance(value, Mask)
        store.blobs.read(value.blob)
    for version in store.versions(dataset):
        assert len(store.snapshot(version).rows) == version.items


def _item(name: str, category: str) -> NewItem:
    content = name.encode().ljust(32, b".")
    return NewItem(content, os.fsencode(f"/pictures/{name}.png"), labels={"material": Category(category), "area": None})


def start(script: str, *arguments: str) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, "-c", script, *arguments], cwd=ROOT, stdout=pipe, stderr=pipe, text=True)


def test_what_was_acknowledged_survives_10_kills(tmp_path: Path) -> None:
    kill_and_check(10, random.Random(5), tmp_path)  # noqa: S311  # no secret


@pytest.mark.slow
def test_what_was_acknowledged_survives_200_kills(tmp_path: Path) -> None:
    kill_and_check(200, random.Random(6), tmp_path)  # noqa: S311  # no secret
