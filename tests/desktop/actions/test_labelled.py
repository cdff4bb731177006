"""A folder, a table or a dataset as labelled pictures."""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path

import pytest

from desktop.actions.labelled import ChosenDataset, dataset_pictures, find_labelled, list_choices, read_on
from desktop.actions.quantize import read_pictures
from models.database import open_workspace
from models.errors import DatasetError, LabelError, ModelError
from tests.desktop.actions.datasets import category_dataset
from tests.models.made_models import make
from training.datasets.heads import HeadDef
from training.datasets.records import NewItem
from training.datasets.store import DatasetStore
from training.datasets.values import Category


def picture(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"not opened")
    return path


@pytest.fixture
def walls(tmp_path: Path) -> ChosenDataset:
    files = {picture(tmp_path / "files" / f"{n}.png"): ("a", "b", None)[n % 3] for n in range(9)}
    dataset = category_dataset("Walls", files, splits=["train"] * 6 + ["val"] * 3)
    return ChosenDataset(dataset, "Walls")


def test_a_path_that_is_there_wins_over_a_dataset_of_that_name(
    walls: ChosenDataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_labelled("walls") == walls
    assert find_labelled(str(walls.id)) == walls
    (tmp_path / "walls").mkdir()
    assert find_labelled("walls") == Path("walls")
    assert find_labelled(" Walls ") == walls
    with pytest.raises(LabelError, match=r"is not there; name a folder .* or a dataset \(there are: Walls\)\."):
        find_labelled("floors")
    category_dataset("WALLS", {})
    with pytest.raises(DatasetError, match="Several datasets are called"):
        find_labelled("Walls ")


def test_items_with_labels_of_a_split_are_a_set(walls: ChosenDataset, tmp_path: Path) -> None:
    found = read_on(walls)
    assert dict(found.items) == {tmp_path / "files" / f"{n}.png": "ab"[n % 3] for n in range(9) if n % 3 < 2}
    assert found.categories == ("a", "b")
    assert found.problems == ("3 pictures of Walls without a label of material left out.",)
    assert [path.name for path, _ in read_on(walls, split="Validation").items] == ["6.png", "7.png"]
    assert len(dataset_pictures(walls, split="val")) == 3
    with pytest.raises(LabelError, match="Walls has no split best; choose train, val or test"):
        read_on(walls, split="best")
    with pytest.raises(LabelError, match="Walls has no picture in test with a label of material that counts"):
        read_on(walls, split="test")
    assert str(walls) == "Dataset Walls"


def test_what_lies_elsewhere_nowhere_or_in_a_zip_and_what_a_model_said(walls: ChosenDataset, tmp_path: Path) -> None:
    for number in (0, 1, 3):
        (tmp_path / "files" / f"{number}.png").unlink()
    copy = picture(tmp_path / "copy.png")
    with contextlib.closing(open_workspace()) as database:
        store = DatasetStore(database)
        ids = store.ids(walls.id).tolist()
        first = os.fsencode(tmp_path / "files" / "0.png")
        store.add_items(walls.id, [NewItem(hashlib.sha256(first).digest(), os.fsencode(copy))])
        store.set_labels(walls.id, "material", {ids[4]: Category("a")}, origin="model")
        zipped = NewItem(b"z" * 32, os.fsencode(copy), "in.png", labels={"material": Category("b")})
        store.add_items(walls.id, [zipped])
    found = read_on(walls)
    assert sorted(path.name for path, _ in found.items) == ["6.png", "7.png", "copy.png"]
    assert found.problems == (
        "3 pictures of Walls without a label of material left out.",
        "1 picture of Walls left out, whose label a model gave and nobody has looked at.",
        "3 pictures of Walls left out, which are gone or lie in a zip.",
    )


def test_which_question_of_a_dataset_is_meant(tmp_path: Path) -> None:
    one = picture(tmp_path / "a.png")
    with contextlib.closing(open_workspace()) as database:
        store = DatasetStore(database)
        heads = [
            HeadDef("things", "tags", ("x",)),
            HeadDef("part", "categories", ("screw",)),
            HeadDef("Colour", "categories", ("red",)),
        ]
        made = store.create("Parts", heads)
        none = store.create("Nothing", heads[:1])
        labels = {"part": Category("screw"), "Colour": Category("red")}
        store.add_items(made.id, [NewItem(b"a" * 32, os.fsencode(one), labels=labels)])
    parts = ChosenDataset(made.id, "Parts")
    assert read_on(parts).categories == ("screw",)
    assert read_on(parts, head="colour").categories == ("red",)
    assert read_on(parts, like=["material", "colour"]).categories == ("red",)
    with pytest.raises(LabelError, match=r"Parts has no question size that is .* categories; such are: part, Colour"):
        read_on(parts, head="size")
    with pytest.raises(
        LabelError, match="Nothing has no question that is answered with one of its categories; such are: none"
    ):
        read_on(ChosenDataset(none.id, "Nothing"))
    assert list_choices(labelled=True) == [parts]
    assert [one.name for one in list_choices(labelled=False)] == ["Parts", "Nothing"]


def test_a_model_is_tried_on_a_dataset_with_labels_it_knows_or_without(walls: ChosenDataset, tmp_path: Path) -> None:
    make(tmp_path / "m")
    found = read_pictures(tmp_path / "m", walls)
    assert found.labels is not None
    assert (found.labels.count("a"), len(found.labels)) == (3, 6)
    starter = read_pictures(None, walls, split="val")
    assert (len(starter.paths), starter.labels) == (3, None)
    with pytest.raises(ModelError, match="Empty has no picture that is there"):
        read_pictures(None, ChosenDataset(category_dataset("Empty", {}), "Empty"))
