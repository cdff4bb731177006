"""Reviews and second opinions: kept, undone, followed, found; and labels that two windows give at once."""

from __future__ import annotations

import numpy as np
import pytest

from models.database import Database, open_workspace
from models.errors import DatasetError
from tests.training.datasets.making import MATERIAL, METAL, STONE, WOOD, item
from training.datasets.heads import HeadDef
from training.datasets.masks import put_mask, read_mask
from training.datasets.outcomes import Saved
from training.datasets.records import Query
from training.datasets.reviews import Opinion, Review, ReviewCounts
from training.datasets.store import DatasetStore
from training.datasets.values import Boxes, Category, Mask, Shape, to_text

NAMES = "abcd"


@pytest.fixture
def dataset(store: DatasetStore) -> int:
    """Four pictures; a and b are stone by Ada, c is wood, d is not labelled."""
    number = store.create("set", [MATERIAL, HeadDef("scene", "categories", ("in", "out"))]).id
    store.add_items(number, [item(name) for name in NAMES])
    a, b, c, _ = items(store, number)
    store.set_labels(number, "material", {a: STONE, b: STONE, c: WOOD}, annotator="Ada")
    return number


def items(store: DatasetStore, dataset: int) -> list[int]:
    return [int(one) for one in store.ids(dataset)]


def found(store: DatasetStore, dataset: int, review: str, head: str | None = "material") -> list[int]:
    return [int(one) for one in store.ids(dataset, Query(head=head, review=review))]  # type: ignore[arg-type]


class TestReviews:
    def test_a_review_is_kept_counted_and_undone(self, store: DatasetStore, dataset: int) -> None:
        a, b, c, _ = items(store, dataset)
        assert store.set_reviews(dataset, "material", {a: "accepted"}, reviewer="Bo") is not None
        assert store.set_reviews(dataset, "material", {b: "rejected"}, note="it is metal", reviewer="Bo") is not None
        kept = store.reviews(dataset, "material")
        assert {number: (one.state, one.note, one.reviewer) for number, one in kept.items()} == {
            a: ("accepted", "", "Bo"),
            b: ("rejected", "it is metal", "Bo"),
        }
        assert store.reviews(dataset, "material", [b, c]) == {b: kept[b]}
        assert store.reviews(dataset, "scene") == {}
        assert store.review_counts(dataset, "material") == ReviewCounts(3, 1, 1, 1, 0)
        assert [found(store, dataset, which) for which in ("open", "accepted", "rejected", "disagree")] == [
            [c],
            [a],
            [b],
            [],
        ]
        assert found(store, dataset, "open", None) == [c]
        assert found(store, dataset, "open", "scene") == []
        assert [one.action for one in store.steps(dataset)[:2]] == [
            "Rejected the label of 1 picture",
            "Accepted the label of 1 picture",
        ]
        store.undo(dataset)
        assert store.reviews(dataset, "material") == {a: kept[a]}
        store.redo(dataset)
        assert store.reviews(dataset, "material") == kept
        assert store.set_reviews(dataset, "material", {b: "rejected"}, note="it is metal", reviewer="Bo") is None
        store.set_reviews(dataset, "material", {a: None, b: None})
        assert store.reviews(dataset, "material") == {}
        assert store.steps(dataset)[0].action == "Took back the review of the labels of 2 pictures"

    def test_another_label_has_to_be_reviewed_anew(self, store: DatasetStore, dataset: int) -> None:
        a, b, _, _ = items(store, dataset)
        store.set_reviews(dataset, "material", {a: "rejected", b: "accepted"})
        steps = len(store.steps(dataset))
        store.set_labels(dataset, "material", {a: METAL})
        assert list(store.reviews(dataset, "material")) == [b]
        assert len(store.steps(dataset)) == steps + 1
        store.undo(dataset)
        assert store.reviews(dataset, "material")[a].state == "rejected"
        store.set_labels(dataset, "material", {b: STONE}, annotator="Bo")  # the same, said by another
        assert store.reviews(dataset, "material")[b].state == "accepted"
        store.rename_category(dataset, "material", "stone", "rock")
        assert set(store.reviews(dataset, "material")) == {a, b}
        store.set_labels(dataset, "material", {b: None})
        assert set(store.reviews(dataset, "material")) == {a}

    def test_what_has_no_label_can_not_be_reviewed(self, store: DatasetStore, dataset: int) -> None:
        a, _, _, d = items(store, dataset)
        with pytest.raises(DatasetError, match="On 1 picture no label of material"):
            store.set_reviews(dataset, "material", {a: "accepted", d: "accepted"})
        assert store.reviews(dataset, "material") == {}
        with pytest.raises(DatasetError, match="not in the dataset"):
            store.set_reviews(dataset, "material", {999: "accepted"})
        with pytest.raises(DatasetError, match="nothing else"):
            store.set_reviews(dataset, "material", {a: "maybe"})  # type: ignore[dict-item]
        with pytest.raises(DatasetError, match="too long"):
            store.set_reviews(dataset, "material", {a: "accepted"}, note="x" * 3000)
        with pytest.raises(DatasetError, match="can't be kept"):
            store.set_reviews(dataset, "material", {a: "accepted"}, note="\x00")

    def test_the_history_tells_of_reviews_and_opinions(self, store: DatasetStore, dataset: int) -> None:
        a = items(store, dataset)[0]
        store.set_opinions(dataset, "material", {a: METAL}, annotator="Bo")
        store.set_reviews(dataset, "material", {a: "rejected"}, note="shiny")
        opinion, review = store.history(a)[-2:]
        assert (opinion.what, opinion.before, opinion.head) == ("opinion", None, 1)
        assert isinstance(opinion.after, tuple)
        assert [(one.annotator, one.value) for one in opinion.after] == [("Bo", METAL)]
        assert isinstance(review.after, Review)
        assert (review.what, review.after.state, review.after.note) == ("review", "rejected", "shiny")


class TestOpinions:
    def test_opinions_lie_beside_the_label(self, store: DatasetStore, dataset: int) -> None:
        a, b, c, d = items(store, dataset)
        store.set_opinions(dataset, "material", {a: STONE, b: METAL, d: WOOD}, annotator="Bo")
        store.set_opinions(dataset, "material", {b: STONE}, annotator="Cy")
        assert store.labels(dataset, "material") == {a: STONE, b: STONE, c: WOOD}
        assert {
            number: [(o.annotator, o.value) for o in some]
            for number, some in store.opinions(dataset, "material").items()
        } == {
            a: [("Bo", STONE)],
            b: [("Bo", METAL), ("Cy", STONE)],
            d: [("Bo", WOOD)],
        }
        assert found(store, dataset, "disagree") == [b]
        assert found(store, dataset, "disagree", None) == [b]
        assert store.annotations(dataset, "material") == {
            "Ada": {a: STONE, b: STONE, c: WOOD},
            "Bo": {a: STONE, b: METAL, d: WOOD},
            "Cy": {b: STONE},
        }
        store.undo(dataset)
        assert len(store.opinions(dataset, "material")[b]) == 1
        store.set_opinions(dataset, "material", {b: None}, annotator="Bo")
        assert b not in store.opinions(dataset, "material")
        assert store.set_opinions(dataset, "material", {a: STONE}, annotator="Bo") is None

    def test_two_opinions_that_differ_disagree_where_there_is_no_label(self, store: DatasetStore, dataset: int) -> None:
        d = items(store, dataset)[3]
        store.set_opinions(dataset, "material", {d: WOOD}, annotator="Bo")
        assert found(store, dataset, "disagree") == []
        store.set_opinions(dataset, "material", {d: METAL}, annotator="Cy")
        assert found(store, dataset, "disagree") == [d]

    def test_a_second_opinion_is_somebody_elses(self, store: DatasetStore, dataset: int) -> None:
        a = items(store, dataset)[0]
        with pytest.raises(DatasetError, match="Ada has labelled 1 picture"):
            store.set_opinions(dataset, "material", {a: METAL}, annotator="Ada")
        with pytest.raises(DatasetError, match="needs a name"):
            store.set_opinions(dataset, "material", {a: METAL}, annotator=" ")
        with pytest.raises(DatasetError, match="no category glass"):
            store.set_opinions(dataset, "material", {a: Category("glass")}, annotator="Bo")
        store.set_opinions(dataset, "material", {a: Category("glass")}, annotator="Bo", new_categories=True)
        assert "glass" in store.dataset(dataset).head("material").categories

    def test_opinions_follow_their_question(self, store: DatasetStore, dataset: int) -> None:
        a, b, *_ = items(store, dataset)
        store.set_opinions(dataset, "material", {a: METAL, b: METAL}, annotator="Bo")
        with pytest.raises(DatasetError, match="2 pictures are labelled metal"):
            store.remove_category(dataset, "material", "metal")
        store.merge_categories(dataset, "material", ["metal"], "iron")
        assert [one.value for one in store.opinions(dataset, "material")[a]] == [Category("iron")]
        store.set_reviews(dataset, "material", {a: "accepted"})
        store.set_heads(dataset, [HeadDef("scene", "categories", ("in", "out"))])
        store.undo(dataset)
        assert [one.value for one in store.opinions(dataset, "material")[a]] == [Category("iron")]
        assert list(store.reviews(dataset, "material")) == [a]
        store.undo(dataset)
        store.undo(dataset)
        assert [one.value for one in store.opinions(dataset, "material")[a]] == [METAL]

    def test_masks_of_opinions_are_repainted_and_not_swept_out(self, store: DatasetStore) -> None:
        dataset = store.create("masks", [HeadDef("parts", "mask", ("floor", "frame", "drawer"))]).id
        (number,) = store.add_items(dataset, [item("a")]).new
        first = put_mask(store.blobs, np.array([[0, 1], [255, 2]], np.uint8))
        other = put_mask(store.blobs, np.array([[1, 1], [2, 2]], np.uint8))
        store.set_labels(dataset, "parts", {number: first}, annotator="Ada")
        store.set_opinions(dataset, "parts", {number: other}, annotator="Bo")
        store.purge_blobs(before=1e12)
        assert store.blobs.has(other.blob)
        store.remove_category(dataset, "parts", "frame", to="drawer")
        (opinion,) = store.opinions(dataset, "parts")[number]
        assert isinstance(opinion.value, Mask)
        assert read_mask(store.blobs, opinion.value).tolist() == [[1, 1], [1, 1]]
        store.set_opinions(dataset, "parts", {number: None}, annotator="Bo")
        store.purge_blobs(before=1e12)
        store.undo(dataset)
        (again,) = store.opinions(dataset, "parts")[number]
        assert again == opinion
        assert store.blobs.has(opinion.value.blob)

    def test_the_kind_of_a_question_with_opinions_stays(self, store: DatasetStore, dataset: int) -> None:
        d = items(store, dataset)[3]
        store.set_opinions(dataset, "scene", {d: Category("in")}, annotator="Bo")
        with pytest.raises(DatasetError, match="has answered 1 picture"):
            store.set_heads(dataset, [MATERIAL, HeadDef("scene", "tags", ("in", "out"))])


class TestTwoWindows:
    @pytest.fixture
    def other(self, database: Database) -> DatasetStore:
        opened = open_workspace(database.path.parent)
        yield DatasetStore(opened)  # type: ignore[misc]
        opened.close()

    def test_what_another_window_has_labelled_meanwhile_stays(
        self, store: DatasetStore, other: DatasetStore, dataset: int
    ) -> None:
        a, b, _, d = items(store, dataset)
        shown = {a: to_text(STONE), b: to_text(STONE), d: None}
        other.set_labels(dataset, "material", {a: METAL, d: WOOD}, annotator="Bo")
        saved = store.save_labels(dataset, "material", dict.fromkeys(shown, WOOD), expected=shown, annotator="Ada")
        assert saved.step is not None
        assert {number: one and (one.value, one.annotator) for number, one in saved.conflicts.items()} == {
            a: (METAL, "Bo")
        }
        assert other.labels(dataset, "material", [a, b, d]) == {a: METAL, b: WOOD, d: WOOD}
        store.undo(dataset)  # only what was saved
        assert other.labels(dataset, "material", [a, b, d]) == {a: METAL, b: STONE, d: WOOD}

    def test_a_label_that_another_window_took_away_is_a_conflict(
        self, store: DatasetStore, other: DatasetStore, dataset: int
    ) -> None:
        a = items(store, dataset)[0]
        other.set_labels(dataset, "material", {a: None})
        shown = {a: to_text(STONE)}
        assert store.save_labels(dataset, "material", {a: METAL}, expected=shown) == Saved(None, {a: None})
        assert store.labels(dataset, "material", [a]) == {}
        # Theirs it is: what is there now is what the editor shows, and the next save is taken
        assert store.save_labels(dataset, "material", {a: METAL}, expected={a: None}).conflicts == {}
        assert other.labels(dataset, "material", [a]) == {a: METAL}

    def test_an_act_with_a_key_is_kept_once_also_when_it_was_undone(self, store: DatasetStore, dataset: int) -> None:
        a = items(store, dataset)[0]
        shown = {a: to_text(STONE)}
        first = store.save_labels(dataset, "material", {a: METAL}, expected=shown, key="one")
        assert first.step is not None
        assert store.save_labels(dataset, "material", {a: METAL}, expected=shown, key="one") == Saved(None, {})
        store.undo(dataset)
        assert store.save_labels(dataset, "material", {a: METAL}, expected=shown, key="one") == Saved(None, {})
        assert store.labels(dataset, "material", [a]) == {a: STONE}
        assert store.save_labels(dataset, "material", {a: METAL}, expected=shown, key="two").step is not None

    def test_an_act_that_was_not_taken_whole_may_be_said_again(self, store: DatasetStore, dataset: int) -> None:
        a = items(store, dataset)[0]
        refused = store.save_labels(dataset, "material", {a: METAL}, expected={a: None}, key="one")
        assert set(refused.conflicts) == {a}
        assert store.save_labels(dataset, "material", {a: METAL}, expected={a: to_text(STONE)}, key="one").step

    def test_without_expectation_the_last_word_counts(self, store: DatasetStore, dataset: int) -> None:
        a, b, *_ = items(store, dataset)
        saved = store.save_labels(dataset, "material", {a: METAL, b: METAL}, expected={b: to_text(WOOD)})
        assert set(saved.conflicts) == {b}
        assert store.labels(dataset, "material", [a, b]) == {a: METAL, b: STONE}

    def test_new_categories_of_what_is_not_taken_do_not_come_in(self, store: DatasetStore, dataset: int) -> None:
        a = items(store, dataset)[0]
        saved = store.save_labels(dataset, "material", {a: Category("glass")}, expected={a: None}, new_categories=True)
        assert (saved.step, set(saved.conflicts)) == (None, {a})
        assert "glass" not in store.dataset(dataset).head("material").categories


def test_opinions_on_boxes_compare_to_the_letter(store: DatasetStore) -> None:
    dataset = store.create("boxes", [HeadDef("things", "boxes", ("drawer",))]).id
    (number,) = store.add_items(dataset, [item("a")]).new
    one, other = (Boxes((Shape("drawer", 0, 0, width, 2),)) for width in (2, 3))
    store.set_labels(dataset, "things", {number: one}, annotator="Ada")
    store.set_opinions(dataset, "things", {number: one}, annotator="Bo")
    assert found(store, dataset, "disagree", "things") == []
    store.set_opinions(dataset, "things", {number: other}, annotator="Bo")
    assert found(store, dataset, "disagree", "things") == [number]
    assert store.opinions(dataset, "things")[number] == (
        Opinion("Bo", other, store.opinions(dataset, "things")[number][0].time),
    )
