"""Sorting into folders from the command line, with real pictures and the real model."""

import json
import shutil
from pathlib import Path

import pytest

from desktop.actions import sorting
from models.database import open_workspace
from tests.desktop.actions.trees import answers, grow, tree
from tests.desktop.cli.program import sortwerk


@pytest.fixture
def pictures(tmp_path: Path, data: Path) -> Path:
    """Three real textures, and a file that is none."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for name in ("wood", "brick", "metal"):
        found = min(path for path in (data / "textures" / name).iterdir() if path.suffix in {".jpg", ".tga", ".png"})
        shutil.copy(found, folder / f"{name}{found.suffix}")
    (folder / "notes.txt").write_text("Only words.")
    return folder


def test_copies_and_undoes(pictures: Path, tmp_path: Path) -> None:
    before = tree(pictures)
    done = sortwerk("classify", pictures, "--json", "--sort-into", tmp_path / "to")
    assert done.returncode == 1, done.stderr
    assert done.stderr.splitlines()[-1] == f"3 files copied to {tmp_path / 'to'}."
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(lines) == 4
    for line in lines:
        if "error" in line:
            assert line["sorted_to"] is None
        else:
            assert Path(line["sorted_to"]).read_bytes() == Path(line["path"]).read_bytes()
            apart = line["unknown"] or line["unsure"]
            assert Path(line["sorted_to"]).parent.name == ("_unknown" if apart else line["predictions"][0]["category"])
    assert tree(pictures) == before
    again = sortwerk("classify", pictures, "--sort-into", tmp_path / "to")
    assert again.stderr.splitlines()[-1] == f"0 files copied to {tmp_path / 'to'}, 3 there already."
    undone = sortwerk("undo")  # the one that did something
    assert (undone.returncode, undone.stdout) == (0, "")
    assert undone.stderr == f"3 files taken back from {tmp_path / 'to'}.\n"
    assert not (tmp_path / "to").exists()
    assert sortwerk("undo").stderr == "There is no sorting to take back.\n"


def test_moves_into_the_folder_itself(pictures: Path) -> None:
    before = tree(pictures)
    done = sortwerk("classify", pictures, "--sort-into", pictures, "--move")
    assert done.returncode == 1, done.stderr
    assert [name for name in tree(pictures) if "/" not in name] == ["notes.txt"]
    assert sorted(tree(pictures).values()) == sorted(before.values())
    assert sortwerk("undo").returncode == 0
    assert tree(pictures) == before


def test_shows_the_plan_and_does_nothing(pictures: Path, tmp_path: Path) -> None:
    done = sortwerk("classify", pictures, "--sort-into", tmp_path / "to", "--move", "--plan")
    assert done.returncode == 1
    assert f"to {tmp_path / 'to'}." in done.stderr
    assert "1 without an answer stay where they are." in done.stderr.splitlines()
    assert not (tmp_path / "to").exists()
    assert sortwerk("undo", "--list").stdout == ""


def test_an_interrupted_sorting_is_offered(pictures: Path, tmp_path: Path) -> None:
    grow(tmp_path / "from", {"a.png": b"a"})
    database = open_workspace()
    plan = sorting.make_plan(answers(tmp_path / "from", ["a.png"], "wood"), tmp_path / "to")
    sorting.Journal(database).begin(plan)  # and there the program died
    database.close()
    refused = sortwerk("classify", pictures, "--sort-into", tmp_path / "to")
    assert refused.returncode == 3
    assert refused.stderr == (
        f"A sorting into {tmp_path / 'to'} was interrupted; take it back with 'sortwerk undo', "
        "or finish it with 'sortwerk undo --finish', then sort again.\n"
    )
    listed = json.loads(sortwerk("undo", "--list", "--json").stdout)
    assert (listed["state"], listed["files"], listed["sorted"]) == ("doing", 1, 0)
    finished = sortwerk("undo", "--finish")
    assert finished.stderr == f"1 file sorted into {tmp_path / 'to'}.\n"
    assert tree(tmp_path / "to") == {"wood/a.png": b"a"}
    assert sortwerk("undo", "--finish").stderr == "No sorting was interrupted.\n"
    assert "(done)" in sortwerk("undo", "--list").stdout


def test_a_bad_target_is_said_before_the_work(pictures: Path) -> None:
    done = sortwerk("classify", pictures, "--sort-into", pictures / "notes.txt")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == (f"{pictures / 'notes.txt'} is not a folder; choose another place for the sorted files.\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["classify", ".", "--move"], "--sort-into DIR"),
        (["classify", ".", "--plan"], "--sort-into DIR"),
        (["undo", "--list", "--finish"], "can't be used together"),
        (["undo", "--json"], "goes with --list"),
    ],
)
def test_wrong_use_says_so(arguments: list[str], said: str) -> None:
    done = sortwerk(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
