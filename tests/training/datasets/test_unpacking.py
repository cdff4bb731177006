"""A zip of a labelled dataset comes in with its labels, whatever the format, and leaves nothing behind."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest

from models.errors import DatasetError
from training.datasets.attributes import Attributes
from training.datasets.bringing import bring_in
from training.datasets.records import Query
from training.datasets.store import DatasetStore
from training.datasets.unpacking import as_folder
from training.datasets.values import Boxes, Category


def picture(path: Path, shade: int, name: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(cv2.imencode(".png", np.full((6, 8, 3), shade, np.uint8))[1].tobytes())
    return path


def zipped(folder: Path, path: Path, below: str = "") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in sorted(folder.rglob("*")):
            if one.is_file():
                archive.write(one, below + one.relative_to(folder).as_posix())
    return path


def left(store: DatasetStore) -> list[Path]:
    return [one for one in (store.folder / "datasets").glob("*") if not one.name.isdigit()]


def folders(root: Path) -> Path:
    for at, name in enumerate(("train/wood/a", "train/stone/b", "val/wood/c", "val/unknown/d")):
        picture(root / f"{name}.png", 40 * at)
    return root


@pytest.mark.parametrize("below", ["", "holiday/", "deep/holiday/"])
def test_a_folder_for_each_category(below: str, store: DatasetStore, tmp_path: Path) -> None:
    path = zipped(folders(tmp_path / "given"), tmp_path / "woods.zip", below)
    done = bring_in(store, path)
    assert (done.dataset.name, done.format, done.items, done.problems) == ("woods", "folders", 4, ())
    path.unlink()  # what came in stands on its own
    items = store.items(done.dataset.id)
    assert {(item.split, item.labels.get("category")) for item in items} == {
        ("train", Category("stone")),
        ("train", Category("wood")),
        ("val", Category("wood")),
        ("val", None),
    }
    assert all(item.place.source.read() and not item.place.member for item in items)
    assert left(store) == []


def test_coco_with_a_picture_that_comes_twice_and_a_broken_one(store: DatasetStore, tmp_path: Path) -> None:
    given = tmp_path / "given"
    picture(given / "images" / "a.png", 1)
    picture(given / "images" / "again.png", 1)
    (given / "images" / "broken.png").write_bytes(b"nothing")
    names = ("a", "again", "broken")
    document = {
        "images": [{"id": at, "file_name": f"{one}.png"} for at, one in enumerate(names)],
        "categories": [{"id": 1, "name": "wood"}],
        "annotations": [{"id": 1, "image_id": 0, "category_id": 1, "bbox": [1, 1, 3, 2], "score": 0.5}],
    }
    (given / "instances_val.json").write_text(json.dumps(document))
    path = zipped(given, tmp_path / "x.zip", "x/")
    done = bring_in(store, path)
    assert (done.format, done.items, done.known, done.unreadable) == ("coco", 2, 1, 1)
    good, broken = store.items(done.dataset.id)
    value = good.labels["instances"]
    assert isinstance(value, Boxes)
    assert value.shapes[0].attributes == Attributes({"id": 1, "score": 0.5})
    assert [place.member for place in store.places(good.id)] == ["", "x/images/again.png"]
    assert (broken.place.member, broken.path) == ("x/images/broken.png", str(path).encode())
    assert store.places(good.id)[1].source.read() == good.place.source.read()
    assert left(store) == []


def test_an_empty_text_says_that_nothing_is_there(store: DatasetStore, tmp_path: Path) -> None:
    given = tmp_path / "given"
    picture(given / "images" / "train" / "a.png", 1)
    (given / "labels" / "train").mkdir(parents=True)
    (given / "labels" / "train" / "a.txt").touch()
    (given / "data.yaml").write_text("names: [wood]\ntrain: images/train\n")
    done = bring_in(store, zipped(given, tmp_path / "x.zip"))
    (item,) = store.items(done.dataset.id)
    assert (done.format, item.labels, item.split) == ("yolo", {"objects": Boxes()}, "train")


def test_what_is_no_dataset_leaves_nothing(store: DatasetStore, tmp_path: Path) -> None:
    picture(tmp_path / "given" / "a.png", 1)
    path = zipped(tmp_path / "given", tmp_path / "x.zip")
    with pytest.raises(DatasetError, match="add it to a dataset as pictures without labels"):
        bring_in(store, path)
    (tmp_path / "y.zip").write_bytes(b"no zip at all")
    with pytest.raises(DatasetError, match=r"y\.zip is not a zip archive"):
        bring_in(store, tmp_path / "y.zip")
    assert (left(store), store.datasets()) == ([], [])


def test_nothing_is_written_beside_the_folder(store: DatasetStore, tmp_path: Path) -> None:
    given = folders(tmp_path / "given")
    path = zipped(given, tmp_path / "x.zip", "x/")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("../../out.csv", "bad")
        archive.writestr("/etc/out.csv", "bad")
        archive.writestr("__MACOSX/x/._a.png", "bad")
    done = bring_in(store, path)
    assert len(done.problems) == 2
    assert all("leads out of its archive" in one for one in done.problems)
    assert list(tmp_path.rglob("out.csv")) == []
    assert store.count(done.dataset.id, Query()) == 4


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"a/{number}.txt", bytes(15 << 20))
    into = tmp_path / "into"
    with pytest.raises(DatasetError, match="unpacks to far more than pictures would"), as_folder(path, into):
        pass
    assert list(into.iterdir()) == []


def test_pictures_are_unpacked_only_when_they_are_wanted(tmp_path: Path) -> None:
    path = zipped(folders(tmp_path / "given"), tmp_path / "x.zip")
    with as_folder(path) as unpacked:
        assert unpacked.recognise() == "folders"
        sizes = [one.stat().st_size for one in unpacked.folder.rglob("*.png")]
        assert sizes == [0, 0, 0, 0]
        unpacked.fill()
        assert all(one.stat().st_size for one in unpacked.folder.rglob("*.png"))
        folder = unpacked.folder
    assert not folder.exists()
