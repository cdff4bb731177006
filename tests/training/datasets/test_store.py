from __future__ import annotations

import os
import threading
from dataclasses import replace

import numpy as np
import pytest

from models.database import Database, open_workspace
from models.errors import DatasetError
from tests.training.datasets.making import MATERIAL, METAL, STONE, WOOD, content, item
from training.datasets.heads import HeadDef
from training.datasets.masks import put_mask, read_mask
from training.datasets.outcomes import Conflict
from training.datasets.records import Place, Query
from training.datasets.store import DatasetStore
from training.datasets.values import Boxes, Category, Grade, Shape, Tags


@pytest.fixture
def dataset(store: DatasetStore) -> int:
    return store.create("set", [MATERIAL, HeadDef("grade", "grade", options={"low": 1, "high": 10})]).id


class TestAdding:
    def test_what_comes_in_is_there(self, store: DatasetStore, dataset: int) -> None:
        new = item("a", {"material": WOOD, "grade": None}, source="real", group="burst", split="val", mtime_ns=7)
        added = store.add_items(dataset, [new])
        assert (len(added.new), added.known, added.conflicts) == (1, (), ())
        (kept,) = store.items(dataset)
        assert (kept.id, kept.content, kept.path, kept.name) == (
            added.new[0],
            content("a"),
            b"/pictures/a.png",
            "a.png",
        )
        assert (kept.width, kept.height, kept.size, kept.mtime_ns) == (4, 2, 9, 7)
        assert (kept.source, kept.group, kept.split, kept.frozen, kept.status) == ("real", "burst", "val", False, "ok")
        assert kept.labels == {"material": WOOD}
        assert kept.trashed is None

    def test_the_same_content_twice_is_one_item_in_two_places(self, store: DatasetStore, dataset: int) -> None:
        again = replace(item("a"), path=b"/elsewhere/a.png")
        added = store.add_items(dataset, [item("a"), item("b"), again])
        assert (len(added.new), added.known) == (2, (added.new[0],))
        assert store.places(added.new[0]) == [Place(b"/pictures/a.png"), Place(b"/elsewhere/a.png")]
        third = store.add_items(dataset, [replace(item("a"), path=b"/third.zip", member="a.png")])
        assert (third.new, third.known) == ((), (added.new[0],))
        assert len(store.places(added.new[0])) == 3
        store.undo(dataset)
        assert len(store.places(added.new[0])) == 2
        assert store.add_items(dataset, [item("a"), again]).step is None
        assert store.next_redo(dataset) is not None  # nothing was done that could end it

    def test_what_is_known_gains_what_it_lacks_and_keeps_what_it_has(self, store: DatasetStore, dataset: int) -> None:
        (number,) = store.add_items(dataset, [item("a", {"material": WOOD}, source="real")]).new
        added = store.add_items(dataset, [item("a", {"material": STONE, "grade": Grade(3)}, source="x", split="test")])
        assert added.conflicts == (Conflict(number, "material", WOOD, STONE),)
        (kept,) = store.items(dataset)
        assert kept.labels == {"material": WOOD, "grade": Grade(3)}
        assert (kept.source, kept.split) == ("real", "test")

    def test_two_labels_of_one_content_in_one_go_conflict(self, store: DatasetStore, dataset: int) -> None:
        added = store.add_items(dataset, [item("a", {"material": WOOD}), item("a", {"material": METAL})])
        assert added.conflicts == (Conflict(added.new[0], "material", WOOD, METAL),)

    def test_what_was_trashed_comes_back(self, store: DatasetStore, dataset: int) -> None:
        (number,) = store.add_items(dataset, [item("a", {"material": WOOD})]).new
        store.trash_items(dataset, [number])
        assert store.count(dataset) == 0
        assert store.add_items(dataset, [item("a")]).new == (number,)
        assert store.labels(dataset, "material") == {number: WOOD}

    def test_what_was_missing_is_where_it_was_found(self, store: DatasetStore, dataset: int) -> None:
        (number,) = store.add_items(dataset, [item("a")]).new
        store.set_status(dataset, {number: ("missing", "It is gone.")})
        assert store.ids(dataset, Query(status="missing")).tolist() == [number]
        store.add_items(dataset, [replace(item("a"), path=b"/new/a.png", mtime_ns=5)])
        (kept,) = store.items(dataset)
        assert (kept.path, kept.status, kept.note, kept.mtime_ns) == (b"/new/a.png", "ok", "", 5)
        assert store.places(number) == [Place(b"/new/a.png")]

    def test_categories_come_with_the_labels_if_that_is_wanted(self, store: DatasetStore, dataset: int) -> None:
        new = [item("a", {"material": Category("glass")})]
        with pytest.raises(DatasetError, match="no category glass"):
            store.add_items(dataset, new)
        assert store.count(dataset) == 0
        store.add_items(dataset, new, new_categories=True)
        assert store.dataset(dataset).head("material").categories == ("stone", "wood", "metal", "glass")
        store.undo(dataset)
        assert store.dataset(dataset).head("material").categories == MATERIAL.categories

    @pytest.mark.parametrize(
        "wrong",
        [
            replace(item("a"), content=b"short"),
            item("a", split="holdout"),
            item("a", {"colour": WOOD}),
            item("a", {"grade": Grade(11)}),
            item("a", {"grade": WOOD}),
        ],
    )
    def test_one_wrong_among_many_brings_in_none(self, store: DatasetStore, dataset: int, wrong: object) -> None:
        with pytest.raises(DatasetError):
            store.add_items(dataset, [item("b"), wrong])  # type: ignore[list-item]
        assert store.count(dataset) == 0
        assert store.next_undo(dataset) is None

    def test_a_name_that_is_not_unicode_is_kept(self, store: DatasetStore, dataset: int) -> None:
        store.add_items(dataset, [replace(item("a"), path=b"/x/\xff%_.png")])
        (kept,) = store.items(dataset, where=Query(text="%_"))
        assert kept.path == b"/x/\xff%_.png"
        assert os.fsencode(kept.place.source.path) == kept.path
        assert store.count(dataset, Query(text="__")) == 0

    def test_undone_and_done_again_it_has_the_same_id(self, store: DatasetStore, dataset: int) -> None:
        (number,) = store.add_items(dataset, [item("a", {"material": WOOD})]).new
        store.undo(dataset)
        assert store.items(dataset) == []
        with pytest.raises(DatasetError, match="not in the dataset"):
            store.set_labels(dataset, "material", {number: STONE})
        store.redo(dataset)
        assert store.labels(dataset, "material") == {number: WOOD}


class TestLabels:
    def test_to_confirm_a_model_is_a_change(self, store: DatasetStore, dataset: int) -> None:
        (number,) = store.add_items(dataset, [item("a")]).new
        assert store.set_labels(dataset, "material", {number: WOOD}, origin="model") is not None
        assert store.set_labels(dataset, "material", {number: WOOD}, annotator="Ada") is not None
        assert store.set_labels(dataset, "material", {number: WOOD}, annotator="Ada") is None
        fact = store.label_facts(dataset, "material")[number]
        assert (fact.value, fact.annotator, fact.origin) == (WOOD, "Ada", "person")
        assert len(fact.time) == 19

    def test_items_of_another_dataset_are_refused(self, store: DatasetStore, dataset: int) -> None:
        other = store.create("other", [MATERIAL]).id
        (number,) = store.add_items(other, [item("a")]).new
        for act in (
            lambda: store.set_labels(dataset, "material", {number: WOOD}),
            lambda: store.set_splits(dataset, {number: "train"}),
            lambda: store.trash_items(dataset, [number]),
        ):
            with pytest.raises(DatasetError, match="not in the dataset"):
                act()
        assert store.history(number)[-1].action == "Added 1 picture"

    def test_counts_and_queries_by_category(self, store: DatasetStore) -> None:
        dataset = store.create(
            "b", [HeadDef("things", "boxes", ("cat", "dog")), HeadDef("tags", "tags", ("x", "y"))]
        ).id
        cat = Boxes((Shape("cat", 0, 0, 1, 1), Shape("cat", 1, 1, 1, 1)))
        both = Boxes((Shape("cat", 0, 0, 1, 1), Shape("dog", 0, 0, 1, 1)))
        labels = [{"things": cat}, {"things": both, "tags": Tags(frozenset("xy"))}, {"things": Boxes()}, {}]
        splits = ["train", "test", "train", ""]
        new = [item(str(n), one, split=split) for n, (one, split) in enumerate(zip(labels, splits, strict=True))]
        ids = store.add_items(dataset, new).new
        assert store.category_counts(dataset, "things") == {"cat": 2, "dog": 1}
        assert store.category_counts(dataset, "things", "train") == {"cat": 1, "dog": 0}
        assert store.labelled_count(dataset, "things") == 3
        assert store.ids(dataset, Query(head="things", category="dog")).tolist() == [ids[1]]
        assert store.ids(dataset, Query(category="x")).tolist() == [ids[1]]
        assert store.ids(dataset, Query(head="things", unlabelled=True)).tolist() == [ids[3]]
        assert store.ids(dataset, Query(unlabelled=True)).tolist() == [ids[3]]
        assert store.split_counts(dataset) == {"train": 2, "val": 0, "test": 1, "": 1}
        assert store.labels(dataset, "things", np.array([ids[0], ids[3]])) == {ids[0]: cat}
        with pytest.raises(DatasetError, match="no question colour"):
            store.ids(dataset, Query(head="colour"))


class TestReading:
    def test_pages_and_orders(self, store: DatasetStore, dataset: int) -> None:
        names = ["c", "a", "d", "b"]
        ids = store.add_items(dataset, [item(name, source=name) for name in names]).new
        assert store.ids(dataset).tolist() == list(ids)
        assert store.ids(dataset).dtype == np.int64
        assert [one.name for one in store.items(dataset, order="name", offset=1, limit=2)] == ["b.png", "c.png"]
        assert [one.id for one in store.items(dataset, order="newest")] == list(reversed(ids))
        assert [one.source for one in store.items(dataset, order="source")] == ["a", "b", "c", "d"]
        assert [one.id for one in store.items(dataset, where=Query(ids=np.array(ids[1:3])))] == list(ids[1:3])
        assert store.source_counts(dataset) == {"a": 1, "b": 1, "c": 1, "d": 1}
        assert store.ids(dataset, Query(source="d", text="D.PNG")).tolist() == [ids[2]]
        assert store.items(dataset, limit=0) == []


class TestSplits:
    def test_a_fixed_split_is_kept(self, store: DatasetStore, dataset: int) -> None:
        ids = store.add_items(dataset, [item("a"), item("b")]).new
        store.set_splits(dataset, {ids[0]: "test"}, frozen=True)
        with pytest.raises(DatasetError, match="fixed split"):
            store.set_splits(dataset, dict.fromkeys(ids, "train"))
        assert [one.split for one in store.items(dataset)] == ["test", ""]
        store.set_splits(dataset, {ids[0]: "test", ids[1]: "train"})  # says nothing else of it
        store.set_splits(dataset, {ids[0]: "train"}, frozen=False)
        assert [(one.split, one.frozen) for one in store.items(dataset)] == [("train", False), ("train", False)]

    def test_sources_and_groups(self, store: DatasetStore, dataset: int) -> None:
        (number,) = store.add_items(dataset, [item("a")]).new
        store.set_sources(dataset, {number: "real"})
        store.set_groups(dataset, {number: "burst"})
        (kept,) = store.items(dataset, where=Query(source="real", group="burst"))
        store.undo(dataset)
        store.undo(dataset)
        (before,) = store.items(dataset)
        assert (kept.source, kept.group, before.source, before.group) == ("real", "burst", "", "")


class TestCategories:
    def test_masks_follow_their_categories(self, store: DatasetStore) -> None:
        dataset = store.create("m", [HeadDef("area", "mask", ("ground", "door", "knob", "lid"))]).id
        indices = np.array([[0, 1, 2], [3, 255, 1]], np.uint8)
        mask = put_mask(store.blobs, indices)
        plain = put_mask(store.blobs, np.zeros((1, 1), np.uint8))
        first, second = store.add_items(dataset, [item("a", {"area": mask}), item("b", {"area": plain})]).new
        assert store.category_counts(dataset, "area") == {"ground": 2, "door": 1, "knob": 1, "lid": 1}
        store.merge_categories(dataset, "area", ["door", "knob"], "front")
        assert store.dataset(dataset).head("area").categories == ("ground", "front", "lid")
        assert store.category_counts(dataset, "area") == {"ground": 2, "front": 1, "lid": 1}
        merged = store.labels(dataset, "area")[first]
        assert read_mask(store.blobs, merged).tolist() == [[0, 1, 1], [2, 255, 1]]  # type: ignore[arg-type]
        assert store.labels(dataset, "area")[second] == plain
        store.rename_category(dataset, "area", "lid", "top")
        assert store.labels(dataset, "area")[first] == merged
        assert store.category_counts(dataset, "area") == {"ground": 2, "front": 1, "top": 1}
        store.undo(dataset)
        store.undo(dataset)
        assert store.category_counts(dataset, "area") == {"ground": 2, "door": 1, "knob": 1, "lid": 1}
        assert store.labels(dataset, "area") == {first: mask, second: plain}

    def test_a_category_in_use_is_not_removed_without_a_word_where_to(self, store: DatasetStore, dataset: int) -> None:
        (number,) = store.add_items(dataset, [item("a", {"material": WOOD})]).new
        with pytest.raises(DatasetError, match="1 picture"):
            store.remove_category(dataset, "material", "wood")
        store.remove_category(dataset, "material", "wood", to="stone")
        assert store.labels(dataset, "material") == {number: STONE}
        assert store.dataset(dataset).head("material").categories == ("stone", "metal")

    def test_a_name_that_is_there_is_no_new_name(self, store: DatasetStore, dataset: int) -> None:
        with pytest.raises(DatasetError, match="merge"):
            store.rename_category(dataset, "material", "wood", "stone")
        with pytest.raises(DatasetError, match="without categories"):
            store.add_category(dataset, "grade", "ten")
        assert store.rename_category(dataset, "material", "wood", "wood") is None
        assert store.add_category(dataset, "material", "wood") is None

    def test_boxes_and_tags_follow_too(self, store: DatasetStore) -> None:
        dataset = store.create(
            "b", [HeadDef("things", "boxes", ("cat", "dog")), HeadDef("tags", "tags", ("x", "y"))]
        ).id
        boxes = Boxes((Shape("cat", 0, 0, 1, 1), Shape("dog", 0, 0, 1, 1)))
        (number,) = store.add_items(dataset, [item("a", {"things": boxes, "tags": Tags(frozenset("xy"))})]).new
        store.rename_category(dataset, "things", "cat", "lynx")
        store.merge_categories(dataset, "tags", ["x"], "y")
        (kept,) = store.items(dataset)
        assert kept.labels["things"] == Boxes((Shape("lynx", 0, 0, 1, 1), Shape("dog", 0, 0, 1, 1)))
        assert kept.labels["tags"] == Tags(frozenset("y"))
        assert kept.id == number


class TestTogether:
    def test_many_threads_lose_nothing(self, store: DatasetStore, dataset: int) -> None:
        ids = store.add_items(dataset, [item(str(n)) for n in range(40)]).new
        barrier = threading.Barrier(4)

        def work(part: int) -> None:
            barrier.wait()
            for number in ids[part::4]:
                store.set_labels(dataset, "material", {number: WOOD}, annotator=str(part))

        threads = [threading.Thread(target=work, args=(part,)) for part in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        facts = store.label_facts(dataset, "material")
        assert {number: fact.annotator for number, fact in facts.items()} == {n: str(i % 4) for i, n in enumerate(ids)}
        assert len(store.steps(dataset)) == 41

    def test_a_second_window_sees_what_the_first_does(
        self, store: DatasetStore, dataset: int, database: Database
    ) -> None:
        second_database = open_workspace(database.path.parent)
        second = DatasetStore(second_database)
        before = second.version()
        (number,) = store.add_items(dataset, [item("a", {"material": WOOD})]).new
        assert second.version() > before
        assert second.labels(dataset, "material") == {number: WOOD}
        second.undo(dataset)
        assert store.count(dataset) == 0
        second_database.close()
