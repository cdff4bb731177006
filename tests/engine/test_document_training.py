"""The document's training example in the engine's Python, and its file in the inference side's session."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import numpy as np
import pytest

from models.inference import OnnxInferenceSession, run_batch_inference
from tests.conftest import ROOT
from training.engine.environment import Engine

pytestmark = [pytest.mark.engine, pytest.mark.slow]


def test_the_example(torch_engine: Engine, tmp_path: Path) -> None:
    done = subprocess.run(
        [torch_engine.python, "-m", "tests.engine.document_training"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    lines = done.stdout.splitlines()
    assert [line.partition(":")[0].strip() for line in lines] == [f"Epoch {epoch}/5" for epoch in range(1, 6)]
    losses = [float(re.findall(r"loss=([\d.]+)", line)[0]) for line in lines]
    assert losses[-1] < losses[0]
    path = tmp_path / "models" / "my_classifier.onnx"
    session = OnnxInferenceSession(path, num_threads=1)
    assert session.input_shape == (None, 3, 224, 224)
    images = [np.random.default_rng(place).normal(size=(3, 224, 224)).astype(np.float32) for place in range(3)]
    assert [one.shape for one in run_batch_inference(path, images)] == [(50,)] * 3
