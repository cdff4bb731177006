"""Every state that a dying program can leave behind, made by hand: finished, or taken back, with nothing lost."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.actions import sorting
from desktop.actions.sorting import SortingError
from desktop.actions.sorting_forward import hidden
from desktop.actions.sorting_journal import Journal, Sorting, Step, StepState
from desktop.actions.sorting_plan import Mode, make_plan
from models.database import Database
from tests.desktop.actions.trees import answer, grow, leftovers, tree


def begin(database: Database, home: Path, mode: Mode) -> tuple[Journal, Sorting, Step]:
    """Write down a sorting of one file, ``from/a`` to ``to/wood/a``, whose folder is there."""
    grow(home / "from", {"a": b"content"})
    journal = Journal(database)
    begun = journal.begin(make_plan([answer(home / "from" / "a", "wood")], home / "to", mode))
    (home / "to" / "wood").mkdir(parents=True)
    (step,) = journal.steps(begun, ["planned"])
    return journal, begun, step


def nothing(source: Path, target: Path, part: Path) -> None:
    """The program died before it did anything."""


def half_copied(source: Path, target: Path, part: Path) -> None:
    part.write_bytes(b"con")


def copied(source: Path, target: Path, part: Path) -> None:
    part.write_bytes(b"content")


def placed_with_both_names(source: Path, target: Path, part: Path) -> None:
    part.write_bytes(b"content")
    os.link(part, target)


def placed(source: Path, target: Path, part: Path) -> None:
    target.write_bytes(b"content")


def moved(source: Path, target: Path, part: Path) -> None:
    source.rename(target)


def under_both_names(source: Path, target: Path, part: Path) -> None:
    os.link(source, target)


Disk = Callable[[Path, Path, Path], None]

FORWARD: list[tuple[Mode, StepState, Disk]] = [
    ("copy", "planned", nothing),
    ("copy", "planned", half_copied),
    ("copy", "copied", copied),
    ("copy", "copied", placed_with_both_names),
    ("copy", "copied", placed),
    ("move", "planned", nothing),
    ("move", "planned", half_copied),
    ("move", "renaming", nothing),
    ("move", "renaming", half_copied),
    ("move", "renaming", under_both_names),
    ("move", "renaming", moved),
    ("move", "copied", copied),
    ("move", "copied", placed_with_both_names),
    ("move", "copied", placed),
    ("move", "copied", moved),
]


@pytest.mark.parametrize("finish", [True, False])
@pytest.mark.parametrize(("mode", "state", "disk"), FORWARD)
def test_died_while_sorting(
    mode: Mode, state: StepState, disk: Disk, finish: bool, database: Database, tmp_path: Path
) -> None:
    journal, begun, step = begin(database, tmp_path, mode)
    disk(step.source.path, step.target, hidden(begun, step))
    journal.mark(begun, [(step, state, None)])
    report = sorting.recover(database, finish=finish)
    assert report is not None
    assert (report.done, report.failures) == (1, ())
    assert leftovers(tmp_path) == []
    assert tree(tmp_path / "to") == ({"wood/a": b"content"} if finish else {})
    assert tree(tmp_path / "from") == ({} if finish and mode == "move" else {"a": b"content"})
    assert sorting.unfinished(database) is None


def back_half_copied(source: Path, target: Path, part: Path) -> None:
    source.unlink()
    grow(target.parent, {target.name: b"content"})
    part.write_bytes(b"con")


def back_under_both_names(source: Path, target: Path, part: Path) -> None:
    os.link(source, target)


def back_placed_with_both_names(source: Path, target: Path, part: Path) -> None:
    target.write_bytes(b"content")
    os.link(source, part)


def back_placed(source: Path, target: Path, part: Path) -> None:
    target.write_bytes(b"content")


BACK: list[tuple[Mode, Disk]] = [
    ("copy", nothing),
    ("copy", placed),
    ("move", nothing),
    ("move", moved),
    ("move", back_half_copied),
    ("move", back_under_both_names),
    ("move", back_placed_with_both_names),
    ("move", back_placed),
]


@pytest.mark.parametrize("finish", [True, False])
@pytest.mark.parametrize(("mode", "disk"), BACK)
def test_died_while_taking_back(mode: Mode, disk: Disk, finish: bool, database: Database, tmp_path: Path) -> None:
    journal, begun, step = begin(database, tmp_path, mode)
    disk(step.source.path, step.target, step.source.path.with_name(f".sortwerk-{begun.token}-{step.n}.back"))
    journal.mark(begun, [(step, "returning", None)])
    journal.turn(begun, "undoing")
    report = sorting.recover(database, finish=finish)
    assert report is not None
    assert (report.failures, report.sorting.state) == ((), "undone")
    assert tree(tmp_path / "from") == {"a": b"content"}
    assert not (tmp_path / "to").exists()


def test_a_link_put_in_the_way_is_not_taken_for_the_file(database: Database, tmp_path: Path) -> None:
    journal, begun, step = begin(database, tmp_path, "move")
    journal.mark(begun, [(step, "renaming", None)])
    step.target.symlink_to(step.source.path)
    report = sorting.recover(database, finish=True)
    assert report is not None
    assert "a file of that name has appeared" in str(report.failures[0].error)
    assert step.source.path.read_bytes() == b"content"


def test_a_file_that_was_taken_away_meanwhile_is_told(database: Database, tmp_path: Path) -> None:
    journal, begun, step = begin(database, tmp_path, "move")
    journal.mark(begun, [(step, "renaming", None)])
    step.source.path.unlink()
    report = sorting.recover(database, finish=True)
    assert report is not None
    assert str(report.failures[0].error) == "a is neither at its old place nor its new one; look for it."


def test_a_disk_that_is_not_connected_changes_nothing(database: Database, tmp_path: Path) -> None:
    grow(tmp_path, {"from/a": b"content", "disk/x": b""})
    plan = make_plan([answer(tmp_path / "from" / "a", "wood")], tmp_path / "disk" / "to", "move")
    sorting.sort(database, plan)
    (tmp_path / "disk").rename(tmp_path / "elsewhere")
    with pytest.raises(SortingError, match="can't be found; connect its disk"):
        sorting.undo(database)
    (tmp_path / "elsewhere").rename(tmp_path / "disk")
    assert sorting.undo(database) is not None
    assert tree(tmp_path / "from") == {"a": b"content"}
