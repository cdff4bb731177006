"""An index on the loopback, a variant that is installed from it, and an installer with a folder of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.training.engine.index import Index, make_variant, make_wheels
from training.engine.installing import Installer
from training.engine.network import Network
from training.engine.variants import Variant


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheels")
    make_wheels(folder)
    return folder


@pytest.fixture
def index(wheels: Path) -> Iterator[Index]:
    server = Index(wheels)
    yield server
    server.close()


@pytest.fixture
def tiny(tmp_path: Path, wheels: Path) -> Variant:
    return make_variant(tmp_path, wheels)


@pytest.fixture
def engines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of all engines, of each test's own."""
    folder = tmp_path / "engines"
    monkeypatch.setenv("SORTWERK_ENGINES", str(folder))
    return folder


@pytest.fixture
def installer(engines: Path, index: Index) -> Installer:
    return Installer(Network(index=index.url, retries=0), engines)


@pytest.fixture(autouse=True)
def own_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever proxy this computer has is not for the loopback."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
