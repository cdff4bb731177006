"""Real networks over real files: each kind of answer becomes a label of its pictures, or a sentence."""

from __future__ import annotations

import hashlib
import os
import threading
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from models.errors import Cancelled, DatasetError
from models.library import load_model
from tests.models import made_models
from training.datasets.heads import HeadDef
from training.datasets.masks import read_mask
from training.datasets.records import Item, NewItem, Place
from training.datasets.store import DatasetStore
from training.datasets.values import Boxes, Category, Mask, Targets
from training.labelling.proposing import NotProposed, Proposal, Proposer, accept

MATERIAL = HeadDef("material", "categories", ("a", "b", "c", "d"))
HEADS = (
    MATERIAL,
    HeadDef("things", "boxes", ("a", "b", "c")),
    HeadDef("parts", "mask", tuple(f"part {number}" for number in range(6))),
    HeadDef("picture", "image"),
)


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    return made_models.pictures(tmp_path / "pictures", 6)


def dataset_of(store: DatasetStore, places: Sequence[tuple[Path, str]]) -> int:
    dataset = store.create("set", HEADS).id
    new = []
    for path, member in places:
        data = zipfile.ZipFile(path).read(member) if member else path.read_bytes()
        content = hashlib.sha256(data).digest()
        new.append(NewItem(content, os.fsencode(path), member, width=48, height=40, size=len(data)))
    store.add_items(dataset, new)
    return dataset


def proposed(
    model: Path, items: Sequence[Item], threshold: float | None = None
) -> tuple[list[Proposal], list[NotProposed]]:
    proposer = Proposer(load_model(model), HEADS, threads=2)
    made = [one for some in proposer.propose(items, threshold=threshold) for one in some]
    return (
        [one for one in made if isinstance(one, Proposal)],
        [one for one in made if isinstance(one, NotProposed)],
    )


@pytest.mark.parametrize(
    ("kind", "head", "form"),
    [
        ("categories", "material", Category),
        ("mask", "parts", Mask),
        ("boxes", "things", Boxes),
        ("image", "picture", Targets),
    ],
)
def test_each_kind_of_answer_becomes_a_label(
    store: DatasetStore, pictures: list[Path], tmp_path: Path, kind: str, head: str, form: type
) -> None:
    made_models.make(tmp_path / "model", kind)
    dataset = dataset_of(store, [(path, "") for path in pictures])
    proposals, refused = proposed(tmp_path / "model", store.items(dataset), 0.0)
    assert refused == []
    assert {one.item for one in proposals} == set(store.ids(dataset).tolist())
    assert {one.head for one in proposals} == {head}
    done = accept(store, dataset, proposals, annotator="Tiny", origin="model")
    assert len(done.items) == len(pictures)
    labels = store.labels(dataset, head)
    assert all(isinstance(value, form) for value in labels.values())
    for value in labels.values():
        if isinstance(value, Mask):
            assert read_mask(store.blobs, value).shape == (40, 48)
        elif isinstance(value, Boxes):
            for shape in value.shapes:
                assert 0 <= shape.left <= shape.left + shape.width <= 48
                assert 0 <= shape.top <= shape.top + shape.height <= 40
        elif isinstance(value, Targets):
            assert store.blobs.read(value.targets[0].blob).startswith(b"\x89PNG")


def test_items_inside_of_a_zip_alone(store: DatasetStore, pictures: list[Path], tmp_path: Path) -> None:
    made_models.make(tmp_path / "model")
    with zipfile.ZipFile(tmp_path / "some.zip", "w") as file:
        for path in pictures:
            file.write(path, path.name)
    dataset = dataset_of(store, [(tmp_path / "some.zip", path.name) for path in pictures[:2]])
    proposals, refused = proposed(tmp_path / "model", store.items(dataset))
    assert (len(proposals), refused) == (2, [])


def test_a_file_that_is_gone_changed_or_damaged_is_a_sentence_and_stops_nothing(
    store: DatasetStore, pictures: list[Path], tmp_path: Path
) -> None:
    made_models.make(tmp_path / "model")
    dataset = dataset_of(store, [(path, "") for path in pictures])
    pictures[0].unlink()
    pictures[1].write_bytes(pictures[5].read_bytes()[:60])
    other = made_models.pictures(tmp_path / "others", 8)[7]
    pictures[2].write_bytes(other.read_bytes())
    proposals, refused = proposed(tmp_path / "model", store.items(dataset))
    assert len(proposals) == 3
    words = {next(one.name for one in store.items(dataset) if one.id == some.item): some.words for some in refused}
    assert set(words) == {"0.png", "1.png", "2.png"}
    assert words["2.png"] == "2.png was changed since it came in; add it again."
    # Another copy is as good
    (tmp_path / "kept.png").write_bytes(made_models.pictures(tmp_path / "again", 6)[0].read_bytes())
    items = [one for one in store.items(dataset) if one.name == "0.png"]
    proposer = Proposer(load_model(tmp_path / "model"), HEADS)
    places = {items[0].id: [Place(os.fsencode(tmp_path / "kept.png"))]}
    (found,) = [one for some in proposer.propose(items, places=places) for one in some]
    assert isinstance(found, Proposal)


def test_the_answers_are_those_of_the_model(store: DatasetStore, pictures: list[Path], tmp_path: Path) -> None:
    made_models.make(tmp_path / "model")
    model = load_model(tmp_path / "model")
    dataset = dataset_of(store, [(path, "") for path in pictures])
    proposals, _ = proposed(tmp_path / "model", store.items(dataset))
    from models.pipeline import Answer, Pipeline

    answers = {
        one.content_hash: one for some in Pipeline(model, None).run(pictures) for one in some if isinstance(one, Answer)
    }
    for item in store.items(dataset):
        (one,) = [p for p in proposals if p.item == item.id]
        best = answers[item.content].best
        assert one.draft == Category(best.category)
        assert one.confidence == pytest.approx(best.confidence)
    assert np.unique([str(one.draft) for one in proposals]).size >= 1


def test_it_can_be_stopped(store: DatasetStore, pictures: list[Path], tmp_path: Path) -> None:
    made_models.make(tmp_path / "model")
    dataset = dataset_of(store, [(path, "") for path in pictures])
    cancel = threading.Event()
    cancel.set()
    proposer = Proposer(load_model(tmp_path / "model"), HEADS)
    with pytest.raises(Cancelled):
        list(proposer.propose(store.items(dataset), cancel=cancel))


def test_a_model_that_answers_nothing_here(tmp_path: Path) -> None:
    made_models.make(tmp_path / "model")
    with pytest.raises(DatasetError, match=r"Tiny can't answer animal: .*; choose another model"):
        Proposer(load_model(tmp_path / "model"), [HeadDef("animal", "categories", ("cat", "dog"))])
    proposer = Proposer(load_model(tmp_path / "model"), [MATERIAL, HeadDef("animal", "categories", ("cat", "dog"))])
    assert proposer.words == (
        "Tiny can't answer animal: it answers material (categories), with none of the same categories.",
    )
    assert proposer.name == "Tiny"
