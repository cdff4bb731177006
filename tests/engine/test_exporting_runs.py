"""What the engine exports, for every kind of head, is what ONNX Runtime answers, and ends in the library."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import numpy as np
import pytest

from models.library import load_model
from models.spec import read_spec
from tests.conftest import ROOT
from training.engine.environment import Engine
from training.handover import hand_over

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def runs(torch_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs")
    command = [torch_engine.python, "-m", "tests.engine.exporting_runs", folder]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return folder


@pytest.mark.parametrize("name", ["plain", "dense", "fcos", "fasterrcnn"])
def test_a_run_is_handed_over(runs: Path, tmp_path: Path, name: str) -> None:
    done = hand_over(runs / name, models=tmp_path / "models")
    assert done.folder is not None
    assert done.images == 24
    spec = read_spec(done.folder)
    assert {one.split for one in spec.accuracy} <= {"test"}
    assert {one.images for one in spec.accuracy} <= {6, 8}  # every fifth has no label for the first question
    learns = {head.name for head in spec.heads if head.state_hash}
    assert learns == ({"part", "colour"} if name == "plain" else set())
    model = load_model(done.folder, device="cpu")
    rows = model.backbone.embed(np.full((1, 64, 64, 3), 90, np.uint8))
    (reply,) = model.answer([b"x" * 32], rows)
    assert list(reply.heads) == [head.name for head in spec.heads]


def test_torchscript_is_there_where_it_can_be(runs: Path) -> None:
    assert (runs / "plain" / "export" / "model.pt").is_file()
    assert not (runs / "fasterrcnn" / "export" / "model.pt").exists()
