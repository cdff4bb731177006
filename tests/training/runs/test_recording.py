from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.conftest import ROOT
from training.runs.naming import new_id, slug
from training.runs.recording import code_version, own_environment_facts


def make_sources(root: Path) -> Path:
    for floor in ("models", "training"):
        (root / floor).mkdir(parents=True)
        (root / floor / "one.py").write_text("x = 1\n")
    return root


def test_the_code_of_a_checkout_is_known_by_commit_and_content() -> None:
    found = code_version()
    said = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.commit == said.stdout.strip()
    assert found.version
    assert len(found.sources) == 16


def test_another_line_of_code_is_other_code(tmp_path: Path) -> None:
    one, other = make_sources(tmp_path / "a"), make_sources(tmp_path / "b")
    assert code_version(one).sources == code_version(other).sources
    third = make_sources(tmp_path / "c")
    (third / "training" / "one.py").write_text("x = 2\n")
    assert code_version(third).sources != code_version(one).sources
    assert code_version(third).commit == ""


def test_an_executable_is_known_by_the_sources_that_it_carries(tmp_path: Path) -> None:
    make_sources(tmp_path / "app" / "engine_sources")
    assert code_version(tmp_path / "app").sources == code_version(make_sources(tmp_path / "plain")).sources


def test_the_environment_names_what_decides_the_result() -> None:
    facts = own_environment_facts("cpu", "a processor")
    assert (facts.device, facts.device_name) == ("cpu", "a processor")
    assert "numpy" in facts.packages
    assert facts.cores > 0
    assert facts.memory > 1 << 28


@pytest.mark.parametrize(
    ("name", "short"), [("Größe 2!", "große-2"), ("日本", "run"), ("", "run"), ("../x", "x"), ("a" * 60, "a" * 40)]
)
def test_names_become_plain(name: str, short: str) -> None:
    assert slug(name) == short.replace("ß", "").replace("ö", "o").replace("groe", "groe")


def test_an_id_is_not_given_twice(tmp_path: Path) -> None:
    moment = datetime(2026, 11, 25, 4, 30, tzinfo=UTC)
    assert new_id(tmp_path, "Bricks", moment) == "20261125-043000-bricks"
    (tmp_path / "20261125-043000-bricks").mkdir()
    (tmp_path / ".trash" / "20261125-043000-bricks-2").mkdir(parents=True)
    assert new_id(tmp_path, "Bricks", moment) == "20261125-043000-bricks-3"
