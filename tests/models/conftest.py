"""A network whose calls are counted, a cache, and a watch over threads."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from models.database import open_cache
from models.embedding import EmbeddingCache
from tests.models.pipelines import CountingBackbone


@pytest.fixture
def backbone() -> CountingBackbone:
    return CountingBackbone()


@pytest.fixture
def cache() -> Iterator[EmbeddingCache]:
    database = open_cache()
    yield EmbeddingCache(database)
    database.close()


@pytest.fixture
def no_thread_is_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= before
