"""What comes in and goes out again: through the store, whole or not at all."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest

from models.database import Database
from models.errors import Cancelled, DatasetError
from models.progress import Progress
from tests.conftest import ROOT
from training.datasets import bringing
from training.datasets.bringing import Imported, bring_in
from training.datasets.formats import FORMATS
from training.datasets.heads import HeadDef
from training.datasets.masks import read_mask
from training.datasets.records import NewItem, Query
from training.datasets.sending import send_out
from training.datasets.store import DatasetStore
from training.datasets.values import Boxes, Category, Grade, Mask, Targets


def picture(path: Path, grey: int, *, size: tuple[int, int] = (6, 4)) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(cv2.imencode(".png", np.full((size[1], size[0], 3), grey, np.uint8))[1].tobytes())
    return path


def folders(root: Path, count: int = 6) -> Path:
    for number in range(count):
        picture(root / ("wood" if number % 2 else "stone") / f"{number}.png", number)
    return root


def said(store: DatasetStore, dataset: int) -> list[tuple[object, ...]]:
    """All that is known of all items, but for their ids and times."""
    found: list[tuple[object, ...]] = []
    for item in store.items(dataset):
        labels = []
        for head, value in sorted(item.labels.items()):
            if isinstance(value, Mask):
                labels.append((head, read_mask(store.blobs, value).tobytes()))
            elif isinstance(value, Targets):
                files = [
                    (store.blobs.path(one.blob) if one.blob else Path(one.path), one.role, dict(one.params))
                    for one in value.targets
                ]
                labels.append((head, str([(path.read_bytes(), role, params) for path, role, params in files])))
            else:
                labels.append((head, str(value.to_json())))
        found.append((item.content, item.width, item.height, item.split, item.source, item.group, tuple(labels)))
    return sorted(found, key=lambda one: str(one[0]))


@pytest.mark.parametrize("name", ["textures", "parts", "cards", "furniture", "photometric"])
def test_the_real_sets_come_in_go_out_and_come_in_again(
    name: str, data: Path, store: DatasetStore, tmp_path: Path
) -> None:
    came = bring_in(store, data / name)
    sent = send_out(store, came.dataset.id, tmp_path / "out")
    assert (sent.items, sent.problems) == (came.items, ())
    again = bring_in(store, tmp_path / "out")
    assert (again.format, again.problems, again.labels) == ("layout", (), came.labels)
    plainly = [HeadDef(one.name, one.kind, one.categories, one.options) for one in came.dataset.heads]
    assert [HeadDef(one.name, one.kind, one.categories, one.options) for one in again.dataset.heads] == plainly
    assert said(store, again.dataset.id) == said(store, came.dataset.id)
    own = FORMATS[came.format]
    send_out(store, came.dataset.id, tmp_path / "own", came.format)
    back = bring_in(store, tmp_path / "own", format=came.format)
    assert own.recognise(tmp_path / "own") > 0
    if name != "furniture":  # its table has no boxes
        assert said(store, back.dataset.id) == said(store, came.dataset.id)


def counts(store: DatasetStore, came: Imported, head: str) -> dict[str, int]:
    return {category: count for category, count in store.category_counts(came.dataset.id, head).items() if count}


def test_what_the_readmes_say_is_what_comes_in(data: Path, store: DatasetStore) -> None:
    textures = bring_in(store, data / "textures")
    assert (textures.items, textures.labels, textures.known) == (1160, {"category": 1160}, 0)
    assert store.split_counts(textures.dataset.id) == {"train": 795, "val": 182, "test": 183, "": 0}
    assert counts(store, textures, "category")["liquid"] == 36
    parts = bring_in(store, data / "parts")
    assert (parts.items, parts.labels) == (3600, {"part": 3600, "color": 2640})
    assert store.source_counts(parts.dataset.id) == {"b200c": 960, "legacy": 1440, "real": 1200}
    assert store.split_counts(parts.dataset.id) == {"train": 840, "val": 180, "test": 180, "": 2400}
    assert {len(counts(store, parts, "part")), len(counts(store, parts, "color"))} == {40, 12}
    assert store.count(parts.dataset.id, Query(head="color", unlabelled=True)) == 960
    cards = bring_in(store, data / "cards")
    assert store.split_counts(cards.dataset.id) == {"train": 140, "val": 30, "test": 30, "": 0}
    assert (cards.items, set(cards.labels.values())) == (200, {200})
    labels = store.items(cards.dataset.id)[0].labels
    assert (labels["corner top right"], labels["centring left right"]) == (Grade(8), Grade(56.08))
    defects = store.labels(cards.dataset.id, "defects").values()
    assert sum(len(one.shapes) for one in defects if isinstance(one, Boxes)) == 401
    furniture = bring_in(store, data / "furniture")
    assert (furniture.items, furniture.labels) == (84, {"recoloured": 28, "component": 84, "instances": 84})
    assert store.split_counts(furniture.dataset.id) == {"train": 54, "val": 12, "test": 18, "": 0}
    recoloured = store.labels(furniture.dataset.id, "recoloured").values()
    assert [len(one.targets) for one in recoloured if isinstance(one, Targets)] == [2] * 28
    assert len({item.group for item in store.items(furniture.dataset.id)}) == 28
    photometric = bring_in(store, data / "photometric")
    assert (photometric.items, set(photometric.labels.values())) == (48, {48})


def test_an_import_is_one_step_and_its_files_stay(tmp_path: Path, store: DatasetStore) -> None:
    root = folders(tmp_path / "set")
    shutil.copy(root / "wood" / "1.png", root / "wood" / "again.png")
    shutil.copy(root / "wood" / "1.png", root / "stone" / "differs.png")
    seen: list[Progress] = []
    came = bring_in(store, root, name="Walls", annotator="Anna", on_progress=seen.append)
    assert (came.dataset.name, came.items, came.known, seen[-1].done) == ("Walls", 6, 2, 8)
    assert "2 pictures have the content of another one" in came.problems[-1]
    (step,) = store.steps(came.dataset.id)
    assert (step.action, step.items) == ("Imported 6 pictures from set", 6)
    item = store.items(came.dataset.id, where=Query(text="0.png"))[0]
    assert item.path == os.fsencode(root / "stone" / "0.png")
    store.undo(came.dataset.id)
    assert store.count(came.dataset.id) == 0
    store.redo(came.dataset.id)
    assert (
        store.count(came.dataset.id, Query(head="category", category="wood"))
        + store.count(came.dataset.id, Query(head="category", category="stone"))
        == 6
    )
    with pytest.raises(DatasetError, match="can't name a dataset"):
        bring_in(store, root, name="\n")


def test_copies_stand_on_their_own(tmp_path: Path, store: DatasetStore) -> None:
    root = folders(tmp_path / "set")
    came = bring_in(store, root, copy=True)
    shutil.rmtree(root)
    assert send_out(store, came.dataset.id, tmp_path / "out", "folders").items == 6
    assert len(list((tmp_path / "out" / "wood").iterdir())) == 3


def test_many_pieces_and_contents_that_come_in_several(tmp_path: Path, store: DatasetStore) -> None:
    root, count = tmp_path / "many", bringing.PIECE + 50
    body = picture(tmp_path / "one.png", 7).read_bytes()
    for number in range(count):
        path = root / "a" / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body + number.to_bytes(4, "big"))  # what follows the picture makes each another content
    picture(root / "b" / "last.png", 7).write_bytes(body + (3).to_bytes(4, "big"))
    came = bring_in(store, root)
    assert (came.items, came.known, len(store.steps(came.dataset.id))) == (count, 1, 1)
    assert any("category is said differently; the first counts" in one for one in came.problems)
    store.undo(came.dataset.id)
    store.redo(came.dataset.id)
    assert store.count(came.dataset.id, Query(head="category", category="a")) == count


def test_broken_pictures_are_marked_and_wrong_sizes_lose_their_boxes(tmp_path: Path, store: DatasetStore) -> None:
    picture(tmp_path / "images" / "good.png", 1)
    picture(tmp_path / "images" / "other.png", 2)
    (tmp_path / "images" / "empty.png").write_bytes(b"")
    (tmp_path / "images" / "text.png").write_bytes(b"not a picture")
    sizes = {"good.png": (6, 4), "other.png": (60, 40), "empty.png": (6, 4), "text.png": (6, 4)}
    images = [
        f'{{"id": {number}, "file_name": "{name}", "width": {width}, "height": {height}}}'
        for number, (name, (width, height)) in enumerate(sizes.items())
    ]
    boxes = [f'{{"image_id": {number}, "category_id": 1, "bbox": [0, 0, 1, 1]}}' for number in range(4)]
    kinds = '[{"id": 1, "name": "x"}]'
    text = f'{{"images": [{",".join(images)}], "annotations": [{",".join(boxes)}], "categories": {kinds}}}'
    (tmp_path / "train.json").write_text(text)
    came = bring_in(store, tmp_path)
    assert (came.items, came.unreadable, came.labels) == (4, 2, {"objects": 3})
    assert came.problems == (
        "other.png has 6 x 4 pixels where 60 x 40 are said; its boxes and masks were left out.",
        "empty.png is empty (0 bytes); copy it again from where it came from.",
        "text.png holds text, not a picture; leave it out.",
    )


def test_a_stopped_or_failed_import_leaves_nothing(tmp_path: Path, store: DatasetStore) -> None:
    root = folders(tmp_path / "set")
    cancel = threading.Event()

    def stop(progress: Progress) -> None:
        if progress.done == 3:
            cancel.set()

    with pytest.raises(Cancelled):
        bring_in(store, root, copy=True, cancel=cancel, on_progress=stop)
    assert (store.datasets(), store.datasets(trashed=True)) == ([], [])
    assert not any((store.folder / "datasets").glob("*/files/*/*"))
    empty = tmp_path / "labels.csv"
    empty.write_text("file,label\ngone.png,x\n")
    with pytest.raises(DatasetError, match=r"holds no picture that can come in. gone.png of labels.csv is not there"):
        bring_in(store, empty)
    assert (store.datasets(), store.datasets(trashed=True)) == ([], [])


VICTIM = """
import os, signal, sys
from pathlib import Path
from models.database import open_workspace
from training.datasets import bringing
from training.datasets.store import DatasetStore
bringing.PIECE = 2
def stop(progress):
    if progress.done == 5:
        os.kill(os.getpid(), signal.SIGKILL)
bringing.bring_in(DatasetStore(open_workspace(Path(sys.argv[1]))), Path(sys.argv[2]), on_progress=stop)
"""


@pytest.mark.skipif(os.name == "nt", reason="kills by signal")
def test_a_killed_import_is_in_the_trash_and_says_so(tmp_path: Path, store: DatasetStore, database: Database) -> None:
    root = folders(tmp_path / "set")
    done = subprocess.run([sys.executable, "-c", VICTIM, store.folder, root], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    assert store.datasets() == []
    assert [one.name for one in store.datasets(trashed=True)] == ["set (unfinished import)"]
    assert database.query("PRAGMA integrity_check") == [("ok",)]
    assert bring_in(store, root).items == 6


def test_an_export_is_whole_or_not_there(tmp_path: Path, store: DatasetStore) -> None:
    came = bring_in(store, folders(tmp_path / "set"))
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("keep")
    with pytest.raises(DatasetError, match="is there already"):
        send_out(store, came.dataset.id, tmp_path / "full")
    cancel = threading.Event()
    with pytest.raises(Cancelled):
        send_out(store, came.dataset.id, tmp_path / "out", cancel=cancel, on_progress=lambda _: cancel.set())
    with pytest.raises(DatasetError, match="has no boxes"):
        send_out(store, came.dataset.id, tmp_path / "out", "coco")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["full", "home", "set"]
    (tmp_path / "set" / "wood" / "1.png").unlink()
    (tmp_path / "out").mkdir()
    sent = send_out(store, came.dataset.id, tmp_path / "out", "csv")
    assert sent.items == 5
    assert len(sent.problems) == 1
    assert "wood/1.png is not there any more and was left out" in sent.problems[0]


def test_items_in_zips_go_out_too(tmp_path: Path, store: DatasetStore) -> None:
    path = picture(tmp_path / "a.png", 3)
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.write(path, "inner/a.png")
    dataset = store.create("zipped", [HeadDef("what", "categories", ("x",))])
    labels = {"what": Category("x")}
    item = NewItem(b"1" * 32, os.fsencode(tmp_path / "all.zip"), "inner/a.png", width=6, height=4, labels=labels)
    store.add_items(dataset.id, [item])
    assert send_out(store, dataset.id, tmp_path / "out", "folders").items == 1
    assert (tmp_path / "out" / "x" / "a.png").read_bytes() == path.read_bytes()


def test_who_said_it_and_what_is_fixed_goes_along(tmp_path: Path, store: DatasetStore) -> None:
    came = bring_in(store, folders(tmp_path / "set"), annotator="Anna")
    first, second, *_ = (item.id for item in store.items(came.dataset.id))
    store.set_labels(came.dataset.id, "category", {first: Category("wood")}, annotator="Ben")
    store.set_splits(came.dataset.id, {first: "test", second: "train"}, frozen=True)
    before = store.label_facts(came.dataset.id, "category")
    assert send_out(store, came.dataset.id, tmp_path / "out").problems == ()
    again = bring_in(store, tmp_path / "out", annotator="Nobody")
    after = store.label_facts(again.dataset.id, "category")
    contents = {item.id: item.content for dataset in (came, again) for item in store.items(dataset.dataset.id)}
    assert {contents[item]: label for item, label in after.items()} == {
        contents[item]: label for item, label in before.items()
    }
    fixed = {item.content: item.split for item in store.items(again.dataset.id) if item.frozen}
    assert fixed == {contents[first]: "test", contents[second]: "train"}
    assert len(store.steps(again.dataset.id)) == 1
    sent = send_out(store, came.dataset.id, tmp_path / "plain", "folders")
    assert sent.problems == ("A folder for each category does not say who gave a label and when: that is left out.",)
