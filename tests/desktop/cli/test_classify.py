"""The command line as a person meets it: a process, its output, its exit status."""

import csv
import json
import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from tests.conftest import ROOT
from tests.desktop.cli.program import SORTWERK, sortwerk


@pytest.fixture
def three(tmp_path: Path, data: Path) -> Path:
    """Two real textures, and a file that is none."""
    folder = tmp_path / "three"
    folder.mkdir()
    for name, number in (("wood", 0), ("brick", 1)):
        source = sorted(
            path for path in (data / "textures" / name).iterdir() if path.suffix in {".jpg", ".tga", ".png"}
        )
        shutil.copy(source[number], folder / f"{name}{source[number].suffix}")
    (folder / "notes.txt").write_text("Only words.")
    return folder


def test_json_is_a_line_a_file(three: Path) -> None:
    done = sortwerk("classify", three, "--json", "--top-k", "2")
    lines = {Path(line["path"]).name: line for line in map(json.loads, done.stdout.splitlines())}
    assert len(lines) == 3
    assert lines["notes.txt"] == {
        "path": str(three / "notes.txt"),
        "error": "notes.txt holds text, not a picture; leave it out.",
    }
    wood = next(line for name, line in lines.items() if name.startswith("wood"))
    assert [set(score) for score in wood["predictions"]] == [{"category", "confidence"}] * 2
    assert wood["heads"] == {"material": wood["predictions"]}
    assert wood["unknown"] is False
    assert done.returncode == 1
    assert done.stderr.splitlines() == ["3 files: 2 answered, 1 without an answer."]


def test_for_a_person(three: Path) -> None:
    (three / "notes.txt").unlink()
    done = sortwerk("classify", three)
    assert done.returncode == 0
    assert done.stderr.splitlines() == ["2 files answered."]
    for line in done.stdout.splitlines():
        category, confidence, percent, path = line.replace("%", " % ").split(maxsplit=3)
        assert category.isalpha()
        assert 0 <= int(confidence) <= 100
        assert percent == "%"
        assert path.startswith(str(three))


def test_csv(three: Path, tmp_path: Path) -> None:
    done = sortwerk("classify", three, "--csv", tmp_path / "out.csv")
    assert done.returncode == 1
    assert done.stdout == ""
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 3
    assert sum(bool(row["error"]) for row in rows) == 1


def test_nothing_found_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = sortwerk("classify", tmp_path / "empty", "--json")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.startswith("No files were found; name a picture")


def test_a_missing_file_is_a_failed_item(tmp_path: Path) -> None:
    done = sortwerk("classify", tmp_path / "no.png", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["path"] == str(tmp_path / "no.png")


def test_a_model_that_is_none_fails_with_a_sentence(three: Path) -> None:
    done = sortwerk("classify", three, "--model", three)
    assert done.returncode == 3
    assert done.stdout == ""
    assert done.stderr == f"{three} is not a model: it has no metadata.json; choose the folder of a model.\n"


def test_a_csv_that_can_not_be_written_fails_with_a_sentence(three: Path) -> None:
    done = sortwerk("classify", three, "--csv", three / "no" / "out.csv")
    assert done.returncode == 3
    assert "could not be written" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
def test_any_name_is_printed_on_any_terminal(tmp_path: Path, encoding: str) -> None:
    names = ["größe 東京 🧱", "quo'te\"s", "two\nlines", os.fsdecode(b"bytes \xff")]
    folder = tmp_path / "names"
    folder.mkdir()
    for name in names:
        Image.new("RGB", (8, 8)).save(folder / f"{name}.png")
        (folder / f"{name}.txt").write_text("words")
    as_json = sortwerk("classify", folder, "--json", PYTHONIOENCODING=encoding, LC_ALL="C.UTF-8")
    paths = {json.loads(line)["path"] for line in as_json.stdout.splitlines()}
    assert paths == {str(folder / f"{name}{ending}") for name in names for ending in (".png", ".txt")}
    for_a_person = sortwerk("classify", folder, PYTHONIOENCODING=encoding, LC_ALL="C.UTF-8")
    assert len(for_a_person.stdout.splitlines()) == 4
    assert len(for_a_person.stderr.splitlines()) == 5
    assert for_a_person.stdout.isascii() == (encoding == "ascii")
    named = sortwerk("classify", *sorted(folder.glob("*.png")), "--json", LC_ALL="C.UTF-8")
    assert {json.loads(line)["path"] for line in named.stdout.splitlines()} == set(map(str, folder.glob("*.png")))


def test_a_reader_who_leaves_is_no_error(data: Path) -> None:
    with subprocess.Popen(
        [*SORTWERK, "classify", str(data / "textures"), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert json.loads(process.stdout.readline())["path"]
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 141


@pytest.mark.skipif(os.name == "nt", reason="no SIGINT for one process")
def test_interrupting_is_quiet(data: Path) -> None:
    with subprocess.Popen(
        [*SORTWERK, "classify", str(data / "textures"), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline()
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
        assert all(json.loads(line) for line in rest.splitlines())
        assert process.stderr.read() == b""
        assert process.wait() == 130
