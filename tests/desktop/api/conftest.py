"""Servers for tests that leave nothing behind in them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from desktop.api.guard import Limits
from tests.desktop.api.running import Running, running


def _served(folder: object, limits: Limits) -> Iterator[Running]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SORTWERK_HOME", str(folder))
        with running(limits=limits) as one:
            yield one


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The starter model as it ships."""
    yield from _served(tmp_path_factory.mktemp("server"), Limits())


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One that takes a thousand bytes, within 0.3 seconds."""
    yield from _served(tmp_path_factory.mktemp("small"), Limits(body_bytes=1000, body_seconds=0.3))
