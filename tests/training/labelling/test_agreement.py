"""Two annotators compared, for each kind of answer, by figures worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from models.errors import DatasetError
from tests.training.datasets.making import MATERIAL, METAL, STONE, WOOD, item
from training.datasets.heads import HeadDef
from training.datasets.masks import put_mask, read_mask
from training.datasets.store import DatasetStore
from training.datasets.values import Boxes, Grade, Shape, Tags, Target, Targets, Value
from training.labelling.agreement import agree, agreements

NAMES = ("Ada", "Bo")


def test_categories() -> None:
    # As in test_kappa: 4 stone/stone, 1 stone/wood, 2 wood/wood, 1 wood/metal, 1 metal/stone, 1 metal/metal
    pairs = [(STONE, STONE)] * 4 + [(STONE, WOOD), *[(WOOD, WOOD)] * 2, (WOOD, METAL), (METAL, STONE), (METAL, METAL)]
    one = {number: a for number, (a, _) in enumerate(pairs)} | {99: STONE}
    other = {number: b for number, (_, b) in enumerate(pairs)} | {98: WOOD}
    found = agree(MATERIAL, one, other, annotators=NAMES)
    assert (found.items, found.measure, found.observed) == (10, "kappa", pytest.approx(0.7))
    assert found.value == pytest.approx(0.32 / 0.62)
    assert [(d.item, d.words) for d in found.disagreements] == [
        (4, "Ada: stone; Bo: wood."),
        (7, "Ada: wood; Bo: metal."),
        (8, "Ada: metal; Bo: stone."),
    ]
    # Stone against the rest: 4 both, 1 and 1 only one, 4 neither: observed 0.8, by chance 0.5
    stone = next(detail for detail in found.details if detail.name == "stone")
    assert (stone.value, stone.items) == (pytest.approx(0.6), 6)
    assert (
        found.words == "Kappa 0.52: moderate agreement, where 0 is chance and 1 is always. That is on 10 pictures only."
    )


def test_tags() -> None:
    head = HeadDef("look", "tags", ("wet", "old"))
    sets = [({"wet"}, {"wet"}), ({"wet", "old"}, {"old"}), (set(), set()), ({"old"}, {"wet"})]
    one: dict[int, Value] = {number: Tags(frozenset(a)) for number, (a, _) in enumerate(sets)}
    other: dict[int, Value] = {number: Tags(frozenset(b)) for number, (_, b) in enumerate(sets)}
    found = agree(head, one, other, annotators=NAMES)
    # wet: yes/yes 1, yes/no 1, no/yes 1, no/no 1: kappa 0; old: yes/yes 1, yes/no 1, no/no 2: (0.75 - 0.5) / 0.5
    assert {detail.name: detail.value for detail in found.details} == {
        "wet": pytest.approx(0),
        "old": pytest.approx(0.5),
    }
    # Together: yes/yes 2, yes/no 2, no/yes 1, no/no 3: observed 5/8, by chance (4 x 3 + 4 x 5) / 64 = 0.5
    assert (found.value, found.observed) == (pytest.approx(0.25), 0.5)
    assert [(d.item, d.score) for d in found.disagreements] == [(3, 0), (1, 0.5)]
    assert found.disagreements[1].words == "Ada: old, wet; Bo: old."


def test_grades_that_are_far_apart_count_more() -> None:
    head = HeadDef("quality", "grade", options={"low": 0, "high": 2, "step": 1})
    grades = [(0, 0)] * 4 + [(0, 1), (1, 1), (1, 1), (1, 2), (2, 0), (2, 2)]
    one: dict[int, Value] = {number: Grade(a) for number, (a, _) in enumerate(grades)}
    other: dict[int, Value] = {number: Grade(b) for number, (_, b) in enumerate(grades)}
    found = agree(head, one, other, annotators=NAMES)
    assert (found.measure, found.value) == ("weighted kappa", pytest.approx(1 - 0.15 / 0.305))
    assert [(d.item, d.score) for d in found.disagreements] == [(8, 0), (4, 0.5), (7, 0.5)]
    assert "On average they are 0.4 apart." in found.words


def test_masks(store: DatasetStore) -> None:
    head = HeadDef("parts", "mask", ("floor", "frame", "drawer"))
    first = np.array([[0, 0, 1, 1]], np.uint8)
    second = np.array([[0, 1, 1, 255]], np.uint8)
    one: dict[int, Value] = {1: put_mask(store.blobs, first), 2: put_mask(store.blobs, first)}
    other: dict[int, Value] = {1: put_mask(store.blobs, first), 2: put_mask(store.blobs, second)}
    found = agree(head, one, other, annotators=NAMES, read=lambda mask: read_mask(store.blobs, mask))
    # The second: floor 1 of 2, frame 1 of 2 (the unknown pixel is left out): 0.5
    assert (found.measure, found.value) == ("IoU", pytest.approx(0.75))
    assert {detail.name: (detail.value, detail.items) for detail in found.details} == {
        "floor": (pytest.approx(3 / 4), 2),
        "frame": (pytest.approx(3 / 4), 2),
    }
    assert [(d.item, d.score) for d in found.disagreements] == [(2, pytest.approx(0.5))]
    small: dict[int, Value] = {1: put_mask(store.blobs, first[:, :2])}
    apart = agree(head, one, small, read=lambda mask: read_mask(store.blobs, mask))
    assert (apart.value, apart.disagreements[0].words) == (0.0, "A: 4 × 1 pixels; B: 2 × 1 pixels.")


def test_boxes() -> None:
    head = HeadDef("things", "boxes", ("drawer", "frame"))
    drawer, frame = Shape("drawer", 0, 0, 10, 10), Shape("frame", 50, 0, 10, 10)
    one: dict[int, Value] = {1: Boxes((drawer, frame)), 2: Boxes((drawer,)), 3: Boxes()}
    other: dict[int, Value] = {1: Boxes((drawer,)), 2: Boxes((Shape("drawer", 0, 2, 10, 10),)), 3: Boxes()}
    found = agree(head, one, other, annotators=NAMES)
    # 2 of 3 and 2 things: F1 4 / 5
    assert (found.measure, found.value) == ("F1", pytest.approx(0.8))
    assert {detail.name: detail.value for detail in found.details} == {"drawer": 1, "frame": 0}
    assert [(d.item, d.words) for d in found.disagreements] == [(1, "Only Ada: frame.")]
    assert found.disagreements[0].score == pytest.approx(2 / 3)
    assert found.words.startswith("2 of 3 and 2 things are in both, with a mean overlap of 0.83")


def test_what_can_not_be_compared() -> None:
    with pytest.raises(DatasetError, match="no picture in common"):
        agree(MATERIAL, {1: STONE}, {2: STONE}, annotators=("Ada", ""))
    pictures: dict[int, Value] = {1: Targets((Target(path="/a.png"),))}
    with pytest.raises(DatasetError, match="is not compared"):
        agree(HeadDef("normals", "image"), pictures, pictures)


def test_every_pair_of_annotators_of_a_dataset(store: DatasetStore) -> None:
    dataset = store.create("set", [MATERIAL]).id
    store.add_items(dataset, [item(name) for name in "abcd"])
    a, b, c, d = (int(one) for one in store.ids(dataset))
    store.set_labels(dataset, "material", {a: STONE, b: WOOD, c: METAL}, annotator="Ada")
    store.set_opinions(dataset, "material", {a: STONE, b: WOOD, c: WOOD, d: WOOD}, annotator="Bo")
    store.set_opinions(dataset, "material", {c: METAL}, annotator="Cy")
    found = agreements(store, dataset, "material")
    assert [(one.annotators, one.items) for one in found] == [(("Ada", "Bo"), 3), (("Ada", "Cy"), 1), (("Bo", "Cy"), 1)]
    assert [one.item for one in found[0].disagreements] == [c]
    assert found[1].value is None  # one picture, one answer
