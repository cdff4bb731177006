"""The trainer in the engine's Python: small trainings on two dozen pictures, all of them in one process."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from training.engine.environment import Engine

pytestmark = pytest.mark.engine

SCENARIOS = (
    "each_alone_and_all_together",
    "unknown_labels",
    "paused_at_every_step",
    "no_number",
    "damaged_pictures",
    "stopped",
    "frozen",
    "fitted",
    "refused",
)


@pytest.fixture(scope="module")
def came_of(torch_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Scenario -> what ``tests.engine.training_runs`` says of it."""
    folder: Path = tmp_path_factory.mktemp("trainer")
    done = subprocess.run(
        [str(torch_engine.python), "-m", "tests.engine.training_runs", str(folder), *SCENARIOS],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return {name: json.loads((folder / f"{name}.json").read_text("utf-8")) for name in SCENARIOS}


def said(found: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [event for event in found["events"] if event["event"] == kind]


def order(found: dict[str, Any]) -> list[str]:
    """Kinds of events as they came, without those whose number hangs on the clock."""
    return [event["event"] for event in found["events"] if event["event"] not in ("resources", "log", "step")]


def test_heads_train_alone_and_together(came_of: dict[str, Any]) -> None:
    found = came_of["each_alone_and_all_together"]
    assert set(found) == {"colour", "marks", "number", "colour-marks-number"}
    for name, one in found.items():
        assert one["code"] == 0
        assert {"model.onnx", "spec.json", "parity.npz"} <= set(one["files"])
        (test,) = said(one, "test")
        assert {key.partition(".")[0] for key in test["figures"]} == {"loss", *name.split("-")}
        assert all(event["train"]["loss"] > 0 for event in said(one, "epoch"))


def test_events_come_in_order(came_of: dict[str, Any]) -> None:
    one = came_of["each_alone_and_all_together"]["colour"]
    epoch = ["epoch", "classes", "samples"]
    kept = [kind for kind in order(one) if kind != "checkpoint"]
    assert kept == ["begun", *epoch, *epoch, "test", "exported", "finished"]
    assert order(one)[4:6] == ["checkpoint", "checkpoint"]
    steps = [event["step"] for event in said(one, "step")]
    assert steps[0] == 1
    assert steps[-1] == 8
    assert steps == sorted(steps)


def test_unknown_labels_change_nothing(came_of: dict[str, Any]) -> None:
    found = came_of["unknown_labels"]
    alone, few = ([event["train"]["colour.loss"] for event in said(found[name], "epoch")] for name in ("alone", "few"))
    assert alone == pytest.approx(few, abs=1e-6)
    assert "No picture that is trained on has a label for marks" in said(found["none"], "log")[0]["text"]
    assert "marks.loss" not in said(found["none"], "epoch")[0]["val"]


def test_a_run_that_is_paused_at_every_step_learns_the_same(came_of: dict[str, Any]) -> None:
    found = came_of["paused_at_every_step"]
    assert set(found["codes"]) == {0}
    assert found["furthest"] <= 1e-5
    whole, pieces = (
        {event["step"]: event["loss"] for event in found[name] if event["event"] == "step"}
        for name in ("whole", "pieces")
    )
    # Not every step of a run that goes on is told of.
    assert {step: pieces[step] for step in whole} == pytest.approx(whole, abs=1e-5)
    assert sum(event["event"] == "paused" for event in found["pieces"]) == found["resumed"] == 3
    means = [
        [event["train"]["loss"] for event in found[name] if event["event"] == "epoch"] for name in ("whole", "pieces")
    ]
    assert means[0] == pytest.approx(means[1], abs=1e-5)


def test_a_loss_that_is_no_number_ends_it_and_names_the_batch(came_of: dict[str, Any]) -> None:
    found = came_of["no_number"]
    assert found["code"] == 1
    assert found["best"]
    (failed,) = said(found, "failed")
    assert failed["sentence"].startswith("The loss became infinite or no number in ")
    assert ".png" in failed["sentence"]
    assert "the best one, is kept; lower the learning rate" in failed["sentence"]


def test_pictures_that_cannot_be_used_are_listed_once(came_of: dict[str, Any]) -> None:
    found = came_of["damaged_pictures"]
    assert found["code"] == 0
    skipped = said(found, "skipped")
    assert sorted(Path(event["path"]).name for event in skipped) == ["01.png", "05.png", "17.png"]
    assert all(event["sentence"].endswith(".") for event in skipped)
    assert len(said(found, "epoch")) == 2


def test_a_stop_keeps_and_hands_over_the_best(came_of: dict[str, Any]) -> None:
    found = came_of["stopped"]
    assert found["code"] == 0
    assert found["best"]
    assert order(found)[-4:] == ["stopped", "test", "exported", "finished"]
    assert said(found, "finished")[0]["reason"] == "stopped"


def test_what_is_frozen_stays_and_is_let_go_when_due(came_of: dict[str, Any]) -> None:
    found = came_of["frozen"]
    kept = ["train-0.activations", "val-0.activations"]
    assert found["all"]["changed"] == []
    assert found["all"]["kept"] == kept
    assert found["half"]["kept"] == kept
    assert found["half"]["changed"]
    assert not any(name.startswith(("conv_stem", "bn1", "blocks.0", "blocks.1")) for name in found["half"]["changed"])
    assert found["half"]["changed"] == found["later"]["changed"]
    assert [(event["epoch"], event["freeze_ratio"]) for event in said(found["later"], "unfrozen")] == [(2, 0.5)]
    assert not any("bn" in name or "running" in name for name in found["norm"]["changed"])
    assert found["norm"]["changed"]


def test_it_ends_early_with_everything_else_turned_on(came_of: dict[str, Any]) -> None:
    found = came_of["fitted"]
    assert found["code"] == 0
    assert said(found, "finished")[0]["reason"] == "early"
    assert len(said(found, "epoch")) == 3
    assert said(found, "begun")[0]["batch_size"] == 2


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("unlabelled", "No picture has a label and is for training"),
        ("backbone", "There is no backbone no_such_network in the engine"),
        ("weights", "No weights of resnet18 come with the engine"),
        ("monitor", "There is no figure colour.beauty to watch"),
        ("device", "The engine finds no device cuda:7"),
    ],
)
def test_what_cannot_be_trained_is_one_sentence(came_of: dict[str, Any], name: str, sentence: str) -> None:
    found = came_of["refused"][name]
    assert found["code"] == 1
    assert said(found, "failed")[0]["sentence"].startswith(sentence)
