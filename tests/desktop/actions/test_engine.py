from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from desktop.actions.engine import (
    DEVICES,
    Plan,
    engine_keep_password,
    engine_network,
    engine_plan,
    engine_remove,
    engine_status,
    engine_use,
    plan_sentence,
)
from desktop.settings import Settings, save
from models.errors import EngineError
from models.keys import ENVIRONMENT, SERVICE, Keys
from tests.models.test_keys import Ring

PLAN = Plan(
    "torch", "PyTorch", "cuda", "3.12", 3_100_000_000, 5_700_000_000, Path("/engines/torch"), 400, 10**11, False, False
)


@pytest.fixture(autouse=True)
def engines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "engines"
    monkeypatch.setenv("SORTWERK_ENGINES", str(folder))
    return folder


def test_proxy_and_mirror_are_those_of_the_settings(workspace: Path) -> None:
    assert (engine_network().proxy, engine_network().index) == ("", "")
    workspace.mkdir(exist_ok=True)
    save(Settings(proxy="http://proxy:3128", engine_index="https://mirror.example/simple"), workspace)
    network = engine_network()
    assert (network.proxy, network.index) == ("http://proxy:3128", "https://mirror.example/simple")


def test_a_password_is_kept_in_the_keyring_and_put_in_again(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENVIRONMENT, "sk-for-a-server")
    ring = Ring()
    keys = Keys(ring, {})
    engine_keep_password("http://me:hidden@proxy:3128", "", keys)
    assert ring.kept == {(SERVICE, "me@proxy:3128"): "hidden"}
    workspace.mkdir(exist_ok=True)
    save(Settings(proxy="http://me@proxy:3128", engine_index="https://you@mirror.example/simple"), workspace)
    network = engine_network(keys)
    assert (network.proxy, network.index) == ("http://me:hidden@proxy:3128", "https://you@mirror.example/simple")
    engine_keep_password("http://me@proxy:3128", "http://me@proxy:3128", keys)
    assert len(ring.kept) == 1
    engine_keep_password("http://me:new@proxy:3128", "http://me@proxy:3128", keys)
    assert ring.kept == {(SERVICE, "me@proxy:3128"): "new"}
    engine_keep_password("http://other:3128", "http://me@proxy:3128", keys)
    assert ring.kept == {}


def test_a_locked_keyring_is_one_sentence_and_hinders_only_what_needs_it(workspace: Path) -> None:
    locked = Keys(Ring(locked=True), {})
    engine_keep_password("http://other:3128", "http://me@proxy:3128", locked)
    with pytest.raises(EngineError, match=r"^The password for http://proxy:3128 can't be kept, .* locked;") as error:
        engine_keep_password("http://me:hidden@proxy:3128", "", locked)
    assert "hidden" not in str(error.value)
    workspace.mkdir(exist_ok=True)
    save(Settings(proxy="http://proxy:3128", engine_index="https://me:written@mirror.example/simple"), workspace)
    assert engine_network(locked).index == "https://me:written@mirror.example/simple"
    save(Settings(proxy="http://me@proxy:3128"), workspace)
    with pytest.raises(EngineError, match=r"^The password for http://proxy:3128 can't be read, .*; unlock it and try"):
        engine_network(locked)


def test_the_sentence_says_how_large_where_how_long_and_for_what() -> None:
    assert plan_sentence(PLAN) == (
        "PyTorch for cuda: about 3.1 GB to fetch and 5.7 GB on the disk in /engines/torch (100 GB are free), "
        "about 7 minutes."
    )
    assert "too little space: 9.3 GB must be free" in plan_sentence(replace(PLAN, free=10**9))
    assert "the large one is taken" in plan_sentence(replace(PLAN, fallback=True))
    assert plan_sentence(replace(PLAN, there=True)) == "PyTorch for cuda is installed in /engines/torch."


def test_nothing_is_there_at_first(engines: Path) -> None:
    assert [one.state for one in engine_status()] == ["none", "none"]
    assert engine_remove("tensorflow") == 0
    assert DEVICES[0] == "auto"


def test_wrong_names_are_refused(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="There is no engine jax"):
        engine_plan("jax")
    with pytest.raises(EngineError, match="is not there"):
        engine_use(tmp_path / "python")
