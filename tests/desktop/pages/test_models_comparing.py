"""Comparing models without a screen."""

from __future__ import annotations

import csv
import shutil
import threading
from pathlib import Path

import pytest

from desktop.actions.labelled import list_choices
from desktop.pages.models.comparing import COLUMNS, Comparing, progress_of
from models.errors import LabelError
from models.progress import Progress
from models.worker import Step
from tests.desktop.actions.datasets import category_dataset
from tests.models import onnx_models
from tests.models.made_models import PLAIN, make, write

GO = threading.Event()


@pytest.fixture
def labelled(data: Path, tmp_path: Path) -> Path:
    """Eighteen real textures, a folder for each of three categories."""
    for category in ("brick", "sky", "wood"):
        folder = tmp_path / "labelled" / category
        folder.mkdir(parents=True)
        for file in sorted((data / "textures" / category).iterdir())[:6]:
            shutil.copy(file, folder / file.name)
    return tmp_path / "labelled"


def test_models_are_compared_and_put_in_words(labelled: Path, workspace: Path, tmp_path: Path) -> None:
    tiny = workspace / "models" / "tiny"
    tiny.parent.mkdir(parents=True)
    heads = [{"name": "material", "kind": "categories", "categories": ["brick", "sky", "metal", "tile"]}]
    write(tiny, onnx_models.classifier(classes=4), heads, PLAIN, name="Tiny one")
    make(workspace / "models" / "mask", "mask")
    state = Comparing()
    state.begin([None])
    assert state.problem == "Tick two models or more."
    state.take_models(Comparing.look())
    assert [one.name for one in state.models] == ["Game textures (starter)", "Tiny one"], "masks can't be right"
    state.tick([0, 1])
    assert state.ticked == (None, tiny)
    assert state.problem == "Choose labelled pictures."
    state.choose(labelled)
    assert state.problem == ""

    steps: list[Progress] = []
    found = Comparing.run(state.ticked, labelled, GO, steps.append)
    assert steps
    state.take(found)
    first, second = state.places()
    assert (first.name, first.best, second.best) == ("Game textures (starter)", True, False)
    assert first.note == "Best performer"
    assert second.note == "Does not know wood: 6 pictures count as wrong"
    assert len(first.figures) == len(COLUMNS)
    assert first.figures[0].endswith(" %")
    assert first.figures[3].endswith(" ms")
    assert state.notes()[0] == found.note

    total, wrong = state.counts
    assert len(state.disagreements) == total > wrong
    state.show_only_wrong(True)
    assert len(state.disagreements) == wrong
    assert all(one.answers[0].category != one.label for one in state.disagreements)

    Comparing.save(found, tmp_path / "ranking.csv")
    with (tmp_path / "ranking.csv").open(encoding="utf-8", newline="") as file:
        assert [row["name"] for row in csv.DictReader(file)] == [first.name, second.name]


def test_a_dataset_is_chosen_to_compare_on(labelled: Path, workspace: Path) -> None:
    (workspace / "models").mkdir(parents=True)
    heads = [{"name": "material", "kind": "categories", "categories": ["brick", "sky", "wood", "tile"]}]
    write(workspace / "models" / "tiny", onnx_models.classifier(classes=4), heads, PLAIN, name="Tiny one")
    files: dict[Path, str | None] = {path: path.parent.name for path in sorted(labelled.rglob("*.*"))}
    category_dataset("Walls", files)
    state = Comparing()
    state.begin([None, workspace / "models" / "tiny"])
    (walls,) = list_choices(labelled=True)
    state.choose(walls)
    assert (str(state.on), state.problem) == ("Dataset Walls", "")
    found = Comparing.run(state.ticked, walls, GO, lambda _: None)
    assert (found.pictures, found.standings[0].name) == (18, "Game textures (starter)")


def test_a_folder_without_labels_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(LabelError, match="make a folder for each category"):
        Comparing.run([None, None], tmp_path / "empty", GO, lambda _: None)


def test_what_is_gone_is_ticked_no_longer_and_nothing_is_shown_before(tmp_path: Path) -> None:
    state = Comparing()
    state.begin([None, tmp_path / "gone"])
    state.take_models(Comparing.look())
    assert state.ticked == (None,)
    assert (state.places(), state.notes(), state.disagreements, state.counts) == ([], [], (), (0, 0))


def test_steps_are_told_to_the_job_bar() -> None:
    assert progress_of(Step(2.6, 10.0, "asking")) == Progress(3, 10, 0, 0.0, None)
    assert progress_of(Step(0, None, "")).total is None
