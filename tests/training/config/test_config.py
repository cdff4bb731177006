from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from models.errors import TrainingError
from training.config import (
    CurriculumStep,
    DataConfig,
    HeadConfig,
    TrainingConfig,
    TuningConfig,
    UnfreezeStep,
    checked_config,
    read_config,
)

NAMES = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=8)
SHARES = st.dictionaries(NAMES, st.floats(0.01, 1e3), min_size=1, max_size=3)


@st.composite
def configs(draw: st.DrawFn) -> TrainingConfig:
    starts = sorted(draw(st.sets(st.integers(0, 200), max_size=3)))
    curriculum = tuple(CurriculumStep(from_epoch=start, shares=draw(SHARES)) for start in starts)
    return TrainingConfig(
        name=draw(NAMES),
        heads=draw(st.dictionaries(NAMES, st.builds(HeadConfig, weight=st.floats(0.01, 100)), max_size=3)),
        data=DataConfig(
            side=32 * draw(st.integers(1, 32)),
            batch_size=draw(st.integers(0, 4096)),
            source_weights=draw(SHARES),
            curriculum=curriculum,
            sources=tuple(draw(st.lists(NAMES, max_size=3))),
        ),
    )


@given(configs())
def test_the_text_of_a_configuration_gives_it_back(config: TrainingConfig) -> None:
    assert read_config(config.to_json()) == config
    assert TrainingConfig.model_validate_json(config.to_json()) == config


def test_every_field_is_in_the_text() -> None:
    data = json.loads(TrainingConfig().to_json())
    assert data["data"]["side"] == 224
    assert data["schedule"] == {
        "epochs": 30,
        "kind": "cosine",
        "warmup_epochs": 1.0,
        "final_share": 0.01,
        "plateau_patience": 3,
        "plateau_factor": 0.3,
    }


def test_what_is_missing_is_as_it_is_to_begin_with() -> None:
    assert checked_config({"schedule": {"epochs": 3}}).data == DataConfig()


def test_a_configuration_stays_as_it_is() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        TrainingConfig().name = "other"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"schedule": {"epochs": 0}}, "schedule.epochs must be 1 or more, not 0"),
        ({"schedule": {"epochs": "many"}}, "schedule.epochs must be a whole number, not many"),
        ({"schedule": {"epochs": 1.5}}, "schedule.epochs must be a whole number, not 1.5"),
        ({"schedule": {"speed": 2}}, "has schedule.speed, which is not known"),
        ({"optimiser": {"learning_rate": 0}}, "optimiser.learning_rate must be more than 0, not 0"),
        ({"optimiser": {"learning_rate": float("nan")}}, "optimiser.learning_rate must be a number, not nan"),
        ({"optimiser": {"name": "adam"}}, "optimiser.name must be 'adamw' or 'sgd', not adam"),
        ({"data": {"side": 100}}, r"data.side must be a multiple of 32 \(such as 96\)"),
        ({"data": {"holdout": 0}}, "data.holdout must be more than 0"),
        ({"data": {"source_weights": {"real": -1}}}, "weight of a source must be 0 or more"),
        ({"data": {"curriculum": [{"from_epoch": 0, "shares": {"a": 0}}]}}, "data.curriculum.0.shares can't be so"),
        ({"heads": {"part": {"weight": 0}}}, "heads.part.weight must be more than 0"),
        ({"compute": {"device": "gpu"}}, "compute.device must be auto, cpu"),
        ({"model": {"backbone": "../net"}}, "model.backbone must be a name of timm"),
        ({"version": 2}, "version must be 1, not 2"),
        ([], "must be an object with settings"),
        ({"schedule": {"epochs": 0, "kind": "x"}}, r"\(1 more like it\)"),
    ],
)
def test_what_is_not_possible_is_one_sentence(data: Any, words: str) -> None:
    with pytest.raises(TrainingError, match=words) as caught:
        checked_config(data, "config.json")
    sentence = str(caught.value)
    assert sentence.startswith("config.json ")
    assert sentence.endswith(".")
    assert "\n" not in sentence


@pytest.mark.parametrize("cut", [0, 1, 10, 200, -3])
def test_a_text_that_is_cut_off_is_one_sentence(cut: int) -> None:
    with pytest.raises(TrainingError, match="is no JSON, or cut off"):
        read_config(TrainingConfig().to_json()[:cut], "config.json")


@given(st.integers(0, 40))
def test_the_shares_of_an_epoch_are_those_of_its_step_and_sum_to_one(epoch: int) -> None:
    steps = (
        CurriculumStep(from_epoch=5, shares={"real": 1, "legacy": 3}),
        CurriculumStep(from_epoch=15, shares={"real": 2, "legacy": 2}),
    )
    shares = DataConfig(curriculum=steps).shares_at(epoch)
    if epoch < 5:
        assert shares is None
    else:
        assert shares == ({"real": 0.25, "legacy": 0.75} if epoch < 15 else {"real": 0.5, "legacy": 0.5})


def test_steps_of_a_curriculum_rise() -> None:
    steps = [{"from_epoch": 5, "shares": {"a": 1}}, {"from_epoch": 5, "shares": {"b": 1}}]
    with pytest.raises(TrainingError, match="each step must begin at a later epoch"):
        checked_config({"data": {"curriculum": steps}})


def test_unfreezing_frees_only() -> None:
    tuning = TuningConfig(
        freeze_ratio=0.8, unfreeze=(UnfreezeStep(epoch=2, freeze_ratio=0.5), UnfreezeStep(epoch=4, freeze_ratio=0.0))
    )
    assert [tuning.freeze_ratio_at(epoch) for epoch in range(6)] == [0.8, 0.8, 0.5, 0.5, 0.0, 0.0]
    back = [{"epoch": 1, "freeze_ratio": 0.1}, {"epoch": 2, "freeze_ratio": 0.5}]
    with pytest.raises(TrainingError, match="must not freeze again"):
        checked_config({"tuning": {"unfreeze": back}})


def test_a_head_of_which_nothing_is_said_is_as_usual() -> None:
    config = TrainingConfig(heads={"part": HeadConfig(weight=2)})
    assert config.head("part").weight == 2
    assert config.head("colour") == HeadConfig()
