"""The lock files: what pyproject.toml asks for is pinned, with hashes, and they name no server."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT

LOCKS = ROOT / "packaging" / "lock"
PIN = re.compile(r"^(?P<name>[a-z0-9.-]+)==(?P<version>[^ ;\\]+)")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def pins(lock: str) -> dict[str, set[str]]:
    """Name -> the versions that the lock pins for it (one for each range of Python versions)."""
    found: dict[str, set[str]] = {}
    for line in (LOCKS / f"{lock}.txt").read_text(encoding="utf-8").splitlines():
        if match := PIN.match(line):
            found.setdefault(match["name"], set()).add(match["version"])
    return found


@pytest.mark.parametrize(
    ("lock", "requirements"),
    [
        ("program", PROJECT["dependencies"]),
        ("dev", PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"]),
    ],
)
def test_lock_pins_what_the_project_asks_for(lock: str, requirements: list[str]) -> None:
    pinned = pins(lock)
    for requirement in map(Requirement, requirements):
        versions = pinned.get(canonicalize_name(requirement.name), set())
        assert versions, f"{requirement.name} is not pinned; run: bash packaging/lock.sh"
        assert all(version in requirement.specifier for version in versions), requirement


def test_tests_see_the_versions_that_users_get() -> None:
    tested = pins("dev")
    assert {name: tested[name] for name in pins("program")} == pins("program")


@pytest.mark.parametrize("lock", ["program", "dev"])
def test_lock_names_no_server_and_every_hash(lock: str) -> None:
    text = (LOCKS / f"{lock}.txt").read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text
    blocks = re.split(r"^(?=[a-z])", text, flags=re.MULTILINE)[1:]
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_pytorch_is_never_part_of_the_program() -> None:
    assert {"torch", "torchvision", "tensorflow", "ray"} & set(pins("dev")) == set()
