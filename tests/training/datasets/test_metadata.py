"""What is known of items beside labels: kept, undone, done again, in versions, with what arrives and what is mended."""

from __future__ import annotations

import math

import pytest

from models.errors import DatasetError
from tests.training.datasets.making import MATERIAL, STONE, item
from training.datasets.attributes import NOTHING, Attributes, usable
from training.datasets.heads import HeadDef
from training.datasets.store import DatasetStore
from training.datasets.values import Boxes, Shape, from_text, to_text
from training.datasets.versions import diff

CARD = {"margins_mm": {"left": 3.2, "right": 2.5}, "\u00fc": [1, None, "x\0"]}


def test_equal_ones_have_one_text_and_nothing_changes_them() -> None:
    one, other = Attributes({"b": [1, {"c": 2.5}], "a": None}), Attributes({"a": None, "b": (1, {"c": 2.5})})
    assert (one, hash(one), one.text) == (other, hash(other), '{"a":null,"b":[1,{"c":2.5}]}')
    one["b"].append(3)
    one.to_json()["a"] = 1
    assert one == other
    assert Attributes({"a": 1}) != Attributes({"a": 1.0})
    assert Attributes.from_text(one.text) == one


@pytest.mark.parametrize("bad", [{"": 1}, {"a": math.nan}, {"a": {1: 2}}, {"a": b""}, {"a": "\udc80"}, {"a": 10**5000}])
def test_what_json_can_not_hold_is_refused_and_the_rest_is_usable(bad: dict[str, object]) -> None:
    with pytest.raises(DatasetError):
        Attributes(bad)
    found, sentences = usable({**bad, "good": 1})
    assert (found, len(sentences)) == (Attributes({"good": 1}), 1)


def test_shapes_keep_their_attributes_and_without_any_their_text() -> None:
    plain = Boxes((Shape("a", 0, 0, 1, 1),))
    known = Boxes((Shape("a", 0, 0, 1, 1, attributes=Attributes({"occluded": True})),))
    assert "attributes" not in to_text(plain)
    assert from_text("boxes", to_text(known)) == known
    assert len({plain, known}) == 2


def test_metadata_are_a_step_and_of_a_version(store: DatasetStore) -> None:
    made = store.create("x", [MATERIAL]).id
    first, second = store.add_items(made, [item("a", metadata=CARD), item("b")]).new
    assert store.metadata(made) == {first: Attributes(CARD)}
    before = store.freeze(made, "before")
    assert store.set_metadata(made, {first: CARD}) is None
    assert store.set_metadata(made, {first: {}, second: {"captions": ["A stone"]}}) is not None
    assert store.metadata(made, [first, second]) == {second: Attributes({"captions": ["A stone"]})}
    after = store.freeze(made, "after")
    found = diff(store.snapshot(before), store.snapshot(after))
    assert sorted(found.described.values(), key=str) == sorted(
        [(Attributes(CARD), NOTHING), (NOTHING, Attributes({"captions": ["A stone"]}))], key=str
    )
    assert store.history(first)[-1].what == "metadata"
    store.undo(made)
    assert store.metadata(made) == {first: Attributes(CARD)}
    assert store.freeze(made, "again").hash == before.hash
    store.redo(made)
    assert first not in store.metadata(made)
    with pytest.raises(DatasetError, match="not in the dataset any more"):
        store.set_metadata(made, {99: CARD})


def test_what_is_known_gains_only_what_it_lacks(store: DatasetStore) -> None:
    made = store.create("x", [MATERIAL, HeadDef("things", "boxes", ("a",))]).id
    (first,) = store.add_items(made, [item("a", {"material": STONE}, metadata={"a": 1})]).new
    store.add_items(made, [item("a", metadata={"a": 2, "b": 3}), item("a", metadata={"b": 4, "c": 5})])
    assert store.metadata(made) == {first: Attributes({"a": 1, "b": 3, "c": 5})}
