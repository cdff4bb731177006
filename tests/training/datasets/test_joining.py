"""Labels that come into a dataset which is there: whether they fit, and what they say then."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import Cancelled, DatasetError
from tests.training.datasets.test_bringing import folders, picture
from tests.training.datasets.test_unpacking import left, zipped
from training.datasets.bringing import bring_in
from training.datasets.fitting import fit_heads
from training.datasets.heads import HeadDef
from training.datasets.joining import join
from training.datasets.masks import read_mask
from training.datasets.records import Query
from training.datasets.sending import send_out
from training.datasets.store import DatasetStore
from training.datasets.values import VALUES, Category, Mask


def names(store: DatasetStore, dataset: int, head: str) -> dict[str, str]:
    return {one.name: value.name for one in store.items(dataset) if isinstance(value := one.labels.get(head), Category)}


def test_a_labelled_folder_joins_by_the_name_of_its_question(store: DatasetStore, tmp_path: Path) -> None:
    dataset = bring_in(store, folders(tmp_path / "first")).dataset.id
    picture(tmp_path / "more" / "wood" / "a.png", 100)
    picture(tmp_path / "more" / "sky" / "b.png", 101)
    picture(tmp_path / "more" / "sky" / "again.png", 0)
    before = store.dataset(dataset)
    done = join(store, dataset, tmp_path / "more")
    assert (done.format, len(done.added.new), len(done.added.known), done.labels) == ("folders", 2, 1, {"category": 3})
    assert done.fit.new == {"category": ("sky",)}
    found = names(store, dataset, "category")
    assert (found["a.png"], found["b.png"], found["0.png"]) == ("wood", "sky", "stone")
    assert done.problems == ("1 picture had another label here already, which stays.",)
    store.undo(dataset)
    assert (store.count(dataset), store.dataset(dataset).heads) == (6, before.heads)


def test_a_question_of_another_name_fits_where_a_category_is_shared(store: DatasetStore, tmp_path: Path) -> None:
    folders(tmp_path / "more")
    dataset = store.create("walls", [HeadDef("material", "categories", ("wood", "glass"))]).id
    done = join(store, dataset, tmp_path / "more")
    assert done.fit.answers == {"category": "material"}
    assert store.dataset(dataset).heads[0].categories == ("wood", "glass", "stone")
    other = store.create("grades", [HeadDef("room", "categories", ("kitchen",)), HeadDef("worn", "grade")]).id
    left = join(store, other, tmp_path / "more")
    assert len(left.added.new) == 6
    assert left.labels == {}
    assert left.problems == (
        "The dataset asks nothing that category answers, so its labels stay out; add a question called category first.",
    )
    assert store.dataset(other).heads[0].categories == ("kitchen",)


def test_masks_are_numbered_as_the_dataset_lists_its_categories(store: DatasetStore, tmp_path: Path) -> None:
    picture(tmp_path / "images" / "a.png", 7)
    values = np.array([[0, 1, 255, 0, 0, 1]] * 4, np.uint8)
    (tmp_path / "masks").mkdir()
    (tmp_path / "masks" / "a.png").write_bytes(cv2.imencode(".png", values)[1].tobytes())
    (tmp_path / "classes.txt").write_text("ground\nsky\n")
    dataset = store.create("areas", [HeadDef("area", "mask", ("sky", "water"))]).id
    done = join(store, dataset, tmp_path)
    (item,) = store.items(dataset)
    assert done.fit.new == {"area": ("ground",)}
    assert store.dataset(dataset).heads[0].categories == ("sky", "water", "ground")
    mask = item.labels["area"]
    assert isinstance(mask, Mask)
    assert read_mask(store.blobs, mask)[0].tolist() == [2, 0, 255, 2, 2, 0]


def test_what_is_stopped_or_holds_nothing_changes_nothing(store: DatasetStore, tmp_path: Path) -> None:
    dataset = store.create("walls", [HeadDef("category", "categories")]).id
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        join(store, dataset, folders(tmp_path / "more"), cancel=stop)
    (tmp_path / "none" / "wood").mkdir(parents=True)
    with pytest.raises(DatasetError):
        join(store, dataset, tmp_path / "none", format="folders")
    assert store.steps(dataset) == []
    assert store.count(dataset, Query()) == 0


NAMES = st.sampled_from(["a", "b", "c", "d"])
HEADS = st.lists(
    st.builds(
        lambda name, kind, some: HeadDef(name, kind, () if kind in ("grade", "image") else tuple(some)),
        NAMES,
        st.sampled_from(sorted(VALUES)),
        st.lists(NAMES, unique=True),
    ),
    unique_by=lambda head: head.name,
    max_size=4,
)


@given(HEADS, HEADS)
def test_every_question_fits_one_of_its_kind_or_is_said_to_stay_out(
    asked: list[HeadDef], brought: list[HeadDef]
) -> None:
    fit = fit_heads(asked, brought)
    assert {*fit.answers, *fit.left_out} == {head.name for head in brought}
    assert not fit.answers.keys() & fit.left_out.keys()
    assert len(set(fit.answers.values())) == len(fit.answers)
    there, after = ({head.name: head for head in some} for some in (asked, fit.heads))
    assert list(there) == list(after)
    for head in brought:
        if head.name in fit.answers:
            into = after[fit.answers[head.name]]
            assert into.kind == head.kind
            assert set(head.categories) <= set(into.categories)
    for name, head in there.items():
        assert after[name].categories == (*head.categories, *fit.new.get(name, ()))


@pytest.mark.parametrize("kind", ["folders", "coco"])
def test_a_labelled_zip_joins_and_leaves_nothing_behind(kind: str, store: DatasetStore, tmp_path: Path) -> None:
    given = tmp_path / "given"
    if kind == "folders":
        picture(given / "train" / "wood" / "a.png", 100)
        picture(given / "val" / "sky" / "b.png", 101)
        head = HeadDef("category", "categories", ("wood",))
    else:
        picture(given / "images" / "a.png", 100)
        box = {"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 1, 2, 2]}
        document = {
            "images": [{"id": 1, "file_name": "a.png", "width": 6, "height": 4}],
            "categories": [{"id": 1, "name": "knob"}],
            "annotations": [box],
        }
        (given / "instances_val.json").write_text(json.dumps(document))
        head = HeadDef("instances", "boxes", ("wood",))
    path = zipped(given, tmp_path / "more.zip", "more/")
    dataset = store.create("mine", [head]).id
    before = store.dataset(dataset).heads
    done = join(store, dataset, path)
    path.unlink()  # what came in stands on its own
    count = len(done.added.new)
    assert (done.format, count, done.labels, done.problems) == (kind, count, {head.name: count}, ())
    assert count == (2 if kind == "folders" else 1)
    items = store.items(dataset)
    assert all(item.place.source.read() and not item.place.member and item.labels for item in items)
    assert {item.split for item in items} == ({"train", "val"} if kind == "folders" else {"val"})
    assert left(store) == []
    store.undo(dataset)
    assert (store.count(dataset), store.dataset(dataset).heads) == (0, before)


def test_a_fixed_split_stays_and_what_comes_keeps_its_own(store: DatasetStore, tmp_path: Path) -> None:
    first = bring_in(store, folders(tmp_path / "first")).dataset
    a, b, c, d, *_ = store.ids(first.id).tolist()
    store.set_splits(first.id, {a: "test", b: "test", c: "train", d: ""}, frozen=True)
    store.set_splits(first.id, {c: "train", d: ""}, frozen=False)
    whole = send_out(store, first.id, tmp_path / "whole").folder
    other = store.create("other", first.heads).id
    came = join(store, other, whole)
    assert came.problems == ()
    kept = {one.content: (one.split, one.frozen) for one in store.items(first.id)}
    assert {one.content: (one.split, one.frozen) for one in store.items(other)} == kept

    store.set_splits(other, {one.id: "val" for one in store.items(other)}, frozen=False)
    fixed = next(one for one in store.items(other) if kept[one.content] == ("train", False))
    loose = next(one for one in store.items(other) if kept[one.content] == ("test", True))
    store.set_splits(other, {fixed.id: "val"}, frozen=True)
    store.set_splits(other, {loose.id: ""}, frozen=False)
    again = join(store, other, whole)
    assert again.problems == ("2 pictures came with another split than the one here, which stays.",)
    now = {one.id: (one.split, one.frozen) for one in store.items(other)}
    assert now[fixed.id] == ("val", True)
    assert now[loose.id] == ("test", True)  # it had none, and took what came, fixed as it was
    store.undo(other)
    assert {one.id: one.frozen for one in store.items(other)}[loose.id] is False
