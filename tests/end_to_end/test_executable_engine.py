"""The frozen program and the engine: its own uv, and its own sources lent to another Python."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.end_to_end.test_executable import PROGRAM
from tests.engine.conftest import kept_in

pytestmark = pytest.mark.executable


def engine(folder: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run ``sortwerk engine`` of the executable with the engines in ``folder``, away from the checkout."""
    return subprocess.run(
        [PROGRAM, "engine", *arguments],
        check=False,
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, "SORTWERK_ENGINES": str(folder)},
    )


def test_the_engine_is_installed_by_the_executable_and_computes(tmp_path: Path) -> None:
    kept_in().mkdir(parents=True, exist_ok=True)
    done = engine(kept_in(), "install", "torch", "--device", "cpu", "--json")
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    assert Path(made["folder"]).parent == kept_in()
    used = engine(tmp_path, "use", made["folder"], "--device", "cpu", "--json")
    assert used.returncode == 0, used.stderr
    assert json.loads(used.stdout)["versions"]["torch"] == made["versions"]["torch"]
    assert engine(tmp_path, "status").stdout.startswith("torch       ready")
