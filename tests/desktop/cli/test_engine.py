"""``sortwerk engine`` as a process. What it installs is tried in tests/training/engine and tests/engine."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.settings import Settings, save
from tests.conftest import ROOT
from tests.desktop.cli.program import SORTWERK, sortwerk
from tests.training.engine.index import Index


@pytest.fixture
def engines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "engines"
    monkeypatch.setenv("SORTWERK_ENGINES", str(folder))
    return folder


@pytest.fixture
def mirror(workspace: Path, tmp_path: Path, engines: Path) -> Iterator[Index]:
    """A mirror without PyTorch, that is set in the settings."""
    index = Index(tmp_path)
    workspace.mkdir()
    save(Settings(engine_index=index.url), workspace)
    yield index
    index.close()


def test_status_without_an_engine(engines: Path) -> None:
    done = sortwerk("engine", "status")
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.split()[:2] for line in done.stdout.splitlines()] == [["torch", "none"], ["tensorflow", "none"]]
    document = json.loads(sortwerk("engine", "status", "--json").stdout)
    assert [(one["variant"], one["state"], one["engine"], one["size"]) for one in document] == [
        ("torch", "none", None, 0),
        ("tensorflow", "none", None, 0),
    ]
    assert not engines.exists()


def test_an_unfinished_installation_needs_something_done(engines: Path) -> None:
    (engines / "torch-cpu-0123456789ab").mkdir(parents=True)
    done = sortwerk("engine", "status")
    assert done.returncode == 1
    assert "torch       half      An installation of PyTorch was not finished; start it again" in done.stdout


def test_the_plan_says_what_it_costs_and_makes_nothing(mirror: Index, engines: Path) -> None:
    done = sortwerk("engine", "install", "--device", "cpu", "--plan")
    assert done.returncode == 0
    assert done.stdout.startswith("PyTorch for cpu: about ")
    assert str(engines) in done.stdout
    document = json.loads(sortwerk("engine", "install", "--device", "cpu", "--plan", "--json").stdout)
    assert document["download"] > 100e6
    assert Path(document["where"]).parent == engines
    assert not engines.exists()
    assert mirror.asked == []


def test_an_installation_that_fails_is_one_sentence(mirror: Index, engines: Path) -> None:
    done = sortwerk("engine", "install", "torch", "--device", "cpu", "--json")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.splitlines()[-1].startswith(f"{mirror.url} is no package index, or lacks what is needed; check")
    assert sortwerk("engine", "status").stdout.startswith("torch       none")


def test_ctrl_c_leaves_nothing_half_made(mirror: Index, engines: Path) -> None:
    mirror.trouble = "silent"
    process = subprocess.Popen(
        [*SORTWERK, "engine", "install", "torch", "--device", "cpu"], stderr=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert process.stderr is not None
    while "Fetching" not in process.stderr.readline():
        assert process.poll() is None
    os.kill(process.pid, signal.SIGINT)
    _, said = process.communicate()
    assert process.returncode == 130
    assert said.splitlines()[-1] == "The installation was cancelled."
    assert not list(engines.glob("torch-*"))


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["install", "jax"], 3, "There is no engine jax; choose one of torch, tensorflow."),
        (["install", "torch", "--device", "gpu"], 3, "There is no device gpu; choose one of auto, cpu"),
        (["repair"], 3, "PyTorch is not installed, so there is nothing to repair"),
        (["use", "/no/python"], 3, "/no/python is not there; choose the python of an environment."),
        (["use", sys.executable], 3, "lacks torch, torchvision"),
        (["use"], 2, "Missing argument"),
        (["status", "--colour"], 2, "No such option"),
    ],
)
def test_wrong_use_and_failures(engines: Path, arguments: list[str], status: int, words: str) -> None:
    done = sortwerk("engine", *arguments)
    assert (done.returncode, done.stdout) == (status, "")
    assert words in done.stderr


def test_removing_what_is_not_there_frees_nothing(engines: Path) -> None:
    assert sortwerk("engine", "remove").stdout == "0 bytes freed.\n"
    assert json.loads(sortwerk("engine", "remove", "--json").stdout) == {"variant": "torch", "freed": 0}
