"""Shared by all tests: where the real data is, and a workspace of each test's own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def data() -> Path:
    """The labelled data sets (``SORTWERK_DATA``, or ``../shared/data``). Missing data fails, it never skips."""
    folder = Path(os.environ.get("SORTWERK_DATA") or ROOT.parent / "shared" / "data")
    if not (folder / "textures" / "labels.csv").is_file():
        pytest.fail(f"no data sets at {folder}: set SORTWERK_DATA to the folder that holds textures/ and parts/")
    return folder


@pytest.fixture(autouse=True)
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh workspace folder for every test; nothing touches the person's own."""
    home = tmp_path / "workspace"
    monkeypatch.setenv("SORTWERK_HOME", str(home))
    return home
