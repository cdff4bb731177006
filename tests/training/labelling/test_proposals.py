from __future__ import annotations

import numpy as np
import pytest

from models.database import open_workspace
from models.errors import DatasetError
from tests.training.datasets.making import MATERIAL, METAL, STONE, WOOD, item
from training.datasets.heads import HeadDef
from training.datasets.masks import read_mask
from training.datasets.store import DatasetStore
from training.datasets.values import Boxes, Category, Mask, Shape
from training.labelling.drafts import CompressedMask, PaintedMask
from training.labelling.proposals import Proposal, above, accept, box_words

MASK = HeadDef("parts", "mask", ("floor", "frame"))


@pytest.fixture
def dataset(store: DatasetStore) -> int:
    number = store.create("set", [MATERIAL, MASK]).id
    store.add_items(number, [item(name) for name in "abc"])
    return number


def items(store: DatasetStore, dataset: int) -> list[int]:
    return [int(one) for one in store.ids(dataset)]


def proposal(number: int, draft: Category = WOOD, confidence: float | None = 0.9) -> Proposal:
    return Proposal(number, "material", draft, confidence, "")


def test_the_threshold_keeps_the_sure_and_cuts_boxes_one_by_one() -> None:
    shapes = Boxes(tuple(Shape(name, 0, 0, 1, 1) for name in ("drawer", "drawer", "frame")))
    boxes = Proposal(4, "things", shapes, 0.3, "", (0.9, 0.6, 0.3))
    some = [proposal(1), proposal(2, confidence=0.4), proposal(3, confidence=None), boxes]
    assert [one.item for one in above(some, 0.5)] == [1, 4]
    assert [one.item for one in above(some, 0.0)] == [1, 2, 3, 4]
    (cut,) = above([boxes], 0.5)
    assert isinstance(cut.draft, Boxes)
    assert (len(cut.draft.shapes), cut.scores, cut.confidence) == (2, (0.9, 0.6), 0.6)
    assert cut.words == box_words(cut.draft, cut.scores) == "drawer × 2 (90 %, 60 %)"
    assert above([boxes], 0.95) == []
    assert above([boxes], 0.1) == [boxes]


def test_many_become_labels_as_one_step_and_what_has_one_keeps_it(store: DatasetStore, dataset: int) -> None:
    a, b, c = items(store, dataset)
    store.set_labels(dataset, "material", {a: STONE})
    done = accept(store, dataset, [proposal(a), proposal(b), proposal(c)], annotator="Seer", origin="model")
    assert (done.items, done.kept, len(done.steps)) == ((b, c), (a,), 1)
    facts = store.label_facts(dataset, "material")
    assert {number: (one.value, one.origin, one.annotator) for number, one in facts.items()} == {
        a: (STONE, "person", ""),
        b: (WOOD, "model", "Seer"),
        c: (WOOD, "model", "Seer"),
    }
    assert store.steps(dataset)[0].action == "Accepted 2 proposals of material"
    store.undo(dataset)
    assert store.labels(dataset, "material") == {a: STONE}
    again = accept(store, dataset, [proposal(a, METAL)], only_unlabelled=False)
    assert (again.items, store.labels(dataset, "material")) == ((a,), {a: METAL})


def test_masks_are_kept_when_they_are_accepted(store: DatasetStore, dataset: int) -> None:
    a, b, _ = items(store, dataset)
    small = CompressedMask.of(np.array([[0, 1]], np.uint8), 4, 2)
    painted = PaintedMask(np.zeros((2, 4), np.uint8))
    both = [Proposal(a, "parts", small, 0.9, ""), Proposal(b, "parts", painted, 0.9, ""), proposal(a)]
    done = accept(store, dataset, both)
    assert (done.items, len(done.steps)) == ((a, b), 2)
    mask = store.labels(dataset, "parts")[a]
    assert isinstance(mask, Mask)
    assert read_mask(store.blobs, mask).tolist() == [[0, 0, 1, 1], [0, 0, 1, 1]]


def test_another_window_is_not_overwritten(store: DatasetStore, dataset: int) -> None:
    a, b, _ = items(store, dataset)
    opened = open_workspace(store.folder)
    DatasetStore(opened).set_labels(dataset, "material", {a: METAL})
    opened.close()
    done = accept(store, dataset, [proposal(a), proposal(b)])
    assert (done.items, done.kept) == ((b,), (a,))


def test_one_answer_for_each_picture(store: DatasetStore, dataset: int) -> None:
    a, *_ = items(store, dataset)
    with pytest.raises(DatasetError, match="two proposals of material"):
        accept(store, dataset, [proposal(a), proposal(a, METAL)])
    assert accept(store, dataset, []).items == ()
