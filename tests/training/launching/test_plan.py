from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tests.training.datasets.making import content
from tests.training.launching.making import PART, A, B, plan_of, plenty, row, snapshot
from training.config import DataConfig, HeadConfig, TrainingConfig, with_set
from training.datasets.heads import HeadDef
from training.datasets.values import Grade
from training.launching.plan import make_plan


def test_what_is_divided_and_labelled_is_used_as_it_is() -> None:
    plan = plan_of(*plenty(20, 6), row("t", "test"))
    assert {split: len(plan.of(split)) for split in ("train", "val", "test", "")} == {  # type: ignore[arg-type]
        "train": 20,
        "val": 6,
        "test": 1,
        "": 0,
    }
    assert plan.counts == {"train": {"": 20}, "val": {"": 6}, "test": {"": 1}}
    assert (plan.notices, plan.held_out, plan.unlabelled, plan.unsplit) == ((), False, 0, 0)


def test_what_answers_no_question_and_what_is_in_no_split_stays_out() -> None:
    plan = plan_of(*plenty(), row("bare", "train", {}), row("loose", ""))
    assert len(plan.items) == 26
    assert (plan.unlabelled, plan.unsplit) == (1, 1)


def test_a_question_that_is_not_trained_leaves_its_labels_out() -> None:
    heads = (PART, HeadDef("quality", "grade", id=2))
    rows = [*plenty(), row("only graded", "train", {"quality": Grade(3)})]
    config = TrainingConfig(heads={"quality": HeadConfig(train=False)})
    plan = make_plan(snapshot(*rows, heads=heads), config)
    assert plan.heads == (PART,)
    assert len(plan.items) == 26
    assert all(set(item.labels) == {"part"} for item in plan.items)


def test_a_dataset_that_is_not_divided_is_trained_on_and_some_is_held_out() -> None:
    rows = [row(f"p{number}x", "", {"part": (A, B)[number % 2]}) for number in range(40)]
    plan = plan_of(*rows)
    assert len(plan.of("val")) == 6
    assert len(plan.of("train")) == 34
    assert plan.held_out
    assert plan.notices[0].startswith("The dataset is not divided")
    assert "6 of 40 for training are held out" in plan.notices[1]


@given(st.lists(st.integers(0, 9), min_size=12, max_size=60), st.floats(0.1, 0.4), st.integers(0, 3))
def test_what_is_held_out_is_its_share_and_parts_no_group(groups: list[int], share: float, seed: int) -> None:
    rows = [
        row(
            f"p{chr(97 + number // 26)}{chr(97 + number % 26)}",
            "train",
            {"part": (A, B)[number % 2]},
            group=f"g{group}",
        )
        for number, group in enumerate(groups)
    ]
    config = TrainingConfig(data=DataConfig(holdout=share)).model_copy()
    config = with_set(config, f"compute.seed={seed}")
    plan = make_plan(snapshot(*rows), config)
    again = make_plan(snapshot(*reversed(rows)), config)
    assert again.items == plan.items
    home = {item.group: item.split for item in plan.items}
    assert all(home[item.group] == item.split for item in plan.items)
    if len(set(groups)) > 1:
        assert len(plan.items) == len(rows)
        assert abs(len(plan.of("val")) - share * len(rows)) <= 2 * max(Counter(groups).values())


def test_what_looks_alike_is_not_parted_by_the_hold_out() -> None:
    names = [f"p{chr(97 + number)}x" for number in range(20)]
    rows = [row(name, "train", {"part": (A, B)[number % 2]}) for number, name in enumerate(names)]
    alike = [[content(names[2 * number]), content(names[2 * number + 1])] for number in range(10)]
    plan = make_plan(snapshot(*rows), TrainingConfig(), look_alikes=alike)
    split = {bytes.fromhex(item.key): item.split for item in plan.items}
    assert len(plan.of("val")) > 0
    assert all(split[one] == split[other] for one, other in alike)


def test_only_wanted_sources_are_trained_on_and_all_are_judged_with() -> None:
    rows = [
        row(f"{source}{split}{n}", split, source=source)
        for source in "xyz"
        for split in ("train", "val")
        for n in range(3)
    ]  # type: ignore[arg-type]
    config = TrainingConfig(data=DataConfig(sources=("x", "z")))
    plan = make_plan(snapshot(*rows), config)
    assert plan.counts == {"train": {"x": 3, "z": 3}, "val": {"x": 3, "y": 3, "z": 3}}
    assert (plan.unwanted, plan.sources) == (3, ("x", "y", "z"))


def test_splits_may_be_given_instead_of_the_datasets() -> None:
    rows = plenty(4, 2)
    moved = {rows[0].content: "val", rows[4].content: "train"}
    plan = make_plan(snapshot(*rows), TrainingConfig(), splits=moved)  # type: ignore[arg-type]
    split = {item.key: item.split for item in plan.items}
    assert split[rows[0].content.hex()] == "val"
    assert split[rows[4].content.hex()] == "train"
    assert (len(plan.of("train")), len(plan.of("val"))) == (4, 2)


def test_one_picture_can_not_be_held_out() -> None:
    plan = plan_of(row("one"))
    assert (len(plan.of("train")), len(plan.of("val"))) == (1, 0)
    assert "too few pictures to hold any out" in plan.notices[0]
