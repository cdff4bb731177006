from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import TrainingError
from tests.training.config.test_config import configs
from training.config import HeadConfig, TrainingConfig, diff, paths, with_set, with_value


@pytest.mark.parametrize(
    ("assignment", "path", "value"),
    [
        ("schedule.epochs=3", "schedule.epochs", 3),
        (" schedule.epochs = 3 ", "schedule.epochs", 3),
        ("optimiser.learning_rate=1e-4", "optimiser.learning_rate", 1e-4),
        ("optimiser.name=sgd", "optimiser.name", "sgd"),
        ("data.cache=no", "data.cache", False),
        ("data.sources=real, legacy", "data.sources", ["real", "legacy"]),
        ('data.sources=["a,b"]', "data.sources", ["a,b"]),
        ("data.sources=", "data.sources", []),
        ("data.source_weights.real=3", "data.source_weights.real", 3.0),
        ("data.source_weights.v1.2=3", "data.source_weights.v1.2", 3.0),
        ('data.custom_augmentation={"a": 1}', "data.custom_augmentation", {"a": 1}),
        ("name=a=b", "name", "a=b"),
        ("compute.precision=32", "compute.precision", "32"),
    ],
)
def test_one_setting_is_changed_and_nothing_else(assignment: str, path: str, value: Any) -> None:
    changed = with_set(TrainingConfig(), assignment)
    assert paths(changed)[path] == value
    assert {one for one, _, _ in diff(TrainingConfig(), changed)} <= {path}


def test_a_setting_of_a_head_is_changed_whether_it_is_named_yet_or_not() -> None:
    config = with_set(TrainingConfig(heads={"a.b": HeadConfig()}), "heads.a.b.weight=0.5")
    assert config.heads["a.b"].weight == 0.5
    config = with_set(config, "heads.colour.loss=focal")
    assert config.heads["colour"] == HeadConfig(loss="focal")


@pytest.mark.parametrize(
    ("assignment", "words"),
    [
        ("schedule.epoch=3", "no setting schedule.epoch; did you mean schedule.epochs?"),
        ("speed=3", "no setting speed; sortwerk train --help"),
        ("schedule.epochs.more=3", "no setting schedule.epochs.more"),
        ("heads.part.wait=3", "no setting heads.part.wait; did you mean heads.part.weight?"),
        ("heads=3", "heads must be names with values"),
        ("schedule.epochs", "sets nothing; write setting=value"),
        ("=3", "sets nothing"),
        ("data.sources=[real", "is no JSON; correct its brackets"),
        ("schedule.epochs=0", "schedule.epochs must be 1 or more, not 0"),
    ],
)
def test_what_can_not_be_set_is_one_sentence(assignment: str, words: str) -> None:
    with pytest.raises(TrainingError) as caught:
        with_set(TrainingConfig(), assignment)
    assert words in str(caught.value)


@given(configs(), configs())
def test_the_differences_turn_one_configuration_into_the_other(one: TrainingConfig, other: TrainingConfig) -> None:
    kept = {path: value for path, value in paths(one).items() if not path.startswith("heads.")}
    for path, before, after in diff(one, other):
        assert before != after
        if path.startswith("heads."):
            continue
        assert kept.pop(path, None) == before
        if after is not None:
            kept[path] = after
    assert kept == {path: value for path, value in paths(other).items() if not path.startswith("heads.")}


@given(configs())
def test_nothing_differs_from_itself(config: TrainingConfig) -> None:
    assert diff(config, config) == []


def test_a_head_as_usual_is_no_difference_to_one_that_is_not_named() -> None:
    assert diff(TrainingConfig(), TrainingConfig(heads={"part": HeadConfig()})) == []
    assert diff(TrainingConfig(), TrainingConfig(heads={"part": HeadConfig(weight=2)})) == [
        ("heads.part.weight", 1.0, 2.0)
    ]


@given(st.integers(1, 10_000))
def test_a_value_may_be_given_as_what_it_is(epochs: int) -> None:
    assert with_value(TrainingConfig(), "schedule.epochs", epochs).schedule.epochs == epochs
