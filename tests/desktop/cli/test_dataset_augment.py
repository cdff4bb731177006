"""``sortwerk dataset augment`` as a process."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from tests.desktop.actions.datasets import category_dataset
from tests.desktop.cli.program import sortwerk


@pytest.fixture
def bricks(data: Path, workspace: Path) -> None:
    workspace.mkdir(exist_ok=True)
    files = sorted((data / "textures" / "brick").iterdir())[:2] + sorted((data / "textures" / "wood").iterdir())[:1]
    category_dataset("Walls", {path: path.parent.name for path in files}, splits=["train", "train", "val"])


def digests(folder: Path) -> list[str]:
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.rglob("*.png"))]


def test_copies_are_written_and_the_same_seed_writes_the_same(bricks: None, tmp_path: Path) -> None:
    arguments = ("dataset", "augment", "walls", "--preset", "camera", "--count", "2", "--size", "224", "--seed", "4")
    found = sortwerk(*arguments, "--format", "folders", "--out", tmp_path / "a", "--json")
    assert found.returncode == 0, found.stderr
    assert json.loads(found.stdout)["items"] == 6
    assert len(list((tmp_path / "a").rglob("brick/*.png"))) == 4
    sortwerk(*arguments, "--format", "folders", "--out", tmp_path / "b")
    assert digests(tmp_path / "a") == digests(tmp_path / "b")
    assert len(set(digests(tmp_path / "a"))) == 6
    one = sortwerk("dataset", "augment", "walls", "--split", "val", "--out", tmp_path / "c")
    assert one.returncode == 0
    assert len(list((tmp_path / "c").rglob("*.png"))) == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--preset", "wild"), "There is no preset wild"),
        (("--size", "7"), "can't be varied at 7 pixels"),
        (("--format", "papyrus"), "no format papyrus"),
        (("--count", "0"), "Between 1 and 1,000"),
    ],
)
def test_bad_input_is_one_sentence(bricks: None, tmp_path: Path, arguments: tuple[str, str], words: str) -> None:
    found = sortwerk("dataset", "augment", "walls", "--out", tmp_path / "a", *arguments)
    assert found.returncode == 3
    assert words in found.stderr
    assert "Traceback" not in found.stderr
    assert not (tmp_path / "a").exists()
