"""``sortwerk dataset check``, ``split`` and ``versions`` as processes."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest

from models.database import open_workspace
from tests.benchmarks.planting import plant, textures
from tests.desktop.cli.program import sortwerk
from training.datasets.store import DatasetStore


@pytest.fixture
def planted(data: Path, tmp_path: Path, workspace: Path) -> dict[str, set[int]]:
    """A dataset "Planted" of 84 textures with problems of each kind; what they are."""
    originals = [one for one in textures(data) if one.split == "train"][::13] + [
        one for one in textures(data) if one.split == "test"
    ][::8]
    (tmp_path / "files").mkdir()
    workspace.mkdir(exist_ok=True)
    with contextlib.closing(open_workspace(workspace)) as database:
        made = plant(DatasetStore(database), tmp_path / "files", originals, scored=("train", "test"))
    return made.problems


def test_check_finds_and_fixes_what_was_planted(planted: dict[str, set[int]]) -> None:
    found = sortwerk("dataset", "check", "planted", "--json")
    assert found.returncode == 1  # something is wrong
    kinds: dict[str, set[int]] = {}
    for one in json.loads(found.stdout)["findings"]:
        kinds.setdefault(one["kind"], set()).update(one["items"])
    assert kinds["missing"] == planted["missing"]
    assert kinds["unreadable"] == planted["cut off"] | planted["no picture"]
    assert kinds["low-information"] >= planted["flat"]
    assert kinds["exact-duplicates"] == planted["exact duplicate"]
    assert {"near-duplicates", "leaks"} <= kinds.keys()

    fixed = sortwerk("dataset", "check", "planted", "--fix", "missing", "--fix", "unreadable", "--fix", "leaks")
    assert "missing: done" in fixed.stderr
    again = sortwerk("dataset", "check", "planted")
    assert not {"missing", "unreadable", "leaks"} & {line.split()[1] for line in again.stdout.splitlines()}

    assert sortwerk("dataset", "check", "planted", "--fix", "nothing").returncode == 3


def test_split_and_versions(planted: dict[str, set[int]]) -> None:
    kept = sortwerk("dataset", "versions", "planted", "create", "before")
    assert kept.returncode == 0
    divided = sortwerk("dataset", "split", "planted", "--by", "stratified", "--ratios", "80/10/10", "--freeze-test")
    assert divided.returncode == 0
    counts = dict(line.split() for line in divided.stdout.splitlines())
    assert int(counts["train"]) > 6 * int(counts["test"]) > 0
    listed = sortwerk("dataset", "versions", "planted")
    assert kept.stdout.split()[0].startswith(listed.stdout.split()[0])
    differs = sortwerk("dataset", "versions", "planted", "diff", "before")
    assert int(differs.stdout.splitlines()[2].split()[0]) > 0
    for wrong in (
        ("split", "planted", "--by", "luck"),
        ("split", "planted", "--ratios", "70/30"),
        ("split", "planted", "--by", "source"),
        ("versions", "planted", "diff", "after"),
        ("versions", "planted", "burn"),
        ("versions", "planted", "create"),
    ):
        assert sortwerk("dataset", *wrong).returncode == 3
