"""Which pictures of the largest categories can go."""

from __future__ import annotations

import numpy as np

from tests.training.datasets.quality.making import category_head, facts, scene
from training.datasets.heads import HeadDef
from training.datasets.quality import balance
from training.datasets.quality.facts import HeadFacts
from training.datasets.quality.finding import Finding, Relabel, SetSplits, Trash
from training.datasets.quality.thinning import most_unlike
from training.datasets.records import Split
from training.datasets.values import Tags

PICTURE = scene(0, 24)


def unit(rows: np.ndarray) -> np.ndarray:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def uneven(found: list[Finding]) -> Finding:
    (one,) = (finding for finding in found if finding.kind == "class-balance")
    return one


def test_the_surplus_goes_and_what_is_unlike_for_testing_or_frozen_stays() -> None:
    count = 5 + 130
    labels: list[str | None] = ["few"] * 5 + ["many"] * 130
    rng = np.random.default_rng(0)
    vectors = np.zeros((count, 8))
    vectors[:5, 7] = 1
    vectors[5:, 0] = 1
    vectors[5:] += rng.normal(0, 0.001, (130, 8))  # all alike
    vectors[[40, 50, 60], [1, 2, 3]] = 5  # but for three
    splits: list[Split] = ["train"] * count
    splits[5:15] = ["test"] * 5 + ["val"] * 5
    frozen = [False] * count
    frozen[15] = True
    made = facts([PICTURE] * count, vectors=vectors, heads=[category_head(labels)], splits=splits, frozen=frozen)
    found = uneven(balance.find(made))
    assert isinstance(found.fix, Trash)
    gone = set(found.fix.items)
    assert len(gone) == 30
    assert not gone & {105 + row for row in range(11)}, "for validation and test, or frozen"
    assert not gone & {140, 150, 160}
    assert found.items == found.fix.items
    assert found.fix_words == "Move 30 of many to the trash, keep the most different"
    assert "many of material has 130 pictures, over 20 times as many as few" in found.words


def test_pictures_that_answer_other_questions_lose_the_label_only() -> None:
    labels: list[str | None] = ["few"] * 5 + ["many"] * 101
    other = category_head(["red"] * 106, "colour")
    made = facts([PICTURE] * 106, heads=[category_head(labels), other])
    found = uneven(balance.find(made))
    assert isinstance(found.fix, Relabel)
    assert list(found.fix.labels.values()) == [None]
    assert found.fix.head == "material"
    assert found.fix_words.startswith("Take the label from 1 of many, keep it on the most different; they answer")


def test_where_all_must_stay_a_fix_says_that_it_takes_them_all_the_same_or_leaves_the_small_ones_out() -> None:
    labels: list[str | None] = ["few"] * 5 + ["many"] * 101
    made = facts([PICTURE] * 106, heads=[category_head(labels)], splits=["test"] * 106)
    found = uneven(balance.find(made))
    assert isinstance(found.fix, Trash)
    assert found.fix.count == 1
    assert found.fix_words == (
        "Move 1 of many to the trash, also for validation, test or frozen, keep the most different"
    )
    (leaving,) = found.others
    assert leaving.fix == Relabel("material", dict.fromkeys(range(100, 105)))
    assert leaving.words == "Leave few out for now: take the label from 5 pictures"


def test_what_names_something_else_as_well_stays() -> None:
    both, alone = Tags(frozenset({"few", "many"})), Tags(frozenset({"many"}))
    head = HeadDef("things", "tags", ("few", "many"))
    values = {row: both if row < 5 else alone for row in range(110)}
    found = uneven(balance.find(facts([PICTURE] * 110, heads=[HeadFacts(head, values)])))
    assert isinstance(found.fix, Trash)
    assert len(found.fix.items) == 10
    assert min(found.fix.items) >= 105


def test_scarce_categories_of_every_kind_of_answer_can_be_left_out() -> None:
    few = Tags(frozenset({"a", "b"}))
    head = HeadDef("things", "tags", ("a", "b"))
    values = {row: few if row < 2 else Tags(frozenset({"b"})) for row in range(20)}
    (found,) = balance.find(facts([PICTURE] * 20, heads=[HeadFacts(head, values)]))
    assert found.kind == "scarce-categories"
    assert found.fix == Relabel("things", {100: None, 101: None})
    assert found.fix_words == "Take the whole answer from 2 pictures"


def test_a_category_that_no_split_has_yet_is_spread_too() -> None:
    labels: list[str | None] = ["a"] * 40 + ["b"] * 40
    splits: list[Split] = ["train", "test"] * 20 + [""] * 40
    found = balance.find(facts([scene(seed, 24) for seed in range(80)], heads=[category_head(labels)], splits=splits))
    assert [one.kind for one in found] == ["absent-categories"]
    fix = found[0].fix
    assert fix is not None
    assert fix.count == 40
    frozen = [True] * 80
    (left,) = balance.find(facts([PICTURE] * 80, heads=[category_head(labels)], splits=splits, frozen=frozen))
    assert left.items == tuple(range(140, 180))
    assert left.fix == Relabel("material", dict.fromkeys(range(140, 180))), "all look alike: nothing can be parted"
    (spread,) = left.others
    assert isinstance(spread.fix, SetSplits)
    assert spread.fix.release


def test_a_category_of_one_series_is_cut_into_blocks_by_name() -> None:
    labels: list[str | None] = ["a"] * 40 + ["b"] * 20
    splits: list[Split] = ["train", "val", "test", "train"] * 10 + ["train"] * 20
    groups = [""] * 40 + ["burst"] * 20
    made = facts([scene(seed, 24) for seed in range(60)], heads=[category_head(labels)], splits=splits, groups=groups)
    (found,) = balance.find(made)
    fix = found.fix
    assert isinstance(fix, SetSplits)
    assert [fix.splits.get(item, "train") for item in range(140, 160)] == ["train"] * 13 + ["val"] * 4 + ["test"] * 3
    assert {fix.groups[item] for item in range(153, 157)} == {"burst / val"}
    assert found.fix_words == "Cut the series into a block for each split, by the names of its files, moves 7"
    assert fix.only([153]).groups == {153: "burst / val"}


def test_the_most_unlike_are_chosen_and_what_is_not_known_comes_last() -> None:
    rows = unit(np.array([[1, 0.1, 0], [1, 0, 0], [0, 1, 0], [0, 0.99, 0.1], [0, 0, 1], [1, 0.2, 0]], float))
    rows[5] = 0
    pool = np.array([1, 2, 3, 4, 5])
    assert most_unlike(rows, pool, np.array([0]), 2).tolist() == [4, 2], "3 is a little like 4"
    assert most_unlike(rows, pool, np.array([0]), 5)[-1] == 5
    assert len(most_unlike(rows, pool, np.array([], int), 3)) == 3
    assert most_unlike(rows, pool, np.array([0]), 0).tolist() == []
    assert set(most_unlike(rows, np.array([5]), np.array([0]), 1).tolist()) == {5}


def test_many_numbers_of_each_vector_choose_alike() -> None:
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(12, 500))
    rows = unit(np.repeat(centres, 20, axis=0) + rng.normal(0, 0.1, (240, 500)))
    chosen = most_unlike(rows, np.arange(240), np.array([], int), 12)
    assert set((chosen // 20).tolist()) == set(range(12)), "one of each kind"
