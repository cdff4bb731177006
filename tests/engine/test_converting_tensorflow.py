"""TensorFlow's and Keras's models become ONNX files that answer as they did, by the engine."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from desktop.actions.converting import TOLERANCE, convert, converted
from desktop.actions.packages import propose_spec
from models.errors import ModelError
from training.engine.environment import Engine

pytestmark = [pytest.mark.engine, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def files(tensorflow_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tensorflow")
    command = [tensorflow_engine.python, "-m", "tests.engine.tensorflow_files", folder]
    subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True)
    return folder


@pytest.mark.parametrize("name", ["small.keras", "small.h5", "saved", "frozen.pb", "saved/saved_model.pb"])
def test_what_arrives_answers_as_the_original(name: str, files: Path, tensorflow_engine: Engine) -> None:
    with converted(files / name, engine=tensorflow_engine) as made:
        assert all(one.share < TOLERANCE / 10 and one.high > 0 and not one.problem for one in made.differences)
        assert made.network.stem in ("small", "saved", "frozen")
        spec, reasons = propose_spec(made.network)
    (head,) = spec.heads
    assert (head.kind, len(head.categories), head.form.values) == ("categories", 5, "probabilities")
    assert (spec.preprocessing.size, spec.preprocessing.layout) == ((32, 32), "NHWC")
    if name.startswith("small"):
        assert (spec.preprocessing.scale, spec.preprocessing.mean, spec.preprocessing.std) == (1, (0, 0, 0), (1, 1, 1))
        assert "Pixels are given as the network itself scales them, in its layer Rescaling." in reasons


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("own.keras", r"^own\.keras holds code of its maker's \(.*\), and opening it would run that"),
        ("own.h5", r"^own\.h5 holds code of its maker's \(.*\), and opening it would run that"),
        ("alone.weights.h5", r"^alone\.weights\.h5 holds weights and no layers; save the whole model"),
        ("writes", r"^writes reaches beyond its network \(WriteFile\)"),
        ("cut.h5", r"^cut\.h5 can't be opened: TensorFlow says .*; get it again\.$"),
        ("cut.pb", r"^cut\.pb is damaged or no frozen graph; get it again\.$"),
    ],
)
def test_what_is_refused_leaves_nothing(
    name: str, sentence: str, files: Path, tensorflow_engine: Engine, tmp_path: Path
) -> None:
    with pytest.raises(ModelError, match=sentence) as refused:
        convert(files / name, tmp_path, engine=tensorflow_engine)
    assert "\n" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []
    assert not (files / "written").exists()
