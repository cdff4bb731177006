"""Frames that are kept lie in the dataset's folder, labelled, in one step that can be undone."""

from __future__ import annotations

import numpy as np
import pytest

from models.errors import DatasetError
from models.images.decode import decode
from training.capture.keeping import SOURCE, keep_frames, taken
from training.datasets.heads import HeadDef
from training.datasets.records import Query
from training.datasets.store import DatasetStore
from training.datasets.values import Category

NOW = "2026-11-25T00:00:00"


def frames(count: int) -> list[np.ndarray]:
    rng = np.random.default_rng(5)
    return [np.kron(rng.integers(0, 255, (6, 8, 3)), np.ones((8, 8, 1))).astype(np.uint8) for _ in range(count)]


@pytest.fixture
def dataset(store: DatasetStore) -> int:
    heads = [HeadDef("part", "categories", ("3001", "3002")), HeadDef("colour", "categories", ("red", "blue"))]
    return store.create("parts", heads=heads).id


def test_kept_frames_are_pictures_with_labels_of_one_group(store: DatasetStore, dataset: int) -> None:
    said = {"part": Category("3001"), "colour": Category("red")}
    shots = frames(2)
    added = keep_frames(store, dataset, shots, said, group="burst 1", annotator="Ada", time=NOW)
    items = list(store.items(dataset))
    assert [one.id for one in items] == list(added.new)
    for item, shot in zip(items, shots, strict=True):
        assert (item.source, item.group, item.labels) == (SOURCE, "burst 1", said)
        pixels = decode(item.place.source.read(), item.name).pixels
        assert (item.width, item.height) == (64, 48) == pixels.shape[1::-1]
        assert np.abs(pixels.astype(int) - shot).mean() < 4
    (label,) = store.label_facts(dataset, "part", [items[0].id]).values()
    assert (label.annotator, label.origin) == ("Ada", "person")
    step = store.undo(dataset)
    assert step is not None
    assert step.action == "Took 2 pictures of 3001, red"
    assert store.count(dataset, Query()) == 0


def test_what_was_taken_is_counted_by_its_labels(store: DatasetStore, dataset: int) -> None:
    red, blue = ({"part": Category("3001"), "colour": Category(colour)} for colour in ("red", "blue"))
    shots = frames(4)
    keep_frames(store, dataset, shots[:2], red, group="a", time=NOW)
    keep_frames(store, dataset, shots[2:3], blue, group="b", time=NOW)
    keep_frames(store, dataset, shots[3:], {"part": Category("3002")}, group="c", time=NOW)
    assert taken(store, dataset, ["part", "colour"]) == {("3001", "red"): 2, ("3001", "blue"): 1}
    assert taken(store, dataset, ["part"]) == {("3001",): 3, ("3002",): 1}


def test_a_label_that_does_not_fit_brings_nothing_in(store: DatasetStore, dataset: int) -> None:
    with pytest.raises(DatasetError):
        keep_frames(store, dataset, frames(1), {"part": Category("a cat")}, group="", time=NOW)
    assert store.count(dataset, Query()) == 0
