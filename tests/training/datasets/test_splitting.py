from __future__ import annotations

import hashlib
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import DatasetError
from training.datasets.records import Split
from training.datasets.splitting import HOWS, Pictures, Ratios, split, spread


def contents(count: int) -> list[bytes]:
    return [hashlib.sha256(str(number).encode()).digest() for number in range(count)]


def pictures(
    count: int,
    strata: list[str | None] | None = None,
    groups: list[int] | None = None,
    sources: list[str] | None = None,
    splits: list[Split] | None = None,
    frozen: list[bool] | None = None,
) -> Pictures:
    return Pictures(
        contents(count),
        splits or [""] * count,
        frozen or [False] * count,
        strata or [None] * count,
        groups or list(range(count)),
        sources or [""] * count,
    )


def test_ratio_gives_the_shares_that_were_asked_for() -> None:
    assert Counter(split(pictures(200), "ratio").splits) == {"train": 140, "val": 30, "test": 30}


def test_the_same_seed_draws_the_same_whatever_the_order_and_another_seed_draws_another() -> None:
    keys = contents(100)
    once = dict(zip(keys, spread(keys, Ratios(), seed=3), strict=True))
    again = dict(zip(keys[::-1], spread(keys[::-1], Ratios(), seed=3), strict=True))
    assert once == again
    assert once != dict(zip(keys, spread(keys, Ratios(), seed=4), strict=True))


def test_each_stratum_has_its_share_and_many_small_ones_add_up() -> None:
    strata: list[str | None] = [f"large {number % 2}" for number in range(200)]
    strata += [f"small {number}" for number in range(100) for _ in range(2)]
    splits = split(pictures(400, strata), "stratified").splits
    large = Counter(zip(strata[:200], splits, strict=False))
    assert large["large 0", "train"] == large["large 1", "train"] == 70
    assert abs(Counter(splits[200:])["test"] - 30) <= 2
    assert abs(Counter(splits)["train"] - 280) <= 2


@settings(deadline=None)
@given(st.lists(st.integers(0, 30), min_size=40, max_size=120), st.integers(0, 1000))
def test_groups_never_straddle(groups: list[int], seed: int) -> None:
    if len(set(groups)) < 3:
        return
    splits = split(pictures(len(groups), groups=groups), "grouped", seed=seed).splits
    assert len({(group, one) for group, one in zip(groups, splits, strict=True)}) == len(set(groups))
    assert "" not in splits


def test_groups_come_close_to_the_shares_and_strata() -> None:
    rng = np.random.default_rng(0)
    groups = np.sort(rng.integers(0, 300, 1000)).tolist()
    strata: list[str | None] = [f"{group % 5}" for group in groups]
    splits = split(pictures(1000, strata, groups), "grouped").splits
    for name in set(strata):
        own = Counter(one for one, stratum in zip(splits, strata, strict=True) if stratum == name)
        assert abs(own["train"] / own.total() - 0.7) < 0.03


def test_by_source_tests_on_what_is_real_only() -> None:
    sources = ["real"] * 100 + ["legacy"] * 100
    splits = split(pictures(200, sources=sources), "source").splits
    assert Counter(splits[:100]) == {"train": 70, "val": 15, "test": 15}
    assert set(splits[100:]) == {"train"}


def test_a_rendered_look_alike_of_a_tested_picture_stays_out() -> None:
    sources = ["real"] * 20 + ["legacy"] * 20
    groups = [*range(20), *range(20)]
    divided = split(pictures(40, groups=groups, sources=sources), "source")
    for row in range(20):
        assert divided.splits[20 + row] == ("train" if divided.splits[row] == "train" else "")
    assert "stay out" in divided.notices[0]


def test_a_frozen_test_set_is_kept_and_its_look_alikes_stay_out() -> None:
    splits: list[Split] = ["test"] * 10 + [""] * 90
    frozen = [True] * 10 + [False] * 90
    groups = [*range(10), 0, 1, *range(12, 100)]
    divided = split(pictures(100, groups=groups, splits=splits, frozen=frozen), "grouped")
    assert divided.splits[:10] == ("test",) * 10
    assert divided.splits[10:12] == ("", "")
    assert set(divided.splits[12:]) == {"train", "val"}
    assert abs(Counter(divided.splits)["val"] - 88 * 0.15 / 0.85) < 1
    assert len(divided.notices) == 2


def test_a_category_too_small_for_all_splits_is_named() -> None:
    strata: list[str | None] = ["many"] * 50 + ["two"] * 2
    assert "two: fewer than 3 pictures" in split(pictures(52, strata), "stratified").notices[0]


@pytest.mark.parametrize(
    ("how", "these", "sentence"),
    [
        ("ratio", pictures(0), "no pictures"),
        ("ratio", pictures(2), "2 pictures for 3 splits"),
        ("grouped", pictures(9, groups=[0] * 5 + [1] * 4), "2 groups"),
        ("source", pictures(9, sources=["legacy"] * 9), "legacy"),
    ],
)
def test_what_is_impossible_is_a_sentence(how: str, these: Pictures, sentence: str) -> None:
    with pytest.raises(DatasetError, match=sentence):
        split(these, next(one for one in HOWS if one == how))


@pytest.mark.parametrize("text", ["70/30", "a/b/c", "-1/1/1", "0/0/0", "nan/1/1", "inf/1/1"])
def test_ratios_that_are_none(text: str) -> None:
    with pytest.raises(DatasetError, match="70/15/15"):
        Ratios.parse(text)


def test_ratios_in_any_unit() -> None:
    assert Ratios.parse("70/15/15").shares == pytest.approx(Ratios.parse("0.7:0.15:0.15").shares)
    assert split(pictures(10), "ratio", Ratios.parse("1/0/1")).splits.count("val") == 0
