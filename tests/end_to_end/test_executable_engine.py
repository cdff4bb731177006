"""The frozen program and the engine: its own uv, and its own sources lent to another Python."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.end_to_end.test_executable import PROGRAM
from tests.engine.conftest import kept_in

pytestmark = pytest.mark.executable


def sortwerk(folder: Path, *arguments: str | Path, engines: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the executable in ``folder``, away from the checkout, with the engines that are there or in ``engines``."""
    return subprocess.run(
        [PROGRAM, *arguments],
        check=False,
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, "SORTWERK_ENGINES": str(engines or folder), "SORTWERK_HOME": str(folder / "workspace")},
    )


def installed(variant: str) -> dict[str, Any]:
    """The engine of ``variant`` that the executable itself has installed; fetched, once, where it is missing."""
    kept_in().mkdir(parents=True, exist_ok=True)
    done = sortwerk(kept_in(), "engine", "install", variant, "--device", "cpu", "--json")
    assert done.returncode == 0, done.stderr
    made: dict[str, Any] = json.loads(done.stdout)
    assert Path(made["folder"]).parent == kept_in()
    return made


def test_the_engine_is_installed_by_the_executable_and_computes(tmp_path: Path) -> None:
    made = installed("torch")
    used = sortwerk(tmp_path, "engine", "use", made["folder"], "--device", "cpu", "--json")
    assert used.returncode == 0, used.stderr
    assert json.loads(used.stdout)["versions"]["torch"] == made["versions"]["torch"]
    assert sortwerk(tmp_path, "engine", "status").stdout.startswith("torch       ready")


@pytest.mark.parametrize(
    ("variant", "writer", "names"),
    [
        ("torch", "tests.engine.pytorch_files", ["several.pth", "traced.pt"]),
        ("tensorflow", "tests.engine.tensorflow_files", ["small.keras"]),
    ],
)
def test_the_executable_converts_and_imports(variant: str, writer: str, names: list[str], tmp_path: Path) -> None:
    python = installed(variant)["python"]
    files = tmp_path / "files"
    files.mkdir()
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([python, "-m", writer, files], check=True, cwd=ROOT, env=surroundings, capture_output=True)
    done = sortwerk(tmp_path, "models", "import", "--json", *(files / name for name in names), engines=kept_in())
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr.count("the ONNX file and the original differ by") == len(names)
    folders = [Path(json.loads(line)["folder"]) for line in done.stdout.splitlines()]
    assert len(set(folders)) == len(names)
    assert all(folder.parent == tmp_path / "workspace" / "models" for folder in folders)
    assert all((folder / "metadata.json").is_file() for folder in folders)
