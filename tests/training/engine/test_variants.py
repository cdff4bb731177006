from __future__ import annotations

import json
import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from models.errors import EngineError
from tests.conftest import ROOT
from training.engine.availability import install_instructions, is_pytorch_available, require
from training.engine.finding import status
from training.engine.network import Network, uv_environment
from training.engine.running import WORKERS
from training.engine.variants import VARIANTS, lock_hash, pins, platform_key, pythons, variant_named, wheel_sizes

EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]


@pytest.mark.parametrize(("name", "extra"), [("torch", "train"), ("tensorflow", "tensorflow")])
def test_locks_pin_what_the_project_asks_for(name: str, extra: str) -> None:
    pinned = pins(VARIANTS[name])
    for requirement in map(Requirement, EXTRAS[extra]):
        versions = pinned.get(requirement.name, ())
        assert versions, f"{requirement.name} is not pinned; run: bash packaging/lock.sh"
        assert all(version in requirement.specifier for version in versions)
    assert set(VARIANTS[name].watched) <= set(pinned)


@pytest.mark.parametrize("name", VARIANTS)
def test_locks_name_no_server_and_every_hash(name: str) -> None:
    text = VARIANTS[name].lock.read_text(encoding="utf-8")
    assert "://" not in text
    blocks = re.split(r"^(?=[a-z])", text, flags=re.MULTILINE)[1:]
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize("name", VARIANTS)
def test_sizes_are_of_what_the_lock_pins(name: str) -> None:
    variant = VARIANTS[name]
    for minor in pythons(variant):
        sizes = wheel_sizes(variant, minor)
        assert set(sizes) <= set(pins(variant))
        assert set(variant.watched) <= set(sizes)
        assert all(size > 0 for size in sizes.values())


def test_engines_and_program_exchange_files_of_one_version() -> None:
    program = (ROOT / "packaging" / "lock" / "program.txt").read_text(encoding="utf-8")
    for variant in VARIANTS.values():
        assert f"\nonnx=={pins(variant)['onnx'][0]} " in program


def test_every_variant_has_a_worker() -> None:
    assert set(WORKERS) == set(VARIANTS)
    for variant in VARIANTS.values():
        assert (ROOT / f"{variant.worker.replace('.', '/')}.py").is_file()


def test_the_hash_changes_with_lock_python_and_device(tmp_path: Path) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text("a==1\n")
    variant = replace(VARIANTS["torch"], lock=lock)
    first = lock_hash(variant, "3.11", "cpu")
    assert re.fullmatch("[0-9a-f]{12}", first)
    assert len({first, lock_hash(variant, "3.12", "cpu"), lock_hash(variant, "3.11", "cuda")}) == 3
    lock.write_text("a==2\n")
    assert lock_hash(variant, "3.11", "cpu") != first


def test_what_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"There is no engine jax; choose one of torch, tensorflow\."):
        variant_named("jax")
    gone = replace(VARIANTS["torch"], lock=tmp_path / "gone", sizes=tmp_path / "sizes")
    with pytest.raises(EngineError, match="is missing; install Sortwerk again"):
        lock_hash(gone, "3.11", "cpu")
    (tmp_path / "sizes").write_text(json.dumps({"wheels": {"plan9-mips-3.11": {}}}))
    with pytest.raises(EngineError, match="has no build for this computer"):
        pythons(gone)
    (tmp_path / "sizes").write_text(json.dumps({"wheels": {f"{platform_key()}-3.11": {}}}))
    with pytest.raises(EngineError, match=r"has no build for Python 3\.10 on this computer; take 3\.11"):
        wheel_sizes(gone, "3.10")


def test_without_an_engine_there_are_instructions_and_no_import_error(engines: Path) -> None:
    assert not is_pytorch_available()
    assert "sortwerk engine install torch" in install_instructions()
    assert "pip install torch torchvision" in install_instructions()
    assert [one.state for one in status()] == ["none", "none"]
    with pytest.raises(EngineError, match="sortwerk engine install tensorflow"):
        require("tensorflow")
    assert not engines.exists()


def test_uv_is_told_what_the_person_set_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_INDEX_URL", "http://elsewhere.example")
    monkeypatch.setenv("PIP_INDEX_URL", "http://elsewhere.example")
    monkeypatch.setenv("https_proxy", "http://system.example:1")
    assert uv_environment(Network(), tmp_path)["https_proxy"] == "http://system.example:1"
    said = uv_environment(Network(proxy="http://proxy.example:3128"), tmp_path)
    assert {said["HTTP_PROXY"], said["HTTPS_PROXY"], said["ALL_PROXY"]} == {"http://proxy.example:3128"}
    assert "https_proxy" not in said
    assert said["UV_HTTP_TIMEOUT"] == "300"
    assert not [value for value in said.values() if "elsewhere" in value]
