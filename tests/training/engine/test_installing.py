from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from models.errors import Cancelled, EngineError
from tests.conftest import ROOT
from tests.training.engine.index import Index, make_variant
from training.engine.availability import require
from training.engine.environment import RECORD
from training.engine.finding import drift, environments, find, status_of
from training.engine.installing import Installer
from training.engine.network import Network
from training.engine.places import alone
from training.engine.running import run_with
from training.engine.uv import LOG
from training.engine.variants import Variant
from training.engine.watching import Installing


def one_sentence(error: BaseException) -> str:
    text = str(error)
    assert text.endswith(".")
    assert "\n" not in text
    assert ";" in text or "," in text
    return text


def nothing_made(variant: Variant, installer: Installer) -> None:
    assert find(variant, installer.engines) is None
    assert environments(variant, installer.engines) == []
    assert status_of(variant, installer.engines).state == "none"


def test_an_engine_is_installed_proved_and_works(installer: Installer, tiny: Variant) -> None:
    steps: list[Installing] = []
    plan = installer.plan(tiny, "cpu")
    assert not plan.there
    assert not installer.engines.exists()
    engine = installer.install(tiny, "cpu", on_progress=steps.append)
    assert engine.folder == plan.where
    assert (engine.device, engine.own, engine.versions["swtiny"]) == ("cpu", False, "1.0")
    assert find(tiny, installer.engines) == engine
    assert status_of(tiny, installer.engines).state == "ready"
    assert [step.phase for step in (steps[0], steps[-1])] == ["preparing", "proving"]
    done = [step.done for step in steps]
    assert done == sorted(done)
    assert done[-1] == steps[-1].total == plan.download
    assert run_with(engine.python, tiny.worker, "double", {"number": 21}, own=False) == 42
    assert "uv pip install" in (installer.engines / LOG).read_text()


def test_the_programs_sources_are_lent_and_its_secrets_are_not(
    installer: Installer, tiny: Variant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SORTWERK_SECRET", "hidden")
    engine = installer.install(tiny, "cpu")
    said = run_with(engine.python, tiny.worker, "surroundings", {}, own=False)
    assert Path(said["models"]).is_relative_to(ROOT)
    assert Path(said["swtiny"]).is_relative_to(engine.folder)
    assert "SORTWERK_SECRET" not in said["environment"]
    assert said["environment"]["PYTHONNOUSERSITE"] == "1"


def test_installing_again_fetches_nothing(installer: Installer, tiny: Variant, index: Index) -> None:
    engine = installer.install(tiny, "cpu")
    index.asked.clear()
    assert installer.install(tiny, "cpu") == engine
    assert installer.plan(tiny, "cpu").there
    assert index.asked == []


def test_another_lock_replaces_the_environment(
    installer: Installer, tiny: Variant, tmp_path: Path, wheels: Path
) -> None:
    before = installer.install(tiny, "cpu")
    with tiny.lock.open("a") as lock:
        lock.write("# another\n")
    assert status_of(tiny, installer.engines).state == "outdated"
    after = installer.install(tiny, "cpu")
    assert after.folder != before.folder
    assert not before.folder.exists()
    assert status_of(tiny, installer.engines).state == "ready"


def test_too_little_room_is_said_before_anything_is_made(installer: Installer, tiny: Variant, index: Index) -> None:
    plan = installer.plan(tiny, "cpu")
    full = replace(installer, free_space=lambda _: plan.needed - 1)
    assert not full.plan(tiny, "cpu").enough
    with pytest.raises(EngineError, match=r"needs 0\.\d GB of free space") as trouble:
        full.install(tiny, "cpu")
    one_sentence(trouble.value)
    assert plan.needed == 3 * plan.download
    nothing_made(tiny, installer)
    assert index.asked == []
    replace(installer, free_space=lambda _: plan.needed).install(tiny, "cpu")


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        ("missing", "is no package index, or lacks what is needed"),
        ("page", "is no package index, or lacks what is needed"),
        ("password", "does not let you in"),
        ("broken", "a hash does not match"),
        ("damaged", "damaged on the way"),
        ("cut", "can't be reached"),
    ],
)
def test_a_bad_mirror_is_one_sentence_and_trying_again_works(
    installer: Installer, tiny: Variant, index: Index, trouble: str, words: str
) -> None:
    index.trouble = trouble
    with pytest.raises(EngineError) as error:
        installer.install(tiny, "cpu")
    assert words in one_sentence(error.value)
    assert index.url in str(error.value)
    nothing_made(tiny, installer)
    index.trouble = ""
    assert installer.install(tiny, "cpu").versions["swtiny"] == "1.0"


def test_no_network_is_one_sentence(installer: Installer, tiny: Variant) -> None:
    away = replace(installer, network=Network(index="http://127.0.0.1:9/simple", retries=0))
    with pytest.raises(EngineError, match="can't be reached; check the network connection") as error:
        away.install(tiny, "cpu")
    one_sentence(error.value)
    nothing_made(tiny, installer)
    nowhere = replace(installer, network=Network(index="http://nowhere.invalid/simple", retries=0))
    with pytest.raises(EngineError, match="can't be reached; check the network connection"):
        nowhere.install(tiny, "cpu")


def test_a_proxy_is_gone_through(installer: Installer, tiny: Variant, index: Index) -> None:
    network = Network(proxy=index.address, index="http://index.invalid/simple", retries=0)
    replace(installer, network=network).install(tiny, "cpu")
    assert any(path.startswith("http://index.invalid/simple/swtiny") for path in index.asked)


@pytest.mark.parametrize(
    ("trouble", "words"), [("asks", "asks for a name and a password"), ("refuses", "The proxy"), ("gone", "The proxy")]
)
def test_a_proxy_that_refuses_is_named_without_its_password(
    installer: Installer, tiny: Variant, index: Index, trouble: str, words: str
) -> None:
    index.trouble = trouble
    address = "127.0.0.1:9" if trouble == "gone" else index.address.removeprefix("http://")
    network = Network(proxy=f"http://me:hidden@{address}", index="https://index.invalid/simple", retries=0)
    with pytest.raises(EngineError) as error:
        replace(installer, network=network).install(tiny, "cpu")
    assert words in one_sentence(error.value)
    assert "hidden" not in str(error.value)
    assert address in str(error.value)
    nothing_made(tiny, installer)


@pytest.mark.parametrize(
    "network", [Network(proxy="proxy:3128"), Network(index="ftp://x/simple"), Network(proxy="http://x:99999")]
)
def test_an_address_that_is_none_is_refused(installer: Installer, tiny: Variant, network: Network) -> None:
    with pytest.raises(EngineError, match="is no address; write it as http://name:port"):
        replace(installer, network=network).install(tiny, "cpu")


@pytest.mark.parametrize(
    ("version", "words"),
    [("2.0", "Tiny computes wrongly on cpu"), ("4.0", "crashed at its first computation; update the driver")],
)
def test_what_does_not_compute_is_not_kept(
    installer: Installer, tmp_path: Path, wheels: Path, version: str, words: str
) -> None:
    variant = make_variant(tmp_path, wheels, version)
    with pytest.raises(EngineError, match=words) as error:
        installer.install(variant, "cpu")
    one_sentence(error.value)
    nothing_made(variant, installer)


def test_cancelling_leaves_nothing_half_made_and_what_was_fetched_is_kept(
    installer: Installer, tiny: Variant, index: Index
) -> None:
    index.rate = 1 << 20
    cancel = threading.Event()

    def stop(step: Installing) -> None:
        if step.done > 1 << 20:
            cancel.set()

    with pytest.raises(Cancelled):
        installer.install(tiny, "cpu", cancel=cancel, on_progress=stop)
    nothing_made(tiny, installer)
    assert list((installer.engines / "cache").glob(".tmp*")) == []
    fetched = {name for name, times in index.served.items() if times}
    assert fetched
    index.rate = 0
    steps: list[Installing] = []
    installer.install(tiny, "cpu", on_progress=steps.append)
    assert {index.served[name] for name in fetched} == {1}
    first = next(step for step in steps if step.phase == "downloading")
    there = json.loads(tiny.sizes.read_text())["wheels"].popitem()[1]
    assert first.done >= sum(there[name.replace("_", "-")] for name in fetched) > 0


def test_a_mirrors_password_stands_in_no_log_and_no_command(installer: Installer, tiny: Variant, index: Index) -> None:
    commands: list[str] = []

    def look(step: Installing) -> None:
        for one in psutil.Process().children():
            with contextlib.suppress(psutil.Error):
                commands.append(" ".join(one.cmdline()))

    address = index.url.replace("http://", "http://me:hidden@")
    replace(installer, network=Network(index=address, retries=0)).install(tiny, "cpu", on_progress=look)
    assert any("pip install" in one for one in commands)
    assert not any("hidden" in one for one in commands)
    assert "hidden" not in (installer.engines / LOG).read_text()
    assert not any("hidden" in path.read_text() for path in installer.engines.glob("*/*.json"))


@pytest.mark.parametrize("phase", ["preparing", "proving"])
def test_cancelling_at_any_moment_leaves_nothing(installer: Installer, tiny: Variant, phase: str) -> None:
    cancel = threading.Event()

    def stop(step: Installing) -> None:
        if step.phase == phase:
            cancel.set()

    with pytest.raises(Cancelled):
        installer.install(tiny, "cpu", cancel=cancel, on_progress=stop)
    nothing_made(tiny, installer)


def in_a_process(installer: Installer, variant: Variant) -> subprocess.Popen[bytes]:
    code = (
        "import sys; from pathlib import Path; from training.engine.installing import Installer; "
        "from training.engine.network import Network; from training.engine.variants import Variant; "
        "lock, sizes, engines, index = sys.argv[1:]; "
        "Installer(Network(index=index, retries=0), Path(engines)).install(Variant('tiny', 'Tiny', Path(lock), "
        "Path(sizes), 'tests.training.engine.tiny_worker', ('swtiny',)), 'cpu')"
    )
    arguments = [variant.lock, variant.sizes, installer.engines, installer.network.index]
    return subprocess.Popen([sys.executable, "-c", code, *arguments], cwd=ROOT)


def test_killed_in_the_middle_it_is_half_and_the_next_try_makes_it_whole(
    installer: Installer, tiny: Variant, index: Index
) -> None:
    index.rate = 1 << 20
    process = in_a_process(installer, tiny)
    while not index.served["psutil"]:
        assert process.poll() is None
        time.sleep(0.02)
    running = json.loads((installer.engines / "uv.json").read_text())
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert find(tiny, installer.engines) is None
    assert status_of(tiny, installer.engines).state == "half"
    with pytest.raises(EngineError, match="sortwerk engine install tiny"):
        require(tiny, installer.engines)
    index.rate = 0
    engine = installer.install(tiny, "cpu")
    assert not psutil.pid_exists(running["pid"]) or psutil.Process(running["pid"]).create_time() != running["born"]
    assert index.served["psutil"] == 1
    assert drift(engine, tiny) == ()
    assert status_of(tiny, installer.engines).state == "ready"


def test_two_installations_at_once_are_refused(installer: Installer, tiny: Variant) -> None:
    with (
        alone(installer.engines),
        pytest.raises(EngineError, match="Another Sortwerk is changing the engines") as error,
    ):
        installer.install(tiny, "cpu")
    one_sentence(error.value)
    installer.install(tiny, "cpu")


def test_a_change_is_noticed_and_repaired(installer: Installer, tiny: Variant) -> None:
    engine = installer.install(tiny, "cpu")
    assert engine.site is not None
    (engine.site / "swtiny-1.0.dist-info").rename(engine.site / "swtiny-1.5.dist-info")
    (engine.site / "stranger-3.dist-info").mkdir()
    found = status_of(tiny, installer.engines)
    assert found.state == "drifted"
    assert found.drift == ("stranger 3 was added", "swtiny is 1.5 instead of 1.0")
    assert found.sentence.endswith("repair it: sortwerk engine repair tiny.")
    assert installer.repair(tiny).versions == engine.versions
    assert status_of(tiny, installer.engines).state == "ready"


def test_a_repair_that_fails_leaves_the_old_one(installer: Installer, tiny: Variant, index: Index) -> None:
    engine = installer.install(tiny, "cpu")
    index.trouble = "missing"
    away = replace(installer, network=Network(index="http://127.0.0.1:9/simple", retries=0))
    with pytest.raises(EngineError):
        away.repair(tiny)
    assert find(tiny, installer.engines) == engine
    assert run_with(engine.python, tiny.worker, "double", {"number": 2}, own=False) == 4


def test_an_engine_without_its_python_is_broken_and_can_be_repaired(installer: Installer, tiny: Variant) -> None:
    engine = installer.install(tiny, "cpu")
    engine.python.unlink()
    assert find(tiny, installer.engines) is None
    assert status_of(tiny, installer.engines).state == "broken"
    assert installer.repair(tiny).python.is_file()


def test_repairing_what_is_not_there_is_refused(installer: Installer, tiny: Variant) -> None:
    with pytest.raises(EngineError, match="nothing to repair; install it"):
        installer.repair(tiny)


def test_removing_frees_everything(installer: Installer, tiny: Variant) -> None:
    engine = installer.install(tiny, "cpu")
    assert installer.remove(tiny) > 6 << 20
    assert not engine.folder.exists()
    assert not (installer.engines / "cache").exists()
    nothing_made(tiny, installer)
    assert installer.remove(tiny) == 0


@pytest.mark.parametrize("content", ["", "{", "[]", '{"version": 99}', '{"version": 1, "variant": 3}'])
def test_a_damaged_record_is_no_engine(installer: Installer, tiny: Variant, content: str) -> None:
    engine = installer.install(tiny, "cpu")
    (engine.folder / RECORD).write_text(content)
    assert find(tiny, installer.engines) is None
    assert installer.install(tiny, "cpu").folder == engine.folder


def test_a_device_that_is_none_is_refused(installer: Installer, tiny: Variant) -> None:
    with pytest.raises(EngineError, match="There is no device gpu; choose one of auto, cpu"):
        installer.install(tiny, "gpu")
