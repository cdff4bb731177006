"""From labelled pictures to a model that answers and learns, by the commands a person types."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.conftest import ROOT
from tests.desktop.cli.program import SORTWERK
from tests.engine.conftest import kept_in
from training.engine.environment import Engine

pytestmark = pytest.mark.engine

COLOURS = {"red": (40, 40, 200), "green": (40, 200, 40), "blue": (200, 40, 40)}


def sortwerk(home: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*SORTWERK, *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "SORTWERK_ENGINES": str(kept_in()), "SORTWERK_HOME": str(home)},
        check=False,
    )


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """A folder a colour, eight noisy squares in each."""
    chance = np.random.default_rng(3)
    for name, colour in COLOURS.items():
        (tmp_path / "pictures" / name).mkdir(parents=True)
        for number in range(8):
            pixels = np.array(colour) + chance.integers(-35, 35, (32, 32, 3))
            cv2.imwrite(str(tmp_path / "pictures" / name / f"{name}{number}.png"), pixels.clip(0, 255).astype(np.uint8))
    return tmp_path / "pictures"


def test_a_trained_model_answers_and_learns(torch_engine: Engine, pictures: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    brought = sortwerk(home, "dataset", "import", pictures, "--name", "Colours")
    assert brought.returncode == 0, brought.stderr
    settings = ("--set", "data.side=64", "--set", "schedule.epochs=4", "--set", "compute.threads=1")
    done = sortwerk(home, "train", "Colours", "--preset", "quick", *settings, "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["state"] == "finished"
    assert said["largest_difference"] < 1e-3
    folder = Path(said["model"])
    assert (folder / "model.onnx").is_file()

    one = pictures / "red" / "red0.png"
    classified = sortwerk(home, "classify", one, "--model", folder, "--json")
    assert classified.returncode == 0, classified.stderr
    assert {row["category"] for row in json.loads(classified.stdout)["predictions"]} == set(COLOURS)

    corrected = sortwerk(home, "correct", one, "blue", "--model", folder)
    assert corrected.returncode == 0, corrected.stderr
    after = json.loads(sortwerk(home, "classify", one, "--model", folder, "--json").stdout)
    assert after["predictions"][0]["category"] == "blue"

    listed = json.loads(sortwerk(home, "runs", "list", "--json").stdout)
    assert [(row["run"], row["state"]) for row in listed] == [(said["run"], "finished")]
    assert sortwerk(home, "runs", "remove", "last").returncode == 0
    assert json.loads(sortwerk(home, "runs", "list", "--json").stdout) == []
    assert folder.is_dir()
