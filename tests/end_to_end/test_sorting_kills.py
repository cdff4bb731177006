"""A program that is killed while it sorts, or takes back, loses nothing and leaves nothing behind."""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.actions import sorting
from desktop.actions.sorting_journal import Journal
from models.database import Database, open_workspace
from tests.conftest import ROOT
from tests.desktop.actions.trees import grow, leftovers, tree

FILES = {f"{n}.png": f"content {n}".encode() for n in range(200)}
LONGEST_LIFE = 0.6
"""Seconds after which the program is killed at the latest: some rounds of sorting and taking back."""


@pytest.fixture
def other_disk() -> Iterator[Path]:
    shm = Path("/dev/shm")  # noqa: S108 - the folder made in it has a name nobody can guess
    if not shm.is_dir():
        pytest.skip("no second file system that anybody may write to")
    with tempfile.TemporaryDirectory(dir=shm) as folder:
        yield Path(folder)


def kill_while_sorting(folder: Path, target: Path, mode: str, seconds: float) -> None:
    """Let the victim work for ``seconds``, then SIGKILL it."""
    command = [sys.executable, "-m", "tests.end_to_end.sorting_victim", folder, target, mode]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as victim:
        assert victim.stdout is not None
        assert victim.stderr is not None
        begun = victim.stdout.readline()
        time.sleep(seconds)
        victim.kill()
        assert (begun, victim.stderr.read()) == (b"begun\n", b"")


def check(database: Database, folder: Path, target: Path, mode: str) -> None:
    """The disk is as the last sorting's state says, and so is each of its steps."""
    assert sorting.unfinished(database) is None
    assert leftovers(folder, target) == []
    last = next(iter(sorting.history(database)), None)
    is_sorted = last is not None and last.state == "done"
    here, there = tree(folder), {Path(name).name: content for name, content in tree(target).items()}
    assert here == ({} if is_sorted and mode == "move" else FILES)
    assert there == (FILES if is_sorted else {})
    assert len(tree(target)) == len(there)
    assert target.exists() == is_sorted
    if last is not None:
        steps = Journal(database).steps(last, ["done" if is_sorted else "back"])
        assert len(steps) == len(FILES)
        assert all(step.target.exists() == is_sorted for step in steps)


def kill_and_recover(database: Database, folder: Path, target: Path, mode: str, times: int) -> Counter[str]:
    """Kill at random points; finish and take back in turn. Returns the states in which sortings were interrupted."""
    chance = random.Random(times)  # noqa: S311 - when to kill is no secret
    grow(folder, FILES)
    found: Counter[str] = Counter()
    for n in range(times):
        kill_while_sorting(folder, target, mode, chance.uniform(0, LONGEST_LIFE))
        interrupted = sorting.unfinished(database)
        found[interrupted.state if interrupted else "none"] += 1
        report = sorting.recover(database, finish=n % 2 == 0)
        assert (report is None) == (interrupted is None)
        assert report is None or report.failures == ()
        check(database, folder, target, mode)
        if target.exists():
            sorting.undo(database)
            check(database, folder, target, mode)
    return found


@pytest.fixture
def database(workspace: Path) -> Iterator[Database]:
    opened = open_workspace()
    yield opened
    opened.close()


@pytest.mark.parametrize("mode", ["move", "copy"])
def test_kills(mode: str, database: Database, tmp_path: Path) -> None:
    found = kill_and_recover(database, tmp_path / "from", tmp_path / "to", mode, 5)
    assert found["doing"] + found["undoing"] > 0


def test_kills_while_moving_to_another_disk(database: Database, tmp_path: Path, other_disk: Path) -> None:
    found = kill_and_recover(database, tmp_path / "from", other_disk / "to", "move", 5)
    assert found["doing"] + found["undoing"] > 0


@pytest.mark.slow
@pytest.mark.parametrize(("mode", "times", "crosses"), [("move", 80, False), ("copy", 60, False), ("move", 60, True)])
def test_two_hundred_kills(
    mode: str, times: int, crosses: bool, database: Database, tmp_path: Path, other_disk: Path
) -> None:
    target = (other_disk if crosses else tmp_path) / "to"
    found = kill_and_recover(database, tmp_path / "from", target, mode, times)
    assert min(found["doing"], found["undoing"]) > 0
