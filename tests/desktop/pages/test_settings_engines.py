"""What the window knows of engines, and its words for them."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from desktop.pages.settings.engine_words import (
    DEVICE_NAMES,
    PURPOSES,
    command_free,
    device_choices,
    engine_rows,
    installing_words,
    plan_rows,
    share_done,
    standing,
)
from desktop.pages.settings.engines import Engines, Wish
from desktop.pages.settings.state import SettingsState
from desktop.settings import ENGINE_DEVICES, Settings, load, save
from models.errors import Cancelled, EngineError
from tests.desktop.pages.engine_actions import EngineActions
from training.engine.availability import install_instructions
from training.engine.builds import DEVICES, choose_device
from training.engine.finding import status
from training.engine.network import split_password
from training.engine.variants import VARIANTS
from training.engine.watching import Installing


@pytest.fixture
def actions(tmp_path: Path) -> EngineActions:
    return EngineActions(tmp_path / "engines")


@pytest.fixture
def engines(actions: EngineActions) -> Engines:
    made = Engines(SettingsState(Settings()), actions)
    made.take(made.look())
    return made


def test_the_tables_are_those_of_the_engine() -> None:
    assert {name: one.title for name, one in PURPOSES.items()} == {name: one.title for name, one in VARIANTS.items()}
    assert {name: one.devices for name, one in PURPOSES.items()} == {
        name: bool(one.backend) for name, one in VARIANTS.items()
    }
    assert tuple(DEVICE_NAMES) == DEVICES == ENGINE_DEVICES


@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
def test_the_devices_offered_are_those_that_a_system_can_have(system: str) -> None:
    def can(device: str) -> bool:
        try:
            choose_device(device, system)
        except EngineError:
            return False
        return True

    assert list(device_choices("auto", system)) == [device for device in DEVICES if can(device)]


def test_a_device_that_is_set_is_offered_wherever_it_was_set() -> None:
    assert "mps" in device_choices("mps", "linux")
    assert "mps" not in device_choices("cpu", "linux")


def test_without_an_engine_the_real_actions_say_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SORTWERK_ENGINES", str(tmp_path / "none"))
    engines = Engines(SettingsState(Settings()))
    engines.take(engines.look())
    assert [one.state for one in engines.statuses.values()] == ["none", "none"]
    assert not engines.is_ready("torch")
    assert engines.read_log() == ""


def test_a_sentence_loses_the_command_that_stands_beside_a_button(tmp_path: Path) -> None:
    for one in status(tmp_path):
        assert "sortwerk" in one.sentence
        assert "sortwerk" not in command_free(one.sentence)
        assert command_free(one.sentence).endswith("need it.")
    assert command_free("The disk is full; free some.") == "The disk is full; free some."
    assert install_instructions("torch") != command_free(install_instructions("torch"))


@pytest.mark.parametrize(
    ("state", "words", "more"),
    [
        ("none", "Not installed", ""),
        ("half", "Half installed", "An installation of PyTorch was not finished; start it again."),
        ("ready", "Ready", ""),
        ("drifted", "Changed", "(numpy is 1.26.4 instead of 2.3.5; timm is gone); repair it."),
        ("outdated", "Works, and is not the newest", "bring it up to date."),
        ("broken", "Broken", "The engine PyTorch has lost its Python; repair it."),
    ],
)
def test_how_an_engine_stands(actions: EngineActions, engines: Engines, state: str, words: str, more: str) -> None:
    actions.states["torch"] = state
    engines.take(engines.look())
    shown = standing(engines.statuses["torch"])
    assert shown.words == words
    assert shown.more.endswith(more)
    assert engines.is_ready("torch") is (state in ("ready", "drifted", "outdated"))


def test_the_facts_of_an_engine(actions: EngineActions, engines: Engines) -> None:
    assert engine_rows(engines.statuses["torch"]) == []
    actions.states["torch"] = "ready"
    engines.take(engines.look())
    rows = dict(engine_rows(engines.statuses["torch"]))
    assert rows["Versions"].startswith("torch 2.9.1, torchvision 0.24.1")
    assert (rows["Device"], rows["On disk"]) == ("Processor", "3.0 GB")
    assert rows["Folder"].endswith("torch-cpu-0123456789ab")
    actions.own["torch"] = Path("/opt/envs/vision/bin/python")
    engines.take(engines.look())
    rows = dict(engine_rows(engines.statuses["torch"]))
    assert rows["Its Python"] == "/opt/envs/vision/bin/python"
    assert "On disk" not in rows
    assert standing(engines.statuses["torch"]).words == "Ready: a Python of your own"


def test_a_plan_says_how_large_where_how_long_and_for_which_device(engines: Engines) -> None:
    rows = dict(plan_rows(engines.plan("torch", threading.Event())))
    assert rows["To fetch"] == "about 640 MB"
    assert rows["On disk"] == "about 1.3 GB"
    assert rows["Free there"] == "120 GB; 1.9 GB are needed"
    assert rows["Takes"].startswith("about 2 minutes")
    assert rows["Device"] == "Processor"
    assert rows["Where"].endswith("torch-cpu-0123456789ab")


def test_the_device_is_asked_for_where_there_is_one_to_choose(actions: EngineActions, engines: Engines) -> None:
    engines.set_device("cuda")
    engines.plan("torch", threading.Event())
    engines.plan("tensorflow", threading.Event())
    assert actions.calls == [("plan", "torch", "cuda"), ("plan", "tensorflow", "cpu")]


def test_one_thing_at_a_time(engines: Engines) -> None:
    assert engines.begin(Wish("install", "torch"))
    assert not engines.begin(Wish("remove", "tensorflow"))
    engines.end()
    assert engines.begin(Wish("remove", "tensorflow"))


def test_what_went_wrong_stays_until_it_is_tried_again(engines: Engines) -> None:
    wish = Wish("repair", "torch")
    engines.begin(wish)
    engines.fail("It is gone; install it: sortwerk engine install torch.")
    engines.end()
    assert engines.problems["torch"].sentence == "It is gone; install it."
    assert engines.problems["torch"].wish == wish
    engines.begin(Wish("install", "tensorflow"))
    engines.end()
    assert "torch" in engines.problems
    engines.begin(wish)
    assert engines.problems == {}


def test_each_deed_is_the_action_of_its_name(actions: EngineActions, engines: Engines, tmp_path: Path) -> None:
    told: list[Installing] = []
    actions.hold.set()
    python = tmp_path / "bin" / "python"
    for wish in (
        Wish("install", "torch"),
        Wish("use", "torch", python),
        Wish("repair", "torch"),
        Wish("remove", "torch"),
    ):
        engines.do(wish, threading.Event(), told.append)
    assert [call[0] for call in actions.calls] == ["install", "use", "repair", "remove"]
    assert [one.phase for one in told] == ["preparing", "downloading", "proving"]
    with pytest.raises(EngineError, match="No Python was chosen"):
        engines.do(Wish("use", "torch"), threading.Event(), told.append)


def test_a_cancelled_installation_ends_as_cancelled(actions: EngineActions, engines: Engines) -> None:
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(Cancelled):
        engines.do(Wish("install", "torch"), cancel, lambda _: None)
    assert actions.left == set()


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("proxy", "proxy.example:3128"),
        ("proxy", "ftp://proxy.example"),
        ("proxy", "http://a b"),
        ("engine_index", "mirror"),
        ("engine_index", "socks5://mirror.example"),
        ("engine_index", "https://mirror.example:port"),
    ],
)
def test_an_address_that_is_none_is_said_and_not_kept(engines: Engines, name: str, address: str) -> None:
    said = engines.set_address(name, address)
    assert said.endswith(".")
    assert said.count(". ") == 0
    assert engines.settings.settings == Settings()


@hypothesis_settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(["proxy", "engine_index"]),
    st.text(st.characters(codec="utf-8"), max_size=40) | st.from_regex(r"https?://[a-z.:@0-9/ ]{0,30}"),
)
def test_what_is_kept_is_read_again_as_it_is(tmp_path_factory: pytest.TempPathFactory, name: str, address: str) -> None:
    """An address that the file would drop again would be a proxy that is ignored."""
    engines = Engines(SettingsState(Settings()))
    if engines.set_address(name, address):
        return
    folder = tmp_path_factory.mktemp("settings")
    save(engines.settings.settings, folder)
    again, problem = load(folder)
    assert (getattr(again, name), problem) == (split_password(address)[0], None)


def test_the_log_is_its_newest_lines(engines: Engines, actions: EngineActions) -> None:
    assert engines.read_log() == ""
    actions.folder.mkdir()
    (actions.folder / "install.log").write_text("".join(f"line {number}\n" for number in range(1000)))
    lines = engines.read_log().splitlines()
    assert (len(lines), lines[-1]) == (400, "line 999")


@pytest.mark.parametrize(
    ("now", "words", "share"),
    [
        (Installing("preparing", 0, 640_000_000, 0.0, None, "Making the environment"), "Making the environment", None),
        (
            Installing("downloading", 160_000_000, 640_000_000, 12_300_000.0, 39.2, "Fetching torch"),
            "Fetching torch  ·  160 MB of 640 MB  ·  12.3 MB/s  ·  about 39 seconds left",
            0.25,
        ),
        (
            Installing("downloading", 5, None, 0.0, None, "Fetching"),
            "Fetching  ·  5 bytes  ·  waiting for the server",
            None,
        ),
        (
            Installing("downloading", 1087, 640_000_000, 527.1, 1e6, "Fetching"),
            "Fetching  ·  1.1 kB of 640 MB  ·  waiting for the server",
            1087 / 640_000_000,
        ),
        (Installing("installing", 640, 640, 0.0, None, "Putting it in place"), "Putting it in place", 1.0),
        (Installing("proving", 640, 640, 0.0, None, "Computing"), "Computing", None),
    ],
)
def test_how_far_an_installation_is(now: Installing, words: str, share: float | None) -> None:
    assert installing_words(now) == words
    assert share_done(now) == share
