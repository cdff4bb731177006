"""Engines that are really installed, stopped, resumed, changed, repaired and refused, from an index on the loopback."""

from __future__ import annotations

import gc
import os
import shutil
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from PySide6.QtWidgets import QPushButton

from tests.end_to_end.engine_hands import EngineHands, MakeEngineWindow, SmallEngines
from tests.training.engine.index import Index, make_variant, make_wheels


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheels")
    make_wheels(folder)
    return folder


@pytest.fixture
def index(wheels: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    server = Index(wheels)
    yield server
    server.close()


@pytest.fixture
def small(tmp_path: Path, wheels: Path) -> SmallEngines:
    (tmp_path / "variant").mkdir()
    tiny = make_variant(tmp_path / "variant", wheels)
    return SmallEngines(replace(tiny, name="torch", title="PyTorch"), tmp_path / "engines")


def test_an_engine_is_installed_stopped_resumed_changed_and_repaired(
    make_engine_window: MakeEngineWindow, small: SmallEngines, index: Index
) -> None:
    hands: EngineHands = make_engine_window(small)
    files, threads = psutil.Process().num_fds(), {one.name for one in threading.enumerate()}
    hands.write(hands.page.engine.index, index.url)
    index.rate = 200_000  # slow enough to be stopped half way
    hands.click(hands.row().install)
    hands.click(hands.panel.install)
    hands.wait(lambda: hands.engines.how_far is not None and hands.engines.how_far.phase == "downloading")
    hands.wait(lambda: any("Fetching" in text for text in hands.said(hands.row())))
    hands.click(next(one for one in hands.row().findChildren(QPushButton) if one.text() == "Cancel"))
    hands.idle()
    assert [one.name for one in small.folder.iterdir() if one.name.startswith("torch-")] == []
    assert psutil.Process().children(recursive=True) == []

    index.rate, index.trouble = 0, "missing"
    hands.click(hands.row().install)
    hands.click(hands.panel.install)
    hands.wait(lambda: "is no package index, or lacks what is needed" in hands.wrong(hands.row()))
    hands.idle()
    index.trouble = ""
    hands.click(hands.row().again)
    hands.wait(lambda: "Ready" in hands.said(hands.row()))
    engine = hands.engines.statuses["torch"].engine
    assert engine is not None
    assert "swtiny 1.0" in " ".join(hands.said(hands.row())).replace("\u200b", "")

    assert engine.site is not None
    shutil.rmtree(next(engine.site.glob("psutil-*.dist-info")))
    hands.looked()
    hands.wait(lambda: any("psutil is gone" in text for text in hands.said(hands.row())))
    hands.click(hands.row().repair)
    hands.wait(lambda: "Ready" in hands.said(hands.row()))

    (engine.folder / "engine.json").unlink()
    hands.looked()
    hands.wait(lambda: "Half installed" in hands.said(hands.row()))
    hands.click(hands.row().remove)
    hands.click(hands.row().sure)
    hands.wait(lambda: "Not installed" in hands.said(hands.row()))
    hands.wait(lambda: {one.name for one in threading.enumerate() if one.name.startswith("job:")} <= threads)
    gc.collect()
    assert psutil.Process().num_fds() <= files + 2  # the log and the database of the workspace may have been opened
    assert not {"torch", "tensorflow", "swtiny"} & set(sys.modules)


def test_a_python_without_pytorch_is_refused_in_earnest(
    make_engine_window: MakeEngineWindow, small: SmallEngines, tmp_path: Path
) -> None:
    hands: EngineHands = make_engine_window(small)
    hands.click(hands.row().own)
    hands.write(hands.panel.own.field, shutil.which("false") or "/bin/false")
    hands.wait(lambda: "is no Python; choose the python of an environment" in hands.wrong(hands.row()))
    hands.idle()
    hands.click(hands.row().own)
    hands.write(hands.panel.own.field, os.fspath(Path(sys.executable)))
    hands.wait(lambda: " lacks swtiny; install that with " in hands.wrong(hands.row()))
    assert "sortwerk engine" not in hands.wrong(hands.row())
    hands.idle()
    assert "Not installed" in hands.said(hands.row())
