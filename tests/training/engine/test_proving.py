"""Interpreters of the person's own: taken after the same proof, and refused in one sentence each."""

from __future__ import annotations

import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from models.errors import Cancelled, EngineError
from models.worker import Limits
from training.engine.finding import find, status_of
from training.engine.installing import Installer
from training.engine.proving import look_at, prove
from training.engine.variants import VARIANTS, Variant

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the fakes are shell scripts")


def script(path: Path, text: str) -> Path:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def theirs(installer: Installer, tiny: Variant, tmp_path: Path) -> Path:
    """An environment that somebody else made: what is installed for the tests, moved out of the engines' folder."""
    engine = installer.install(tiny, "cpu")
    folder = tmp_path / "their environment"
    engine.folder.rename(folder)
    (folder / "engine.json").unlink()
    return folder


def test_an_own_environment_is_taken_after_the_proof(installer: Installer, tiny: Variant, theirs: Path) -> None:
    engine = installer.use(theirs, tiny)
    assert (engine.own, engine.device, engine.python) == (True, "cpu", theirs / "bin" / "python")
    assert find(tiny, installer.engines) == engine
    assert status_of(tiny, installer.engines).state == "ready"
    assert installer.use(theirs / "bin" / "python", tiny).python == engine.python
    assert installer.repair(tiny).python == engine.python


def test_an_own_environment_that_changes_is_noticed(installer: Installer, tiny: Variant, theirs: Path) -> None:
    site = installer.use(theirs, tiny).site
    assert site is not None
    (site / "stranger-1.dist-info").mkdir()
    assert status_of(tiny, installer.engines).state == "ready"
    (site / "swtiny-1.0.dist-info").rename(site / "swtiny-7.dist-info")
    found = status_of(tiny, installer.engines)
    assert (found.state, found.drift) == ("drifted", ("swtiny is 7 instead of 1.0",))


def test_an_own_environment_is_forgotten_and_not_removed(installer: Installer, tiny: Variant, theirs: Path) -> None:
    installer.use(theirs, tiny)
    installer.remove(tiny)
    assert find(tiny, installer.engines) is None
    assert (theirs / "bin" / "python").is_file()


def test_an_own_environment_that_is_gone_is_said(installer: Installer, tiny: Variant, theirs: Path) -> None:
    installer.use(theirs, tiny)
    theirs.rename(theirs.with_name("moved"))
    assert find(tiny, installer.engines) is None
    assert status_of(tiny, installer.engines).state == "broken"


def test_a_refused_interpreter_changes_nothing(installer: Installer, tiny: Variant, tmp_path: Path) -> None:
    engine = installer.install(tiny, "cpu")
    with pytest.raises(EngineError):
        installer.use(script(tmp_path / "python", "echo hello"), tiny)
    assert find(tiny, installer.engines) == engine


def test_an_interpreter_without_pytorch_is_told_what_it_lacks(installer: Installer) -> None:
    with pytest.raises(EngineError, match=r"lacks torch, torchvision, .*; install that with .* -m pip install torch"):
        installer.use(Path(sys.executable), VARIANTS["torch"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("echo hello", "is no Python; choose"),
        ("exit 3", "is no Python; choose"),
        ("echo '{\"sortwerk\": 1}'", "is no Python; choose"),
        (
            'echo \'{"sortwerk": 1, "version": [3, 9, 2], "prefix": "/", "executable": "", "found": {}}\'',
            "is Python 3.9.2, and 3.11 or newer is needed",
        ),
    ],
)
def test_what_is_no_python_is_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(EngineError, match=words):
        look_at(script(tmp_path / "python", text))


def test_files_and_folders_that_are_no_interpreter_are_refused(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="is not there; choose"):
        look_at(tmp_path / "nothing")
    with pytest.raises(EngineError, match="There is no Python in the folder"):
        look_at(tmp_path)
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"\x89PNG")
    with pytest.raises(EngineError, match="can't be started as a Python"):
        look_at(picture)


def test_an_interpreter_that_hangs_is_not_waited_for(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"does not answer within 0\.5 seconds; choose another Python"):
        look_at(script(tmp_path / "python", "sleep 600"), seconds=0.5)


def test_looking_can_be_cancelled(tmp_path: Path) -> None:
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(Cancelled):
        look_at(script(tmp_path / "python", "sleep 600"), cancel=cancel)


def test_a_proof_that_hangs_is_stopped(installer: Installer, tiny: Variant) -> None:
    engine = installer.install(tiny, "cpu")
    assert engine.site is not None
    (engine.site / "swtiny" / "__init__.py").unlink()
    (engine.site / "swtiny" / "__init__.py").write_text("MODE = 'hangs'\n")
    with pytest.raises(EngineError, match="did not compute within 3 seconds; repair the engine"):
        prove(engine.python, tiny, "cpu", limits=Limits(seconds=3.0, mapped=False))


def test_a_library_that_can_not_be_loaded_is_named(installer: Installer, tiny: Variant) -> None:
    engine = installer.install(tiny, "cpu")
    assert engine.site is not None
    (engine.site / "swtiny" / "__init__.py").unlink()
    with pytest.raises(EngineError, match=r"can't be loaded \(AttributeError: .*swtiny"):
        prove(engine.python, tiny, "cpu")


def test_the_worker_of_another_version_is_refused(installer: Installer, tiny: Variant) -> None:
    engine = installer.install(tiny, "cpu")
    with pytest.raises(EngineError, match="ended before it had computed"):
        prove(engine.python, replace(tiny, worker="tests.training.engine.nothing"), "cpu")
