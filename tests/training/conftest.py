"""A tiny model, a workspace that has seen its pictures, and a learner on both."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.training.tiny import PICTURES, make_model, see, window
from training.learner import Learner


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Of a model with one head."""
    make_model(tmp_path / "model")
    return tmp_path / "model"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A workspace whose cache knows all pictures."""
    (tmp_path / "home").mkdir()
    see(tmp_path / "home", PICTURES)
    return tmp_path / "home"


@pytest.fixture
def learner(folder: Path, home: Path) -> Iterator[Learner]:
    with window(folder, home) as opened:
        yield opened
