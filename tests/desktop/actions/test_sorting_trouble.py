"""Files that change meanwhile, disks that are full or read only, cancelling, and two at once."""

from __future__ import annotations

import os
import subprocess
import threading
from pathlib import Path

import pytest

from desktop.actions import sorting
from desktop.actions.sorting import SortingError
from desktop.actions.sorting_lock import alone
from desktop.actions.sorting_plan import Mode, make_plan
from models.database import Database
from models.errors import Cancelled
from tests.desktop.actions.trees import MODES, answers, contents, grow, leftovers, tree


class TestTrouble:
    @pytest.mark.parametrize("mode", MODES)
    def test_what_happens_between_plan_and_sorting(
        self, mode: Mode, database: Database, folder: Path, target: Path
    ) -> None:
        grow(folder, {name: name.encode() for name in ["gone", "changed", "taken", "fine"]})
        plan = make_plan(answers(folder, ["gone", "changed", "taken", "fine"], "wood"), target, mode)
        (folder / "gone").unlink()
        (folder / "changed").write_bytes(b"new!!!!")
        grow(target / "wood", {"taken": b"somebody else's"})
        report = sorting.sort(database, plan)
        assert [str(failure.error) for failure in report.failures] == [
            "gone is not there; check its name and place.",
            "changed has changed since it was looked at, so it stayed; sort it again.",
            f"taken stayed, because a file of that name has appeared in {target / 'wood'}; sort it again.",
        ]
        assert tree(target) == {"wood/taken": b"somebody else's", "wood/fine": b"fine"}
        assert tree(folder).keys() == {"changed", "taken"} | ({"fine"} if mode == "copy" else set())
        sorting.undo(database)
        assert tree(target) == {"wood/taken": b"somebody else's"}
        assert tree(folder) == {"changed": b"new!!!!", "taken": b"taken", "fine": b"fine"}
        assert leftovers(folder, target) == []

    def test_a_source_that_can_not_be_removed_stays(self, database: Database, target: Path, disk: Path) -> None:
        grow(disk, {"a.png": b"a"})
        plan = make_plan(answers(disk, ["a.png"], "wood"), target, "move")
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        report = sorting.sort(database, plan)
        assert "can't be removed from its place, so it stayed" in str(report.failures[0].error)
        assert (tree(disk), tree(target)) == ({"a.png": b"a"}, {})

    def test_a_disk_that_fills_up_stops_it_and_loses_nothing(
        self, database: Database, folder: Path, disk: Path
    ) -> None:
        names = [f"{n}.png" for n in range(100)]
        grow(folder, {name: os.urandom(100) for name in names})
        before = tree(folder)
        plan = make_plan(answers(folder, names, "wood"), disk / "to", "move")
        grow(disk, {"filler": bytes(700_000)})
        with pytest.raises(SortingError, match="the disk is full; free some space, then finish the sorting or take it"):
            sorting.sort(database, plan)
        assert 0 < len(tree(disk / "to")) < 100
        assert leftovers(disk) == []
        assert contents(tree(folder), tree(disk / "to")) == contents(before)
        with pytest.raises(SortingError, match="was interrupted; finish it or take it back"):
            sorting.sort(database, plan)
        (disk / "filler").unlink()
        report = sorting.recover(database, finish=True)
        assert report is not None
        assert (report.done, report.failures) == (100, ())
        assert contents(tree(disk)) == contents(before)
        sorting.undo(database)
        assert tree(folder) == before

    @pytest.mark.parametrize("finish", [True, False])
    def test_cancelling_stops_between_files(self, finish: bool, database: Database, folder: Path, target: Path) -> None:
        names = [f"{n}.png" for n in range(200)]
        grow(folder, {name: name.encode() for name in names})
        before = tree(folder)
        cancel = threading.Event()
        with pytest.raises(Cancelled):
            sorting.sort(
                database,
                make_plan(answers(folder, names, "wood"), target, "move"),
                cancel=cancel,
                on_progress=lambda progress: cancel.set(),
            )
        assert 0 < len(tree(target)) < 200
        assert contents(tree(folder), tree(target)) == contents(before)
        interrupted = sorting.unfinished(database)
        assert interrupted is not None
        assert (interrupted.files, interrupted.sorted) == (200, len(tree(target)))
        sorting.recover(database, finish=finish)
        assert contents(tree(target if finish else folder)) == contents(before)
        assert tree(folder if finish else target) == {}
        assert sorting.unfinished(database) is None

    def test_one_at_a_time(self, tmp_path: Path, database: Database, folder: Path, target: Path) -> None:
        with alone(tmp_path / "sorting.lock"):
            with pytest.raises(SortingError, match="Another Sortwerk is sorting"):
                sorting.sort(database, make_plan([], target))
            assert sorting.unfinished(database) is None
        assert sorting.sort(database, make_plan([], target)).done == 0
