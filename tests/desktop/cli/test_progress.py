import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.cli.progress import Sparse, shown
from models.progress import Progress
from tests.conftest import ROOT


def test_a_line_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    now = [0.0]
    sparse = Sparse(lambda: now[0])
    for done, total, left in ((10, None, None), (4210, None, None), (5000, 10_000, 13.6)):
        now[0] += 6
        sparse(Progress(done, total, 0, 412.0, left))
    assert capsys.readouterr() == ("", "4,210 files, 412/s\n")
    now[0] += 6
    sparse(Progress(5000, 10_000, 0, 412.0, 13.6))
    assert capsys.readouterr() == ("", "5,000 of 10,000 files, 412/s, 14 s left\n")


def test_nothing_where_the_answers_scroll_past() -> None:
    with shown(quiet=True) as show:
        assert show is None


def test_lines_where_there_is_no_terminal() -> None:
    with shown(quiet=False) as show:
        assert isinstance(show, Sparse)


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
def test_a_bar_on_a_terminal_that_leaves_the_answers_alone(data: Path, tmp_path: Path) -> None:
    ours, theirs = os.openpty()
    seen = b""
    with (
        (tmp_path / "answers.jsonl").open("wb") as answers,  # a file: only the terminal has to be read meanwhile
        subprocess.Popen(
            [sys.executable, "-m", "desktop", "classify", str(data / "textures" / "sky"), "--json"],
            stdout=answers,
            stderr=theirs,
            cwd=ROOT,
            env=os.environ | {"TERM": "xterm", "NO_COLOR": "1", "COLUMNS": "80"},
        ),
    ):
        os.close(theirs)
        try:
            while piece := os.read(ours, 65536):
                seen += piece
        except OSError:  # how Linux says that the other side is closed
            pass
        finally:
            os.close(ours)
    count = sum(path.is_file() for path in (data / "textures" / "sky").iterdir())
    assert len((tmp_path / "answers.jsonl").read_bytes().splitlines()) == count
    assert b"/s " in seen, seen
    assert f"{count} files answered.".encode() in seen
