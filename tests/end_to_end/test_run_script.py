"""``packaging/run.sh`` as a person calls it: from any folder, a space in its path, its set-up done or impossible."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="run.ps1 is the script for Windows")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """This checkout under a path with a space; .venv is not part of it yet."""
    folder = tmp_path / "my programs"
    folder.mkdir()
    for name in ("desktop", "training", "models", "assets", "packaging"):
        (folder / name).symlink_to(ROOT / name)
    return folder


def run(checkout: Path, *arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Call run.sh in ``cwd``; pip may not reach any network."""
    command = [shutil.which("bash") or "bash", str(checkout / "packaging" / "run.sh"), *arguments]
    merged = {**os.environ, "PIP_NO_INDEX": "1", **environment}
    return subprocess.run(command, check=False, cwd=cwd, env=merged, capture_output=True, text=True, timeout=120)


def test_classifies_a_relative_path_and_prints_only_data(checkout: Path, data: Path, tmp_path: Path) -> None:
    (checkout / ".venv").symlink_to(sys.prefix)
    shutil.copy(data / "textures" / "brick" / "nex_brickfloor.jpg", tmp_path / "a brick.jpg")
    # A module beside the pictures must not be taken for one of the program's.
    (tmp_path / "numpy.py").write_text("raise SystemExit('this is not NumPy')", encoding="utf-8")

    run(checkout, "--version", cwd=tmp_path)  # whatever there was to set up is set up now

    done = run(checkout, "classify", "--json", "a brick.jpg", cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    assert json.loads(line)["path"] == "a brick.jpg"
    assert "Installing" not in done.stderr


def test_passes_the_exit_status_on(checkout: Path, tmp_path: Path) -> None:
    (checkout / ".venv").symlink_to(sys.prefix)
    assert run(checkout, "classify", "--no-such-option", cwd=tmp_path).returncode == 2


def test_says_in_one_sentence_that_python_is_missing(checkout: Path, tmp_path: Path) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    for tool in ("dirname", "uname", "id"):
        (tools / tool).symlink_to(shutil.which(tool) or "")

    done = run(checkout, cwd=tmp_path, PATH=str(tools))

    assert done.returncode == 3
    assert done.stdout == ""
    (sentence,) = done.stderr.splitlines()
    assert sentence.startswith("Sortwerk needs Python 3.11 or newer, and none was found")
