"""A dataset store in a workspace of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.database import Database, open_workspace
from training.datasets.store import DatasetStore


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    (tmp_path / "home").mkdir()
    opened = open_workspace(tmp_path / "home")
    yield opened
    opened.close()


@pytest.fixture
def store(database: Database) -> DatasetStore:
    return DatasetStore(database)
