"""Making a model smaller without a screen: a real network, in a real child process."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from desktop.actions.labelled import list_choices
from desktop.pages.models.shrinking import FORMS, TOLERANCES, Shrinking
from models.errors import ModelError
from models.progress import Progress
from models.quantization import HOWS, HeadChange
from models.spec import read_spec
from tests.desktop.actions.datasets import category_dataset
from tests.models import onnx_models
from tests.models.made_models import CATEGORIES, PLAIN, pictures, write

GO = threading.Event()


@pytest.fixture
def model(workspace: Path) -> Path:
    folder = workspace / "models" / "tiny"
    folder.parent.mkdir(parents=True)
    write(folder, onnx_models.classifier(classes=4), CATEGORIES, PLAIN)
    return folder


def test_there_is_a_sentence_for_each_form() -> None:
    assert set(FORMS) == set(HOWS)
    assert all(sentence.endswith(".") for _, sentence in FORMS.values())
    assert [points for _, points in TOLERANCES.values()] == sorted(points for _, points in TOLERANCES.values())


def test_a_smaller_model_is_made_beside_the_others_and_kept_or_dropped(model: Path, tmp_path: Path) -> None:
    pictures(tmp_path / "pictures", 6)
    state = Shrinking()
    state.begin(model)
    assert state.name_of(model) == "Tiny"
    assert state.problem == "Choose pictures to try it on."
    state.choose(how="ort", pictures=tmp_path / "pictures", tolerance="10")
    assert state.problem == ""
    there = set(model.parent.iterdir())
    steps: list[Progress] = []
    made = Shrinking.make(model, state.how, tmp_path / "pictures", 10.0, GO, steps.append)
    assert steps
    assert {one for one in model.parent.iterdir() if not one.name.startswith(".")} == there, "nothing is installed yet"
    state.take(made)
    names = [figure.name for figure in state.figures()]
    assert names == ["Answers as before", "One picture takes", "Size of the file"]
    assert all(0 <= part <= 1 for one in state.figures() for part in (one.share_before, one.share_after))
    assert state.words() == "Both were asked about 6 pictures."

    folder = Shrinking.keep(made, GO)
    assert folder in set(model.parent.iterdir()) - there
    assert read_spec(folder).format == "ort"
    assert state.let_go() is made
    assert state.made is None
    assert state.figures() == []

    again = Shrinking.make(model, "ort", tmp_path / "pictures", 10.0, GO, lambda _: None)
    before = set(model.parent.iterdir())
    Shrinking.drop(again)
    assert set(model.parent.iterdir()) < before
    assert not again.done.folder.exists()


def test_a_dataset_is_chosen_to_try_it_on(model: Path, tmp_path: Path) -> None:
    pictures(tmp_path / "pictures", 4)
    category_dataset("Walls", dict.fromkeys(sorted((tmp_path / "pictures").iterdir())))
    state = Shrinking()
    state.begin(model)
    (walls,) = list_choices(labelled=False)
    state.choose(pictures=walls)
    assert (str(state.pictures), state.problem) == ("Dataset Walls", "")
    made = Shrinking.make(model, "ort", walls, 10.0, GO, lambda _: None)
    assert made.done.pictures == 4
    Shrinking.drop(made)


def test_a_model_that_can_not_be_made_smaller_is_one_sentence(tmp_path: Path, workspace: Path) -> None:
    pictures(tmp_path / "pictures", 2)
    with pytest.raises(ModelError, match="nothing to make smaller") as failed:
        Shrinking.make(None, "int8", tmp_path / "pictures", 1.0, GO, lambda _: None)
    state = Shrinking()
    state.refuse(str(failed.value))
    assert "nothing to make smaller" in state.refusal
    state.begin(None)
    assert state.refusal == ""
    assert not any((workspace / "models").glob("*")) or not list((workspace / "models").glob("[!.]*"))


@pytest.mark.parametrize(
    ("before", "after", "verdict", "good"),
    [(9, 9, "the same", None), (9, 8, "–10.0 points", False), (8, 9, "+10.0 points", True)],
)
def test_with_labels_what_is_right_is_told(
    model: Path, tmp_path: Path, before: int, after: int, verdict: str, good: bool | None
) -> None:
    pictures(tmp_path / "pictures", 2)
    made = Shrinking.make(model, "ort", tmp_path / "pictures", 10.0, GO, lambda _: None)
    state = Shrinking()
    head = HeadChange("material", "categories", 0.95, 0.1, "same category", 10, before, after)
    state.take(replace(made, done=replace(made.done, heads=(head,), speed=0.5, size_before=1000, size_after=250)))
    right, speed, size = state.figures()
    assert (right.name, right.verdict, right.good) == ("Right", verdict, good)
    assert (right.before, right.after) == (f"{before * 10:.1f} %", f"{after * 10:.1f} %")
    assert np.isclose(right.share_after, after / 10)
    assert (speed.verdict, speed.good) == ("2.0 times as slow", False)
    assert (size.verdict, size.good) == ("75 % smaller", True)
    Shrinking.drop(made)
