"""Real engines: what they have, that they compute, and that the program's own process stays free of them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from models.errors import EngineError
from tests.desktop.cli.program import sortwerk
from training.engine.environment import Engine
from training.engine.finding import drift, status_of
from training.engine.proving import prove
from training.engine.variants import VARIANTS, pins

pytestmark = pytest.mark.engine


def test_pytorch_is_what_the_lock_pins_and_computes(torch_engine: Engine) -> None:
    variant = VARIANTS["torch"]
    pinned = pins(variant)
    for name in variant.watched:
        assert torch_engine.versions[name].partition("+")[0] in pinned[name]
    proof = prove(torch_engine.python, variant, "cpu")
    assert proof.device == "cpu"
    assert proof.difference < 1e-3
    assert drift(torch_engine, variant) == ()
    assert status_of(variant, torch_engine.folder.parent).state == "ready"
    assert "torch" not in sys.modules


def test_tensorflow_is_what_the_lock_pins_and_computes(tensorflow_engine: Engine) -> None:
    variant = VARIANTS["tensorflow"]
    pinned = pins(variant)
    for name in variant.watched:
        assert tensorflow_engine.versions[name] in pinned[name]
    assert prove(tensorflow_engine.python, variant, "cpu").difference < 1e-3
    assert "tensorflow" not in sys.modules


def test_a_device_that_is_not_there_is_one_sentence(torch_engine: Engine) -> None:
    with pytest.raises(EngineError, match="finds no mps device on this computer; check its driver"):
        prove(torch_engine.python, VARIANTS["torch"], "mps")


def test_the_environment_serves_as_a_persons_own(torch_engine: Engine, tmp_path: Path) -> None:
    done = sortwerk("engine", "use", torch_engine.folder, "--device", "cpu", "--json", SORTWERK_ENGINES=str(tmp_path))
    assert done.returncode == 0, done.stderr
    engine = json.loads(done.stdout)
    assert (engine["own"], engine["python"]) == (True, str(torch_engine.python))
    status = sortwerk("engine", "status", SORTWERK_ENGINES=str(tmp_path))
    assert status.stdout.splitlines()[0].endswith(f"{torch_engine.versions['torch']} is ready on cpu.")


def test_an_engine_of_the_other_variant_is_refused(tensorflow_engine: Engine, tmp_path: Path) -> None:
    done = sortwerk("engine", "use", tensorflow_engine.python, SORTWERK_ENGINES=str(tmp_path))
    assert done.returncode == 3
    with pytest.raises(EngineError, match=r"can't be loaded \(ModuleNotFoundError"):
        prove(tensorflow_engine.python, VARIANTS["torch"], "cpu")
