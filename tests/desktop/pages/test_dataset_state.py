"""The Dataset page without a screen: what is shown, filtered and answered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.pages.dataset import answering
from desktop.pages.dataset.items import MOST, ItemCache
from desktop.pages.dataset.state import DatasetState
from desktop.pages.dataset.wanted import Wanted, split_words
from models.errors import DatasetError
from tests.desktop.pages.dataset_pictures import look, made
from training.datasets.heads import HeadDef
from training.datasets.records import Item
from training.datasets.values import Boxes, Category, Grade, Shape, Tags

MATERIAL = HeadDef("material", "categories", ("stone", "wood"))
STONE, WOOD = Category("stone"), Category("wood")


@pytest.fixture
def state(tmp_path: Path, workspace: Path) -> Iterator[DatasetState]:
    workspace.mkdir()
    found = DatasetState()
    yield found
    found.close()


def shown(state: DatasetState, wanted: Wanted) -> list[int]:
    state.want(wanted)
    look(state)
    assert state.shown is not None
    return state.shown.ids.tolist()


def test_without_a_dataset_there_is_nothing_to_see(state: DatasetState) -> None:
    assert state.entries is None
    look(state)
    assert state.entries == ()
    assert state.shown is None
    assert state.count == 0
    assert state.place(1) is None


def test_counts_are_those_of_the_store(state: DatasetState, tmp_path: Path) -> None:
    made(state, tmp_path, (MATERIAL,), [{"material": STONE}, {"material": WOOD}, {"material": WOOD}, {}], {0: "test"})
    assert state.shown is not None
    assert [(one.dataset.name, one.items) for one in state.entries or ()] == [("walls", 4)]
    (facts,) = state.shown.heads
    assert facts.labelled == 3
    assert facts.counts == {"stone": 1, "wood": 2}
    assert state.shown.splits == {"train": 0, "val": 0, "test": 1, "": 3}
    assert state.shown.sources == {"drawn": 2, "real": 2}
    assert len(set(facts.colours.values())) == 2


def test_each_filter_leaves_what_it_says(state: DatasetState, tmp_path: Path) -> None:
    labels = [{"material": STONE}, {"material": WOOD}, {"material": WOOD}, {}]
    ids = made(state, tmp_path, (MATERIAL,), labels, {0: "test"})
    assert shown(state, Wanted(head="material", category="wood")) == ids[1:3]
    assert shown(state, Wanted(head="material", unlabelled=True)) == ids[3:]
    assert shown(state, Wanted(split="test")) == ids[:1]
    assert shown(state, Wanted(source="real")) == [ids[1], ids[3]]
    assert shown(state, Wanted(text="2.png")) == [ids[2]]
    assert shown(state, Wanted(chosen=(ids[3], ids[0]), said="two")) == [ids[0], ids[3]]
    assert shown(state, Wanted(order="newest")) == ids[::-1]
    assert state.place(ids[3]) == 0
    assert state.number(0) == ids[3]
    assert not Wanted(order="newest").narrow
    assert Wanted(split="").narrow


def test_what_stands_over_the_pictures() -> None:
    assert Wanted().title == "All pictures"
    assert Wanted(head="material", category="wood").title == "wood"
    assert Wanted(head="material", unlabelled=True).title == "material: unlabelled"
    assert Wanted(trashed=True).title == "In the trash"
    assert Wanted(chosen=(1,), said="Missing files").title == "Missing files"
    assert split_words("val") == "Validation"
    assert split_words("test", frozen=True) == "Test, fixed"


def test_a_filter_by_a_category_that_is_gone_shows_all(state: DatasetState, tmp_path: Path) -> None:
    ids = made(state, tmp_path, (MATERIAL,), [{"material": STONE}, {"material": WOOD}])
    assert shown(state, Wanted(head="material", category="wood")) == ids[1:]
    state.store.merge_categories(state.selected or 0, "material", ["wood"], "stone")
    assert shown(state, state.wanted) == ids
    assert state.shown is not None
    assert state.shown.wanted.category is None


def test_the_keys_are_for_a_question_that_a_hand_can_answer(state: DatasetState, tmp_path: Path) -> None:
    boxes = HeadDef("objects", "boxes", ("door",))
    made(state, tmp_path, (boxes, HeadDef("mood", "grade"), MATERIAL), [{}])
    assert state.head == "mood"
    assert list(state.keys) == []
    state.next_head()
    assert state.head == "material"
    assert list(state.keys) == ["stone", "wood"]
    state.next_head()
    assert state.head == "objects"


def test_items_are_read_by_pages_and_only_once_per_generation(state: DatasetState, tmp_path: Path) -> None:
    ids = made(state, tmp_path, (MATERIAL,), [{"material": STONE}, {}])
    found = state.load_page(0)
    assert found is not None
    items, generation = found
    assert [one.id for one in items] == ids
    state.cache.add(items, generation)
    assert state.cache.get(ids[0]) is items[0]
    look(state)  # whatever was read before may be old now
    assert state.cache.get(ids[0]) is None
    state.cache.add(items, generation)
    assert state.cache.get(ids[0]) is None
    assert state.load_item(ids[1]) is not None


def test_the_cache_forgets_what_came_first(state: DatasetState, tmp_path: Path) -> None:
    (number,) = made(state, tmp_path, (MATERIAL,), [{}])
    item = state.load_item(number)
    assert item is not None
    cache = ItemCache()

    def numbered(one: int) -> Item:
        from dataclasses import replace

        return replace(item, id=one)

    cache.add((numbered(one) for one in range(MOST + 1)), 0)
    assert cache.get(0) is None
    assert cache.get(MOST) is not None


def test_a_dataset_that_is_gone_is_let_go(state: DatasetState, tmp_path: Path) -> None:
    made(state, tmp_path, (MATERIAL,), [{}])
    state.store.trash(state.selected or 0)
    look(state)
    assert state.selected is None
    assert state.shown is None
    assert state.entries == ()


def test_another_window_is_noticed(state: DatasetState, tmp_path: Path, workspace: Path) -> None:
    (number,) = made(state, tmp_path, (MATERIAL,), [{}])
    assert not state.outdated()
    other = DatasetState()
    other.store.set_labels(state.selected or 0, "material", {number: WOOD})
    other.close()
    assert state.outdated()


# -- answering ------------------------------------------------------------------------------------------------------


def test_a_name_is_a_label_and_a_new_one_a_category(state: DatasetState, tmp_path: Path) -> None:
    ids = made(state, tmp_path, (MATERIAL,), [{}, {"material": STONE}])
    dataset = state.selected or 0
    assert answering.name(state.store, dataset, "material", ids, "glass") is not None
    assert set(state.store.labels(dataset, "material").values()) == {Category("glass")}
    assert state.store.dataset(dataset).heads[0].categories == ("stone", "wood", "glass")
    undone = state.store.undo(dataset)
    assert undone is not None
    assert undone.action == "Labelled 2 pictures glass"
    assert state.store.dataset(dataset).heads[0].categories == ("stone", "wood")
    answering.clear(state.store, dataset, "material", ids)
    assert state.store.labels(dataset, "material") == {}


def test_a_tag_goes_on_and_off(state: DatasetState, tmp_path: Path) -> None:
    tags = HeadDef("damage", "tags", ("dent", "scratch"))
    ids = made(state, tmp_path, (tags,), [{"damage": Tags(frozenset({"dent"}))}, {}])
    dataset = state.selected or 0
    answering.name(state.store, dataset, "damage", ids, "dent")
    assert set(state.store.labels(dataset, "damage").values()) == {Tags(frozenset({"dent"}))}
    answering.name(state.store, dataset, "damage", ids, "scratch")
    answering.name(state.store, dataset, "damage", ids, "dent")
    assert set(state.store.labels(dataset, "damage").values()) == {Tags(frozenset({"scratch"}))}


def test_grades_are_typed_with_point_or_comma(state: DatasetState, tmp_path: Path) -> None:
    scale = HeadDef("quality", "grade", options={"low": 1, "high": 10})
    ids = made(state, tmp_path, (scale,), [{}, {}])
    dataset = state.selected or 0
    assert answering.parse_grade(" 7,5") == 7.5
    assert answering.parse_grade("good") is None
    answering.grade(state.store, dataset, "quality", ids, 7.5)
    assert set(state.store.labels(dataset, "quality").values()) == {Grade(7.5)}
    with pytest.raises(DatasetError, match="not on the scale"):
        answering.grade(state.store, dataset, "quality", ids, 11)


def test_the_search_is_about_paths_and_stays_with_the_split(state: DatasetState, tmp_path: Path) -> None:
    boxes = HeadDef("objects", "boxes", ("door",))
    door = Boxes((Shape("door", 1, 1, 4, 4),))
    ids = made(state, tmp_path, (boxes,), [{"objects": door}, {}], {0: "train", 1: "train"})
    assert shown(state, Wanted(head="objects", category="door", split="train")) == ids[:1]
    assert shown(state, Wanted(text="nothing like it", split="train")) == []
