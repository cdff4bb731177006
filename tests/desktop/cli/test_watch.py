"""``sortwerk classify --watch`` as a person meets it: started, left to itself, ended with Ctrl+C."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.desktop.cli.program import SORTWERK, sortwerk

pytestmark = pytest.mark.skipif(os.name == "nt", reason="no SIGINT for one process")

WATCHING = "Watching for files that come or change; Ctrl+C ends it.\n"


class Watching:
    """The program at work. Its errors go to a file, so that its answers can be read one by one."""

    def __init__(self, process: subprocess.Popen[str], errors: Path) -> None:
        self.process = process
        self._errors = errors

    @property
    def said(self) -> str:
        return self._errors.read_text()

    def wait_until_said(self, text: str) -> None:
        while text not in self.said:
            assert self.process.poll() is None, self.said
            time.sleep(0.02)

    def line(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.said
        return line

    def answer(self) -> dict[str, object]:
        answer: dict[str, object] = json.loads(self.line())
        return answer

    def end(self) -> tuple[int, list[str]]:
        """Press Ctrl+C; the exit status, and the lines that came since the last one read."""
        assert self.process.stdout is not None
        self.process.send_signal(signal.SIGINT)
        rest = self.process.stdout.read().splitlines()
        return self.process.wait(30), rest


@contextlib.contextmanager
def watching(errors: Path, *arguments: str | Path) -> Iterator[Watching]:
    """Start it; it is killed in the end if it still runs, and after a minute, whatever a test waits for."""
    with errors.open("w") as file:
        command = [*SORTWERK, "classify", "--watch", *arguments]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=file, text=True, cwd=ROOT)
    patience = threading.Timer(60, process.kill)
    patience.start()
    with process:
        try:
            yield Watching(process, errors)
        finally:
            process.kill()
            patience.cancel()
            patience.join()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "dumps"
    path.mkdir()
    return path


@pytest.fixture
def textures(data: Path) -> list[bytes]:
    """Four real pictures."""
    return [min((data / "textures" / name).glob("*.jpg")).read_bytes() for name in ("wood", "brick", "sky", "metal")]


def test_answers_what_is_there_then_each_file_as_it_settles(
    folder: Path, textures: list[bytes], tmp_path: Path
) -> None:
    (folder / "first.jpg").write_bytes(textures[0])
    with watching(tmp_path / "errors", folder, "--json") as program:
        assert program.answer()["path"] == str(folder / "first.jpg")
        program.wait_until_said(WATCHING)
        with (folder / "slow.jpg").open("wb", buffering=0) as file:  # an emulator at work on its dump
            for start in range(0, len(textures[1]), -(-len(textures[1]) // 10)):
                file.write(textures[1][start : start + -(-len(textures[1]) // 10)])
                time.sleep(0.1)
        slow = program.answer()
        assert (slow["path"], "error" in slow) == (str(folder / "slow.jpg"), False)
        (folder / "new").mkdir()
        (folder / "new" / "inner.jpg.part").write_bytes(textures[2])
        (folder / "new" / "inner.jpg.part").rename(folder / "new" / "inner.jpg")
        inner = program.answer()
        assert inner["path"] == str(folder / "new" / "inner.jpg")
        (folder / "first.jpg").write_bytes(textures[2])
        again = program.answer()
        assert again["path"] == str(folder / "first.jpg")
        assert again["predictions"] == inner["predictions"]  # the same content now
        status, rest = program.end()
    assert (status, rest) == (0, [])
    assert program.said == f"1 file answered.\n{WATCHING}Watching ended. 3 files answered.\n"


def test_for_a_person_from_an_empty_folder(folder: Path, textures: list[bytes], tmp_path: Path) -> None:
    with watching(tmp_path / "errors", folder) as program:
        program.wait_until_said(WATCHING)
        (folder / "a.jpg").write_bytes(textures[0])
        assert program.line().rstrip("\n").endswith(f"%  {folder / 'a.jpg'}")
        (folder / "notes.txt").write_text("Only words.")
        program.wait_until_said("notes.txt holds text, not a picture; leave it out.\n")
        assert program.end() == (1, [])
    assert program.said.splitlines()[-1] == "Watching ended. 2 files: 1 answered, 1 without an answer."


def test_a_file_that_failed_and_was_mended_is_no_failure(folder: Path, textures: list[bytes], tmp_path: Path) -> None:
    (folder / "cut.jpg").write_bytes(textures[0][:100])
    with watching(tmp_path / "errors", folder, "--json") as program:
        assert "error" in program.answer()
        program.wait_until_said(WATCHING)
        (folder / "cut.jpg").write_bytes(textures[0])
        assert "predictions" in program.answer()
        assert program.end() == (0, [])


def test_ending_at_once_is_no_failure(folder: Path, tmp_path: Path) -> None:
    with watching(tmp_path / "errors", folder) as program:
        program.wait_until_said(WATCHING)
        assert program.end() == (0, [])
    assert program.said == f"{WATCHING}Watching ended; no files came.\n"


def test_ending_in_the_first_pass_is_no_failure(data: Path, tmp_path: Path) -> None:
    with watching(tmp_path / "errors", data / "textures", "--json") as program:
        program.answer()
        status, rest = program.end()
    assert status in {0, 1}  # the data hold some files that are no pictures
    assert all(json.loads(line)["path"] for line in rest)
    assert WATCHING not in program.said


@pytest.mark.parametrize("where", ["outside", "dumps/sorted", "dumps"])
@pytest.mark.parametrize("mode", ["copy", "move"])
def test_sorts_each_as_it_comes_and_never_its_own(
    folder: Path, textures: list[bytes], tmp_path: Path, where: str, mode: str
) -> None:
    target = tmp_path / where
    (folder / "0.jpg").write_bytes(textures[0])
    arguments = [folder, "--json", "--sort-into", target, *(["--move"] if mode == "move" else [])]
    with watching(tmp_path / "errors", *arguments) as program:
        answers = [program.answer()]
        program.wait_until_said(WATCHING)
        for number in (1, 2, 3):
            (folder / f"{number}.jpg").write_bytes(textures[number])
            answers.append(program.answer())
        assert program.end() == (0, [])  # nothing that it made itself came up again
    assert [answer["path"] for answer in answers] == [str(folder / f"{number}.jpg") for number in range(4)]
    for number, answer in enumerate(answers):
        place = Path(str(answer["sorted_to"]))
        assert place.read_bytes() == textures[number]
        assert place.parent.parent == target
        assert Path(str(answer["path"])).exists() == (mode == "copy")
    assert program.said.count(f"1 file {'moved' if mode == 'move' else 'copied'} to {target}.\n") == 4
    listed = [json.loads(line) for line in sortwerk("undo", "--list", "--json").stdout.splitlines()]
    assert [(one["state"], one["sorted"]) for one in listed] == [("done", 1)] * 4
    assert sortwerk("undo").returncode == 0
    assert (folder / "3.jpg").read_bytes() == textures[3]


def test_a_folder_that_goes_and_comes_back(folder: Path, textures: list[bytes], tmp_path: Path) -> None:
    with watching(tmp_path / "errors", folder, "--json") as program:
        program.wait_until_said(WATCHING)
        shutil.rmtree(folder)
        program.wait_until_said(f"{folder} is not there; it will be watched as soon as it is.\n")
        folder.mkdir()
        (folder / "a.jpg").write_bytes(textures[0])
        assert program.answer()["path"] == str(folder / "a.jpg")
        assert program.end() == (0, [])


def test_the_programs_own_folder_is_left_out(tmp_path: Path, textures: list[bytes], workspace: Path) -> None:
    with watching(tmp_path.with_name("errors"), tmp_path, "--json") as program:  # its database lies in there
        program.wait_until_said(WATCHING)
        (tmp_path / "a.jpg").write_bytes(textures[0])
        while program.answer()["path"] != str(tmp_path / "a.jpg"):  # the first pass looks at everything
            pass
        (tmp_path / "b.jpg").write_bytes(textures[1])
        assert program.answer()["path"] == str(tmp_path / "b.jpg")
        assert program.end()[1] == []
    assert any(workspace.iterdir())


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["--csv", "out.csv"], 2, "use --json instead of --csv"),
        (["--sort-into", "sorted", "--plan"], 2, "choose one of them"),
        ([], 3, "no is not there; check its name and place.\n"),
    ],
)
def test_what_can_not_be_is_said_at_once(tmp_path: Path, arguments: list[str], status: int, said: str) -> None:
    done = sortwerk("classify", tmp_path / "no", "--watch", *arguments)
    assert (done.returncode, done.stdout) == (status, "")
    assert said in " ".join(done.stderr.replace("│", " ").split()) + "\n"
