"""The tests' engine: made by the product's own command, outside of the checkout, found again by its lock's hash."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.desktop.cli.program import SORTWERK
from training.engine.environment import Engine
from training.engine.finding import find


def kept_in() -> Path:
    """Where the engines of the tests are: ``SORTWERK_TEST_ENGINES``, else a folder in the person's cache."""
    named = os.environ.get("SORTWERK_TEST_ENGINES")
    return Path(named) if named else Path.home() / ".cache" / "sortwerk-test-engines"


def installed(variant: str) -> Engine:
    """The engine of ``variant`` for the processor; fetched, once, where it is missing."""
    folder = kept_in()
    done = subprocess.run(
        [*SORTWERK, "engine", "install", variant, "--device", "cpu", "--json"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "SORTWERK_ENGINES": str(folder), "SORTWERK_HOME": str(folder / "workspace")},
        check=False,
    )
    if done.returncode != 0:
        pytest.fail(f"sortwerk engine install {variant} ended with {done.returncode}: {done.stderr[-1000:]}")
    engine = find(variant, folder)
    assert engine is not None
    assert str(engine.folder) == json.loads(done.stdout)["folder"]
    return engine


@pytest.fixture(scope="session")
def torch_engine() -> Engine:
    return installed("torch")


@pytest.fixture(scope="session")
def tensorflow_engine() -> Engine:
    return installed("tensorflow")
