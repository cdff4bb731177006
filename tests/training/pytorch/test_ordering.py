"""Which pictures an epoch sees and in which order, how they are divided, and when it is enough: all without PyTorch."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import TrainingError
from training.config import CurriculumStep, DataConfig, ScheduleConfig, StoppingConfig
from training.datasets.values import Category
from training.pytorch.data.dividing import divide
from training.pytorch.data.ordering import Order, class_weights, rarity, source_weights
from training.pytorch.schedule import Plateau, share_at
from training.pytorch.stopping import Watch, monitored
from training.runs.items import RunItem


def items(count: int, rare: int = 4) -> list[RunItem]:
    return [
        RunItem(
            f"{row:064x}",
            f"/{row}.png",
            source="real" if row % 4 == 0 else "drawn",
            labels={"colour": Category("red" if row % rare == 0 else "blue")},
        )
        for row in range(count)
    ]


@given(st.integers(1, 200), st.integers(0, 50), st.integers(0, 2**31 - 1))
def test_an_epoch_sees_each_picture_once_and_always_in_the_same_order(count: int, epoch: int, seed: int) -> None:
    order = Order(DataConfig(), seed, ["a"] * count)
    assert sorted(order.of(epoch).tolist()) == list(range(count))
    assert np.array_equal(order.of(epoch), order.of(epoch))


def test_epochs_and_seeds_differ() -> None:
    one, other = (Order(DataConfig(), seed, ["a"] * 50) for seed in (1, 2))
    assert not np.array_equal(one.of(0), one.of(1))
    assert not np.array_equal(one.of(0), other.of(0))


def test_a_curriculum_gives_each_source_its_share() -> None:
    steps = (
        CurriculumStep(from_epoch=0, shares={"drawn": 1.0}),
        CurriculumStep(from_epoch=2, shares={"real": 3.0, "drawn": 1.0}),
    )
    sources = [item.source for item in items(400)]
    order = Order(DataConfig(curriculum=steps), 1, sources)
    assert {sources[place] for place in order.of(1)} == {"drawn"}
    later = Counter(sources[place] for place in order.of(2))
    assert later["real"] == pytest.approx(300, abs=1)
    assert sum(later.values()) == 400


def test_a_curriculum_of_sources_that_are_not_there_changes_nothing() -> None:
    steps = (CurriculumStep(from_epoch=0, shares={"elsewhere": 1.0}),)
    assert sorted(Order(DataConfig(curriculum=steps), 1, ["a"] * 9).of(0).tolist()) == list(range(9))


def test_rare_categories_come_as_often_as_others_where_that_is_asked_for() -> None:
    some = items(400)
    order = Order(DataConfig(), 1, [item.source for item in some], rarity(some, ["colour"]))
    seen = Counter(some[place].labels["colour"].to_json() for place in order.of(0))
    assert seen["red"] == pytest.approx(200, abs=1)


def test_weights_are_one_on_average() -> None:
    some = items(40)
    assert source_weights(some, {"real": 3.0}).mean() == pytest.approx(1)
    red, blue, none = class_weights(some, "colour", ("red", "blue", "green"))
    assert red * 10 + blue * 30 == pytest.approx(40)
    assert red > blue
    assert none == 1


def test_groups_are_held_back_whole_where_nothing_is_for_validation() -> None:
    some = [RunItem(f"{row:064x}", "/", group=f"g{row // 4}", labels={"a": Category("x")}) for row in range(80)]
    divided = divide(some, ["a"], DataConfig(holdout=0.25), 1)
    assert len(divided.val) == 20
    assert not {item.group for item in divided.val} & {item.group for item in divided.train}
    assert divided == divide(some, ["a"], DataConfig(holdout=0.25), 1)
    assert "20 of those for training are held back" in divided.note


def test_one_picture_is_judged_on_itself_and_none_is_a_sentence() -> None:
    divided = divide(items(1), ["colour"], DataConfig(), 1)
    assert divided.val == divided.train
    with pytest.raises(TrainingError, match="No picture of the sources elsewhere has a label"):
        divide(items(8), ["colour"], DataConfig(sources=("elsewhere",)), 1)


@pytest.mark.parametrize("kind", ["cosine", "one_cycle"])
def test_the_rate_rises_and_falls_to_its_final_share(kind: str) -> None:
    config = ScheduleConfig.model_validate({"kind": kind, "epochs": 10, "final_share": 0.05})
    shares = [share_at(config, step, 20) for step in range(201)]
    top = shares.index(max(shares))
    assert shares[top] == pytest.approx(1, abs=1e-3)
    assert shares[:top] == sorted(shares[:top])
    assert shares[top:] == sorted(shares[top:], reverse=True)
    assert shares[200] == pytest.approx(0.05)


def test_a_plateau_lowers_the_rate_after_its_patience() -> None:
    config = ScheduleConfig(kind="plateau", plateau_patience=1, plateau_factor=0.5)
    plateau = Plateau()
    factors = []
    for improved in (True, False, False, True, False, False):
        plateau.after_epoch(config, improved=improved)
        factors.append(plateau.factor)
    assert factors == [1, 1, 0.5, 0.5, 0.5, 0.25]


def test_it_is_enough_when_gains_are_too_small_yet_the_best_is_the_best() -> None:
    config, watch = StoppingConfig(patience=2, min_delta=0.1), Watch()
    best = [watch.after_epoch(epoch, figure, 1, config) for epoch, figure in enumerate((0.5, 0.55, None))]
    assert best == [True, True, False]
    assert (watch.best, watch.best_epoch) == (0.55, 1)
    assert watch.enough(config)
    assert not watch.enough(StoppingConfig(early=False))


def test_without_a_figure_of_a_head_the_loss_is_watched() -> None:
    assert monitored(StoppingConfig(), {"loss": 2.0}, []) == (2.0, -1)
    assert monitored(StoppingConfig(monitor="colour.rmse"), {"colour.rmse": 1.0}, []) == (1.0, -1)
    with pytest.raises(TrainingError, match=r"There is no figure colour.beauty to watch; choose auto or one of loss"):
        monitored(StoppingConfig(monitor="colour.beauty"), {"loss": 1.0}, [])
