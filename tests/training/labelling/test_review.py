from __future__ import annotations

import pytest

from models.errors import DatasetError
from tests.training.datasets.making import MATERIAL, STONE, WOOD, item
from training.datasets.reviews import Review, ReviewCounts
from training.datasets.store import DatasetStore
from training.labelling.review import adopt, counts_words, review_words


def test_a_second_opinion_becomes_the_label(store: DatasetStore) -> None:
    dataset = store.create("set", [MATERIAL]).id
    store.add_items(dataset, [item(name) for name in "ab"])
    a, b = (int(one) for one in store.ids(dataset))
    store.set_labels(dataset, "material", {a: STONE, b: STONE}, annotator="Ada")
    store.set_opinions(dataset, "material", {a: WOOD}, annotator="Bo")
    store.set_reviews(dataset, "material", {a: "rejected"})
    with pytest.raises(DatasetError, match="Bo has no second opinion on 1 picture"):
        adopt(store, dataset, "material", [a, b], annotator="Bo")
    adopt(store, dataset, "material", [a], annotator="Bo")
    facts = store.label_facts(dataset, "material")
    assert (facts[a].value, facts[a].annotator, facts[b].annotator) == (WOOD, "Bo", "Ada")
    assert store.reviews(dataset, "material") == {}
    assert store.steps(dataset)[0].action == "Took Bo's word for 1 picture"
    store.undo(dataset)
    assert store.labels(dataset, "material")[a] == STONE


def test_words() -> None:
    assert review_words(Review("rejected", "too\ndark", "Ada", "")) == "Rejected by Ada: too dark"
    assert review_words(Review("accepted", "", "", "")) == "Accepted"
    assert counts_words(ReviewCounts(0, 0, 0, 0, 0)) == "Nothing is labelled yet."
    assert counts_words(ReviewCounts(10, 7, 2, 1, 0)) == "3 of 10 pictures reviewed, 1 rejected."
    assert counts_words(ReviewCounts(10, 7, 2, 1, 2)) == (
        "3 of 10 pictures reviewed, 1 rejected; opinions differ about 2."
    )
