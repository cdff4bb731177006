"""Which pictures and labels a model is tried on."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.actions.quantize import read_pictures
from models.errors import LabelError, ModelError
from tests.models.made_models import make, pictures


def test_labels_that_the_model_knows_come_along(data: Path) -> None:
    found = read_pictures(None, data / "textures", split="val")
    assert found.head == "material"
    assert found.labels is not None
    assert len(found.labels) == len(found.paths) == 182
    assert None not in found.labels


def test_folders_named_otherwise_are_pictures_without_labels(tmp_path: Path) -> None:
    make(tmp_path / "m")
    pictures(tmp_path / "p" / "holidays", 3)
    pictures(tmp_path / "p", 2)
    found = read_pictures(tmp_path / "m", tmp_path / "p")
    assert (len(found.paths), found.labels, found.head) == (5, None, None)
    assert len(read_pictures(tmp_path / "m", tmp_path / "p", most=2).paths) == 2


def test_labels_of_something_the_model_does_not_know_are_none(tmp_path: Path) -> None:
    make(tmp_path / "m")
    pictures(tmp_path / "p" / "A", 2)
    pictures(tmp_path / "p" / "else", 1)
    found = read_pictures(tmp_path / "m", tmp_path / "p")
    assert found.labels is not None
    assert sorted(map(str, found.labels)) == ["None", "a", "a"]


def test_what_is_wrong_is_one_sentence(tmp_path: Path) -> None:
    make(tmp_path / "m")
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelError, match="There are no pictures in"):
        read_pictures(tmp_path / "m", tmp_path / "empty")
    table = tmp_path / "t.csv"
    table.write_text("name,label\n")
    with pytest.raises(LabelError, match="has no column file"):
        read_pictures(tmp_path / "m", table)
    with pytest.raises(LabelError, match="has no folder test"):
        read_pictures(tmp_path / "m", tmp_path / "empty", split="test")
