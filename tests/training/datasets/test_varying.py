"""Items become samples and their labels come back, at any size."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from models.database import open_workspace
from models.errors import Cancelled, DatasetError
from training.augmentation.augmenter import Augmenter
from training.augmentation.config import AugmentationConfig
from training.augmentation.geometry import Flip, Rotate, Rotate90, Scale, Shift
from training.augmentation.occlusion import Background
from training.datasets.attributes import Attributes
from training.datasets.bringing import bring_in
from training.datasets.formats import rle
from training.datasets.heads import HeadDef
from training.datasets.masks import put_mask, read_mask
from training.datasets.records import Dataset, Item, NewItem
from training.datasets.sending_varied import send_varied
from training.datasets.shapes import Rle, Shape
from training.datasets.store import DatasetStore
from training.datasets.values import Boxes, Category, Grade, Mask, Target, Targets
from training.datasets.varying import labels_after, load, variant_index

WIDTH, HEIGHT = 80, 60
HEADS = (
    HeadDef("kind", "categories", ("plain",)),
    HeadDef("part", "mask", ("background", "front", "side")),
    HeadDef("things", "boxes", ("knob", "crowd", "whole")),
    HeadDef("border", "boxes", ("card",), {"quads": True}),
    HeadDef("score", "grade", options={"low": 1, "high": 10}),
    HeadDef("recoloured", "image"),
)
OUTLINE = (10.0, 10.0, 40.0, 10.0, 40.0, 30.0, 10.0, 30.0)
QUAD = (5.0, 5.0, 70.0, 6.0, 71.0, 55.0, 4.0, 54.0)


def square_mask() -> NDArray[np.uint8]:
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    mask[20:40, 30:60] = 1
    mask[25:30, 35:40] = 2
    return mask


def runs(mask: NDArray[np.uint8]) -> Rle:
    flat = np.concatenate([[0], mask.T.ravel()])
    ends = np.concatenate([[0], np.flatnonzero(np.diff(flat.astype(int))), [mask.size]])
    return Rle(tuple(int(one) for one in np.diff(ends)), *mask.shape)


@pytest.fixture
def store(workspace: Path) -> Iterator[DatasetStore]:
    workspace.mkdir(exist_ok=True)
    with contextlib.closing(open_workspace(workspace)) as database:
        yield DatasetStore(database)


@pytest.fixture
def dataset(store: DatasetStore, tmp_path: Path) -> Dataset:
    """Two pictures with labels of every kind."""
    made = store.create("Everything", HEADS)
    items = []
    for number in range(2):
        pixels = np.random.default_rng(number).integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)
        path = tmp_path / f"{number}.png"
        cv2.imwrite(str(path), pixels)
        crowd = (square_mask() > 0).view(np.uint8)
        shapes = (
            Shape("knob", 10, 10, 30, 20, (OUTLINE,), attributes={"occluded": True}),
            Shape("crowd", 30, 20, 30, 20, rle=runs(crowd), crowd=True),
            Shape("whole", -5, 0, 50, 20),
        )
        labels = {
            "kind": Category("plain"),
            "part": put_mask(store.blobs, square_mask()),
            "things": Boxes(shapes),
            "border": Boxes((Shape("card", 4, 5, 67, 50, (QUAD,)),)),
            "score": Grade(7),
            "recoloured": Targets((Target(path=str(path), role="recoloured"),)),
        }
        content = hashlib.sha256(path.read_bytes()).digest()
        items.append(
            NewItem(
                content,
                os.fsencode(path),
                labels=labels,
                width=WIDTH,
                height=HEIGHT,
                split="val" if number else "train",
            )
        )
    store.add_items(made.id, items)
    return store.dataset(made.id)


def first(store: DatasetStore, dataset: Dataset) -> Item:
    return next(iter(store.items(dataset.id)))


def test_what_is_not_varied_comes_back_as_it_was(store: DatasetStore, dataset: Dataset) -> None:
    item = first(store, dataset)
    loaded = load(item, dataset.heads, store.blobs)
    made = Augmenter(AugmentationConfig(), 1)(loaded.sample, 0)
    labels = labels_after(loaded, made, lambda mask: put_mask(store.blobs, mask))
    things = labels.pop("things")
    assert labels == {name: item.labels[name] for name in ("kind", "part", "border", "score")}
    assert isinstance(things, Boxes)
    knob, crowd, whole = things.shapes
    assert (knob, crowd) == item.labels["things"].shapes[:2]  # type: ignore[union-attr]
    assert (whole.left, whole.width) == (-5, 50)


def test_flipped_labels_lie_where_the_flipped_pixels_are(store: DatasetStore, dataset: Dataset) -> None:
    item = first(store, dataset)
    loaded = load(item, dataset.heads, store.blobs)
    made = Augmenter(AugmentationConfig(flip=Flip(1)), 1)(loaded.sample, 0)
    labels = labels_after(loaded, made, lambda mask: put_mask(store.blobs, mask))
    part, things, border = labels["part"], labels["things"], labels["border"]
    assert isinstance(part, Mask)
    assert (read_mask(store.blobs, part) == square_mask()[:, ::-1]).all()
    assert isinstance(things, Boxes)
    knob, crowd, whole = things.shapes
    assert (knob.left, knob.top, knob.width, knob.height) == (40, 10, 30, 20)
    assert dict(knob.attributes) == {"occluded": True}
    assert (whole.left, whole.width) == (35, 45)  # clipped to the picture
    assert crowd.rle is not None
    inside = rle.to_pixels(crowd.rle.counts, WIDTH, HEIGHT)
    assert (inside == (square_mask() > 0)[:, ::-1]).all()
    assert (crowd.left, crowd.top, crowd.width, crowd.height) == (20, 20, 30, 20)
    assert isinstance(border, Boxes)
    corners = np.array(border.shapes[0].polygons[0]).reshape(4, 2)
    np.testing.assert_allclose(corners, [[75, 5], [10, 6], [9, 55], [76, 54]])


def test_labels_shrink_with_the_picture(store: DatasetStore, dataset: Dataset) -> None:
    loaded = load(first(store, dataset), dataset.heads, store.blobs, side=40)
    assert loaded.sample.size == (40, 30)
    np.testing.assert_allclose(loaded.sample.boxes[0], [5, 5, 20, 15])
    assert loaded.sample.masks[0].shape == (30, 40)
    made = Augmenter(AugmentationConfig(rotate90=Rotate90(1, (1, 1))), 1)(loaded.sample, 0)
    assert made.sample.size == (30, 40)


def test_a_thing_beyond_the_edge_has_no_label(store: DatasetStore, dataset: Dataset) -> None:
    loaded = load(first(store, dataset), dataset.heads, store.blobs)
    made = Augmenter(AugmentationConfig(shift=Shift(1, (90, 90))), 1)(loaded.sample, 0)
    things = labels_after(loaded, made)["things"]
    assert isinstance(things, Boxes)
    assert [one.category for one in things.shapes] == []


def test_outlines_alone_say_what_is_in_front_of_a_background(store: DatasetStore, dataset: Dataset) -> None:
    loaded = load(first(store, dataset), dataset.heads[2:3], store.blobs)
    assert loaded.mask_heads == {}
    made = Augmenter(AugmentationConfig(background=Background(1, (0, 0))), 1)(loaded.sample, 0)
    changed = (made.sample.image != loaded.sample.image).any(2)
    assert not changed[12:28, 12:38].any()  # in the knob's outline
    assert changed[45:].mean() > 0.9


WILD = AugmentationConfig(rotate=Rotate(1, (-20, 20)), scale=Scale(1, (80, 120)), flip=Flip(0.5))


@pytest.mark.parametrize("name", ["layout", "coco", "yolo", "masks", "folders", "csv", "voc"])
def test_copies_come_in_again_with_their_labels(
    name: str, store: DatasetStore, dataset: Dataset, tmp_path: Path
) -> None:
    sent = send_varied(store, dataset.id, tmp_path / "out", name, Augmenter(WILD, 3), count=3)
    assert sent.items == 6
    assert any("target pictures of recoloured" in one for one in sent.problems)
    found = bring_in(store, tmp_path / "out", format=name)
    assert found.items == 6
    assert found.unreadable == 0
    assert sum(found.labels.values()) >= 6
    splits = store.split_counts(found.dataset.id)
    assert (splits["train"], splits["val"]) == (3, 3)


def test_a_copy_is_what_the_preview_shows(store: DatasetStore, dataset: Dataset, tmp_path: Path) -> None:
    augment = Augmenter(WILD, 3)
    send_varied(store, dataset.id, tmp_path / "out", "coco", augment, count=2, side=40)
    item = first(store, dataset)
    loaded = load(item, dataset.heads, store.blobs, side=40)
    shown = augment(loaded.sample, variant_index(item.id, 1)).sample.image
    (written,) = (tmp_path / "out").rglob("0-02.png")
    assert (cv2.imread(str(written))[..., ::-1] == shown).all()


def test_what_else_is_known_goes_along_but_no_coordinates(
    store: DatasetStore, dataset: Dataset, tmp_path: Path
) -> None:
    item, *others = store.items(dataset.id)
    store.trash_items(dataset.id, [one.id for one in others])
    store.set_metadata(dataset.id, {item.id: {"captions": ["A wall"], "note": "wet"}})
    thing = Shape("knob", 2, 3, 10, 8, attributes=Attributes({"occluded": True, "keypoints": [4, 5, 2]}))
    store.set_labels(dataset.id, "things", {item.id: Boxes((thing,))})
    turned = Augmenter(AugmentationConfig(rotate=Rotate(1, (5, 20))), 3)
    send_varied(store, dataset.id, tmp_path / "out", "layout", turned, count=2)
    again = bring_in(store, tmp_path / "out").dataset.id
    found = store.items(again)
    assert len(found) == 2
    for one in found:
        assert store.metadata(again)[one.id] == Attributes({"captions": ["A wall"], "note": "wet"})
        boxes = one.labels["things"]
        assert isinstance(boxes, Boxes)
        assert [shape.attributes for shape in boxes.shapes] == [Attributes({"occluded": True})]


def test_copies_of_a_picture_are_one_group(store: DatasetStore, dataset: Dataset, tmp_path: Path) -> None:
    send_varied(store, dataset.id, tmp_path / "out", "layout", Augmenter(WILD, 3), count=2)
    found = bring_in(store, tmp_path / "out", format="layout")
    groups = [one.group for one in store.items(found.dataset.id)]
    assert len(groups) == 4
    assert len(set(groups)) == 2


def test_what_cannot_be_written_is_one_sentence(store: DatasetStore, dataset: Dataset, tmp_path: Path) -> None:
    import threading

    augment = Augmenter(WILD, 3)
    with pytest.raises(DatasetError, match="no picture that could be varied"):
        send_varied(store, store.create("Empty", HEADS).id, tmp_path / "out", "coco", augment)
    with pytest.raises(DatasetError, match="Between 1 and 1,000"):
        send_varied(store, dataset.id, tmp_path / "out", "coco", augment, count=0)
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        send_varied(store, dataset.id, tmp_path / "out", "coco", augment, cancel=stop)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "a").touch()
    with pytest.raises(DatasetError, match="is there already"):
        send_varied(store, dataset.id, tmp_path / "full", "coco", augment)
    assert not (tmp_path / "out").exists()
    assert not list(tmp_path.glob(".sortwerk-*"))


def test_a_picture_that_is_gone_is_said_and_left_out(store: DatasetStore, dataset: Dataset, tmp_path: Path) -> None:
    (tmp_path / "0.png").unlink()
    sent = send_varied(store, dataset.id, tmp_path / "out", "layout", Augmenter(WILD, 3))
    assert sent.items == 1
    assert any("0.png" in one for one in sent.problems)
