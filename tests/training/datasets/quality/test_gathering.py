from __future__ import annotations

import contextlib
import hashlib
import os
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from models.database import Database, open_cache
from models.errors import Cancelled, DatasetError
from models.images.resize import to_square
from tests.training.datasets.quality.making import scene
from training.datasets.heads import HeadDef
from training.datasets.quality.facts import Facts
from training.datasets.quality.finding import Finding, Relabel, SetSplits
from training.datasets.quality.fixes import apply_fix
from training.datasets.quality.gathering import gather
from training.datasets.quality.report import check
from training.datasets.quality.signal_cache import SignalCache
from training.datasets.quality.table import CHECKS
from training.datasets.records import NewItem, Split
from training.datasets.resplitting import release_test, resplit
from training.datasets.splitting import Ratios
from training.datasets.store import DatasetStore
from training.datasets.values import Category


class Means:
    """An embedder of 48 numbers: the colours of 4 x 4 places. Counts the pictures that it is given."""

    id = "means-1"
    dimensions = 48
    cached = True
    longest = 8

    def __init__(self) -> None:
        self.seen = 0

    def prepare(self, rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
        return to_square(rgb, 4)

    def embed(self, batch: NDArray[np.uint8]) -> NDArray[np.float16]:
        self.seen += len(batch)
        return (batch.reshape(len(batch), -1) / 255).astype(np.float16)


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Database]:
    (tmp_path / "cache").mkdir()
    with contextlib.closing(open_cache(tmp_path / "cache")) as opened:
        yield opened


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    folder.mkdir()
    return folder


def write(folder: Path, name: str, rgb: NDArray[np.uint8]) -> Path:
    path = folder / name
    path.write_bytes(cv2.imencode(path.suffix, np.ascontiguousarray(rgb[..., ::-1]))[1].tobytes())
    return path


def bring(
    store: DatasetStore, paths: Sequence[Path], labels: Sequence[str] = (), splits: Sequence[Split] = ()
) -> tuple[int, list[int]]:
    """A dataset of files; its id, and those of its items."""
    dataset = store.create("Pictures", [HeadDef("material", "categories", ("stone", "wood", "never"))]).id
    items = [
        NewItem(
            hashlib.sha256(path.read_bytes()).digest(),
            os.fsencode(path),
            size=path.stat().st_size,
            mtime_ns=path.stat().st_mtime_ns,
            labels={"material": Category(labels[row])} if labels else {},
            split=splits[row] if splits else "",
        )
        for row, path in enumerate(paths)
    ]
    return dataset, list(store.add_items(dataset, items).new)


def named(facts: Facts, kind: str) -> Finding:
    (found,) = [one for one in check(facts, with_map=False).findings if one.kind == kind]
    return found


def test_a_second_look_reads_no_file(store: DatasetStore, cache: Database, pictures: Path) -> None:
    paths = [write(pictures, f"{seed}.png", scene(seed)) for seed in range(40)]
    dataset, _ = bring(store, paths)
    embedder = Means()
    first = gather(store, dataset, cache, embedder)
    assert embedder.seen == 40
    for path in paths[:20]:  # same size, same time: taken for the same
        facts = path.stat()
        path.write_bytes(b"\0" * facts.st_size)
        os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    second = gather(store, dataset, cache, embedder)
    assert embedder.seen == 40
    assert second.signals.tobytes() == first.signals.tobytes()
    assert np.array_equal(second.embeddings, first.embeddings)
    assert second.faults == {}


def test_what_is_gone_changed_or_damaged_is_told_apart(store: DatasetStore, cache: Database, pictures: Path) -> None:
    paths = [write(pictures, f"{seed}.png", scene(seed)) for seed in range(4)]
    paths[3].write_bytes(paths[3].read_bytes()[:400])
    dataset, items = bring(store, paths)
    paths[0].unlink()
    write(pictures, "1.png", scene(9))
    facts = gather(store, dataset, cache, Means())
    assert facts.measured.tolist() == [False, False, True, False]
    missing, unreadable = named(facts, "missing"), named(facts, "unreadable")
    assert missing.items == (items[0],)
    assert unreadable.items == (items[1], items[3])
    assert "was changed since it came in" in unreadable.notes[items[1]]
    assert apply_fix(store, dataset, unreadable) is not None
    assert store.ids(dataset).tolist() == [items[0], items[2]]
    store.undo(dataset)
    assert store.count(dataset) == 4


def test_another_place_of_the_same_content_will_do(store: DatasetStore, cache: Database, pictures: Path) -> None:
    path, copy = (write(pictures, name, scene(0)) for name in ("a.png", "b.png"))
    dataset, items = bring(store, [path, copy])
    path.unlink()
    facts = gather(store, dataset, cache, Means())
    assert facts.measured.all()
    assert named(facts, "exact-duplicates").items == (items[0],)


def test_contents_of_another_dataset_are_found_and_its_trash_is_not(
    store: DatasetStore, cache: Database, pictures: Path
) -> None:
    paths = [write(pictures, f"{seed}.png", scene(seed)) for seed in range(3)]
    other, others = bring(store, paths[:2])
    store.trash_items(other, others[:1])
    dataset, items = bring(store, paths)
    found = named(gather(store, dataset, cache, None), "other-datasets")
    assert found.items == (items[1],)
    store.trash(other)
    assert gather(store, dataset, cache, None).elsewhere == {}


def test_a_cancelled_look_keeps_what_it_has_measured(store: DatasetStore, cache: Database, pictures: Path) -> None:
    paths = [write(pictures, f"{seed}.png", scene(seed, 32)) for seed in range(200)]
    dataset, _ = bring(store, paths)
    cancel = threading.Event()
    with pytest.raises(Cancelled):
        gather(store, dataset, cache, Means(), threads=1, cancel=cancel, on_progress=lambda _: cancel.set())
    contents = [one.content for one in store.items(dataset)]
    known = len(SignalCache(cache).get(contents))
    assert 0 < known < 200


def test_signals_of_another_version_or_cut_short_are_forgotten(cache: Database) -> None:
    with cache.transaction() as connection:
        connection.execute("INSERT INTO picture_signals VALUES (?, 0, ?)", (b"a" * 32, b"x"))
        connection.execute("INSERT INTO picture_signals VALUES (?, 1, ?)", (b"b" * 32, b"x"))
    assert SignalCache(cache).get([b"a" * 32, b"b" * 32]) == {}


def test_each_fix_is_one_step_back(store: DatasetStore, cache: Database, pictures: Path) -> None:
    paths = [write(pictures, f"{seed}.png", scene(seed)) for seed in range(30)]
    paths += [write(pictures, f"again{seed}.png", cv2.resize(scene(seed), (96, 96))) for seed in range(3)]
    labels = ["stone", "wood"] * 15 + ["stone", "wood", "wood"]
    splits: list[Split] = ["train"] * 20 + ["test"] * 10 + ["test", "train", "val"]
    dataset, items = bring(store, paths, labels, splits)
    before = store.current(dataset)
    facts = gather(store, dataset, cache, Means())
    for kind in ("leaks", "near-duplicates", "label-consistency", "unused-categories"):
        finding = named(facts, kind)
        assert apply_fix(store, dataset, finding) is not None, kind
        assert store.current(dataset) != before, kind
        store.undo(dataset)
        assert store.current(dataset) == before, kind
    found = named(facts, "near-duplicates")
    apply_fix(store, dataset, found, only=items[:31])  # what is for test and validation is kept
    assert set(items) - set(store.ids(dataset).tolist()) == {items[0], items[2]}
    leak = named(facts, "leaks").fix
    assert isinstance(leak, SetSplits)
    assert set(leak.splits) == {items[30], items[32]}
    contradiction = named(facts, "label-consistency").fix
    assert isinstance(contradiction, Relabel)
    assert set(contradiction.labels) == {items[2], items[32]}


def test_only_the_kinds_that_are_asked_for(store: DatasetStore, cache: Database, pictures: Path) -> None:
    sides = (128, 100, 90)
    dataset, _ = bring(store, [write(pictures, f"{side}.png", cv2.resize(scene(0), (side, side))) for side in sides])
    report = check(gather(store, dataset, cache, None), kinds=["near-duplicates"], with_map=False)
    assert [one.kind for one in report.findings] == ["near-duplicates"]
    kinds = [kind for one in CHECKS for kind in one.kinds]
    assert len(set(kinds)) == len(kinds)


def test_dividing_keeps_look_alikes_and_series_together_and_the_frozen_test_set(
    store: DatasetStore, pictures: Path
) -> None:
    names = [f"{'wall' if row % 2 else 'plank'}{chr(97 + row // 6)}_{row}.png" for row in range(60)]
    paths = [write(pictures, name, scene(row, 16)) for row, name in enumerate(names)]
    dataset, items = bring(store, paths, ["stone" if row % 2 else "wood" for row in range(60)])
    done = resplit(store, dataset, "grouped", look_alikes=[items[:8]], freeze_test=True)
    assert sum(done.counts.values()) == 60
    assert done.counts["test"] > 0
    first = {one.id: one.split for one in store.items(dataset)}
    assert len({first[item] for item in items[:8]}) == 1
    for start in range(6, 60, 6):
        for row in (start, start + 1):
            assert len({first[items[other]] for other in range(row, start + 6, 2)}) == 1
    again = resplit(store, dataset, "grouped", seed=5)
    second = {one.id: one.split for one in store.items(dataset)}
    assert {item for item, split in first.items() if split == "test"} == {
        item for item, split in second.items() if split == "test"
    }
    assert "frozen test set was kept" in " ".join(again.notices)
    assert release_test(store, dataset) is not None
    resplit(store, dataset, "ratio", Ratios(1, 0, 0))
    assert store.split_counts(dataset)["train"] == 60


def test_a_split_that_can_not_be_changes_nothing(store: DatasetStore, pictures: Path) -> None:
    paths = [write(pictures, f"{row}.png", scene(row, 16)) for row in range(4)]
    dataset, _ = bring(store, paths)
    before = store.current(dataset)
    with pytest.raises(DatasetError, match="No picture comes from real"):
        resplit(store, dataset, "source")
    assert store.current(dataset) == before
