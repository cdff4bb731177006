from __future__ import annotations

import hashlib
import shutil
import zipfile
from pathlib import Path

import pytest

from models.database import Database
from models.errors import DatasetError
from training.correction_record import Correction
from training.correction_store import TrainingDataStore
from training.datasets.from_corrections import from_corrections
from training.datasets.records import Label
from training.datasets.store import DatasetStore
from training.datasets.values import Category


def test_what_was_corrected_becomes_a_dataset(
    store: DatasetStore, database: Database, data: Path, tmp_path: Path
) -> None:
    corrections = TrainingDataStore(database)
    picture = data / "textures" / "brick" / "nex_brickfloor.jpg"
    content = hashlib.sha256(picture.read_bytes())
    gone = hashlib.sha256(b"gone")
    inside = shutil.copy(data / "textures" / "brick" / "nex_bricks01.jpg", tmp_path / "x.jpg")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(inside, "deep/x.jpg")
    member = hashlib.sha256(inside.read_bytes())
    corrections.record(picture, "stone", annotator="Ada")
    corrections.record(picture, "brick", annotator="Ben")
    corrections.record(picture, "red", head="colour")
    corrections.record(picture, "tile", model="another")
    corrections.record("/gone/a.png", "wood", texture_hash=gone.hexdigest(), image_width=8, image_height=4)
    corrections.record(tmp_path / "a.zip" / "deep" / "x.jpg", "brick", texture_hash=member.hexdigest())
    corrections.add([Correction("/no/hash.png", "metal"), Correction("/u.png", "unknown", texture_hash="ab" * 32)])

    dataset, added = from_corrections(store, corrections, name="Mine")
    assert (dataset.name, len(added.new)) == ("Mine", 3)
    assert [(head.name, head.categories) for head in dataset.heads] == [
        ("colour", ("red",)),
        ("material", ("brick", "wood")),
    ]
    items = {item.content: item for item in store.items(dataset.id)}
    assert items[content.digest()].labels == {"material": Category("brick"), "colour": Category("red")}
    assert (items[content.digest()].width, items[content.digest()].status) == (256, "ok")
    assert (items[gone.digest()].width, items[gone.digest()].height, items[gone.digest()].status) == (8, 4, "missing")
    assert items[member.digest()].place.member == "deep/x.jpg"
    assert items[member.digest()].place.source.read() == inside.read_bytes()
    fact = store.label_facts(dataset.id, "material")[items[content.digest()].id]
    current = corrections.labels("material")[content.digest()]
    assert fact == Label(Category("brick"), "Ben", current.timestamp, "person")
    assert corrections.count() == 8


def test_without_corrections_there_is_no_dataset(store: DatasetStore, database: Database) -> None:
    with pytest.raises(DatasetError, match="no corrections"):
        from_corrections(store, TrainingDataStore(database))
    assert store.datasets() == []
