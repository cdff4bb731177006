"""Sorting and taking back, on real trees of files, with a real journal."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.actions import sorting
from desktop.actions.sorting import SortingError
from desktop.actions.sorting_lock import alone
from desktop.actions.sorting_plan import APART, Mode, SortPlan, make_plan
from models.database import Database, open_workspace
from models.errors import Cancelled, EmptyFileError
from models.sources import Failure, Source
from tests.desktop.actions.trees import answer, answers, contents, grow, leftovers, tree

MODES: tuple[Mode, ...] = ("copy", "move")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_workspace(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "from"
    made.mkdir()
    return made


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "to"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, one megabyte large."""
    mount = tmp_path / "disk"
    mount.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1M", "none", mount]
    if sys.platform == "win32" or os.geteuid() != 0 or subprocess.run(command, check=False).returncode:
        pytest.skip("mounting a file system is not permitted")
    yield mount
    subprocess.run(["umount", mount], check=True)


def targets(plan: SortPlan) -> dict[str, str]:
    """Source -> target, relative to the plan's target."""
    return {step.source.name: step.target.relative_to(plan.target).as_posix() for step in plan.steps}


class TestPlan:
    def test_says_everything_and_touches_nothing(self, folder: Path, target: Path) -> None:
        grow(folder, {"a.png": b"a", "b.png": b"bb", "c.png": b"c", "bad.png": b""})
        bad = Source(folder / "bad.png")
        items = [
            answer(folder / "a.png", "wood"),
            answer(folder / "b.png", "wood"),
            answer(folder / "c.png", "stone", unknown=True),
            Failure(bad, EmptyFileError(bad.name, "is empty (0 bytes)", "copy it again")),
        ]
        plan = make_plan(items, target, "move")
        assert targets(plan) == {"a.png": "wood/a.png", "b.png": "wood/b.png", "c.png": f"{APART}/c.png"}
        assert (plan.counts, plan.size, plan.bytes_needed) == ({"wood": 2, APART: 1}, 4, 0)
        assert [failure.source for failure in plan.failures] == [bad]
        assert plan.new_folders[0] == target
        assert plan.summary()[0] == f"Move 3 files (4 bytes) to {target}."
        assert plan.summary()[-1] == "1 without an answer stay where they are."
        assert not target.exists()
        assert make_plan(items, target, "copy").bytes_needed == 4

    def test_a_taken_name_gets_a_number_unless_the_content_is_there_already(self, folder: Path, target: Path) -> None:
        grow(folder, {"x.png": b"new", "y.png": b"same", "z.png": b"second"})
        grow(target / "wood", {"x.png": b"old", "y.png": b"same", "z.png": b"first", "z (2).png": b"second"})
        plan = make_plan(answers(folder, ["x.png", "y.png", "z.png"], "wood"), target)
        assert targets(plan) == {"x.png": "wood/x (2).png"}
        assert [skip.there.name for skip in plan.skips] == ["y.png", "z (2).png"]
        assert plan.renamed == plan.steps

    def test_two_sources_of_one_name(self, folder: Path, target: Path) -> None:
        grow(folder, {"1/x.png": b"1", "2/x.png": b"2", "3/x.png": b"1"})
        plan = make_plan(answers(folder, ["1/x.png", "2/x.png", "3/x.png", "1/x.png"], "wood"), target)
        assert [step.target.name for step in plan.steps] == ["x.png", "x (2).png"]
        assert [skip.there.name for skip in plan.skips] == ["x.png"]

    def test_names_that_differ_only_in_capitals_or_spelling(self, folder: Path, target: Path) -> None:
        grow(folder, {"1/X.png": b"1", "2/x.PNG": b"2", "1/\u00fc.png": b"3", "2/u\u0308.png": b"4"})
        names = ["1/X.png", "2/x.PNG", "1/\u00fc.png", "2/u\u0308.png"]
        plan = make_plan(answers(folder, names, "wood"), target)
        assert [s.target.name for s in plan.steps] == ["X.png", "x (2).PNG", "\u00fc.png", "u\u0308 (2).png"]

    def test_categories_that_differ_only_in_capitals(self, folder: Path, target: Path) -> None:
        grow(folder, {"a": b"a", "b": b"b", "c": b"c"})
        (target / "STONE").mkdir(parents=True)
        items = [answer(folder / "a", "Wood"), answer(folder / "b", "wood"), answer(folder / "c", "stone")]
        plan = make_plan(items, target)
        assert targets(plan) == {"a": "Wood/a", "b": "wood (2)/b", "c": "STONE/c"}
        assert plan.folders == {"wood": "wood (2)", "stone": "STONE"}

    def test_categories_that_no_folder_can_have_are_made_safe_in_sight(self, folder: Path, target: Path) -> None:
        names = ["CON", "aux.txt", "a/b", "dot.", "", APART, "file"]
        grow(folder, {str(n): bytes([n]) for n in range(len(names))})
        grow(target, {"file": b"in the way"})
        plan = make_plan([answer(folder / str(n), name) for n, name in enumerate(names)], target)
        safe = ["CON_", "aux_.txt", "a_b", "dot_", "_", f"{APART} (2)", "file (2)"]
        assert list(targets(plan).values()) == [f"{name}/{n}" for n, name in enumerate(safe)]
        assert "The folder for CON is called CON_." in plan.summary()

    def test_a_sorted_file_is_in_place(self, folder: Path) -> None:
        grow(folder, {"wood/a.png": b"a", "wood/a (2).png": b"b"})
        for mode in MODES:
            plan = make_plan(answers(folder, ["wood/a.png", "wood/a (2).png"], "wood"), folder, mode)
            assert plan.steps == ()
            assert len(plan.skips) == 2

    def test_a_file_that_is_gone_is_a_failure(self, folder: Path, target: Path) -> None:
        grow(folder, {"a.png": b"a"})
        item = answer(folder / "a.png", "wood")
        (folder / "a.png").unlink()
        plan = make_plan([item], target)
        assert str(plan.gone[0].error) == "a.png is not there; check its name and place."
        assert plan.summary()[-1] == "1 can't be read any more."

    def test_two_thousand_files_of_one_name(self, folder: Path, target: Path) -> None:
        grow(folder, {f"{n}/x.png": str(n).encode() for n in range(2000)})
        plan = make_plan(answers(folder, [f"{n}/x.png" for n in range(2000)], "wood"), target)
        assert len({step.target for step in plan.steps}) == 2000

    def test_a_target_that_is_a_file(self, folder: Path, target: Path) -> None:
        target.write_text("a file")
        with pytest.raises(SortingError, match="is not a folder; choose another place"):
            make_plan([], target / "below")

    def test_too_little_space(self, folder: Path, disk: Path) -> None:
        grow(folder, {"a.png": bytes(2_000_000)})
        with pytest.raises(SortingError, match="are needed; free some space, or choose a folder on another disk"):
            make_plan(answers(folder, ["a.png"], "wood"), disk / "to")

    def test_a_read_only_target(self, folder: Path, disk: Path) -> None:
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        with pytest.raises(SortingError, match="can't be written; choose another folder"):
            make_plan([], disk / "to")


class TestSort:
    @pytest.mark.parametrize("mode", MODES)
    def test_there_and_back(self, mode: Mode, database: Database, folder: Path, target: Path) -> None:
        grow(folder, {"a.png": b"a", "b.png": b"b", "sub/a.png": b"c"})
        before = tree(folder)
        os.utime(folder / "a.png", ns=(10**18, 10**18))
        items = [
            answer(folder / name, category) for name, category in zip(before, ["wood", "stone", "wood"], strict=True)
        ]
        report = sorting.sort(database, make_plan(items, target, mode))
        assert (report.done, report.failures, report.sorting.state) == (3, (), "done")
        assert contents(tree(target)) == contents(before)
        assert tree(folder) == (before if mode == "copy" else {})
        for item in items:
            place = report.place(item.source)
            assert place is not None
            assert place.read_bytes() == before[item.source.path.relative_to(folder).as_posix()]
        assert (report.places[Source(folder / "a.png")].stat().st_mtime_ns) == 10**18
        back = sorting.undo(database)
        assert back is not None
        assert (back.failures, back.sorting.state) == ((), "undone")
        assert tree(folder) == before
        assert not target.exists()
        assert sorting.undo(database) is None
        assert [one.state for one in sorting.history(database)] == ["undone"]

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        files=st.lists(
            st.tuples(
                st.sampled_from(["", "p/", "p/q/", "wood/", "to/", "to/wood/"]),
                st.sampled_from(["x", "X", "y.png", "Y.png", "y (2).png", "ß", "SS", os.fsdecode(b"\xff")]),
                st.sampled_from(["wood", "WOOD", "stone", "nul", "a/b", APART]),
                st.sampled_from([b"1", b"2", b"3"]),
                st.booleans(),
            ),
            max_size=12,
        ),
        there=st.dictionaries(
            st.sampled_from(["wood/x", "Wood/x", "stone/y.png", "wood"]), st.sampled_from([b"1", b"9"])
        ),
        mode=st.sampled_from(MODES),
        inside=st.booleans(),
    )
    def test_nothing_is_lost_and_all_can_be_taken_back(
        self,
        files: list[tuple[str, str, str, bytes, bool]],
        there: dict[str, bytes],
        mode: Mode,
        inside: bool,
        tmp_path_factory: pytest.TempPathFactory,
    ) -> None:
        home = tmp_path_factory.mktemp("any")
        folder = home / "from"
        target = folder / "to" if inside else home / "to"
        if "wood" in there:
            there = {"wood": there["wood"]}
        grow(target, there)
        items = []
        for place, name, category, content, unknown in files:
            path = folder / place / name
            if not any(above.is_file() for above in path.parents) and not path.is_dir():
                grow(path.parent, {name: content})
                items.append(answer(path, category, unknown=unknown))
        items = [answer(item.source.path, item.best.category, unknown=item.unknown) for item in items]
        before = tree(home)
        database = open_workspace(tmp_path_factory.mktemp("workspace"))
        plan = make_plan(items, target, mode)
        report = sorting.sort(database, plan)
        assert report.failures == ()
        after = tree(home)
        assert {name: before[name] for name in before.keys() & after.keys()} == {
            name: after[name] for name in before.keys() & after.keys()
        }
        assert len(after) == len(before) + (len(plan.steps) if mode == "copy" else 0)
        if mode == "move":
            assert contents(after) == contents(before)
        for item in items:
            spot = report.place(item.source)
            assert spot is not None
            assert spot.read_bytes() == before[item.source.path.relative_to(home).as_posix()]
        undone = sorting.undo(database)
        assert (undone is None) == (not plan.steps)
        assert tree(home) == before
        database.close()

    def test_what_leaves_the_target_is_no_reason_to_leave_its_like_behind(
        self, database: Database, folder: Path
    ) -> None:
        target = folder / "to"
        grow(folder, {"x": b"1", "to/wood/x": b"1"})
        items = [answer(folder / "x", "wood"), answer(target / "wood" / "x", "stone")]
        report = sorting.sort(database, make_plan(items, target, "move"))
        places = [report.place(item.source) for item in items]
        assert places == [target / "wood" / "x (2)", target / "stone" / "x"]
        assert tree(target) == {"wood/x (2)": b"1", "stone/x": b"1"}
        sorting.undo(database)
        assert tree(folder) == {"x": b"1", "to/wood/x": b"1"}

    def test_members_of_zips_are_copied_out_and_never_moved(
        self, database: Database, folder: Path, target: Path
    ) -> None:
        with zipfile.ZipFile(folder / "a.zip", "w") as archive:
            archive.writestr("in/x.png", b"x" * 1000)
            archive.writestr("in/CON.png", b"c")
        before = tree(folder)
        items = [
            answer(folder / "a.zip", "wood", member="in/x.png", data=b"x" * 1000),
            answer(folder / "a.zip", "wood", member="in/CON.png", data=b"c"),
        ]
        sorting.sort(database, make_plan(items, target, "move"))
        assert tree(target) == {"wood/x.png": b"x" * 1000, "wood/CON_.png": b"c"}
        assert tree(folder) == before
        sorting.undo(database)
        assert tree(folder) == before
        assert not target.exists()

    def test_links_are_copied_and_never_moved(self, database: Database, folder: Path, target: Path) -> None:
        grow(folder, {"kept/a.png": b"a"})
        (folder / "link.png").symlink_to(folder / "kept" / "a.png")
        sorting.sort(database, make_plan(answers(folder, ["link.png"], "wood"), target, "move"))
        assert tree(target) == {"wood/link.png": b"a"}
        assert tree(folder) == {"kept/a.png": b"a", "link.png": b"a"}

    def test_a_target_inside_the_source_is_not_sorted_again(self, database: Database, folder: Path) -> None:
        grow(folder, {"a.png": b"a", "b.png": b"b"})
        target = folder / "sorted"
        sorting.sort(database, make_plan(answers(folder, ["a.png", "b.png"], "wood"), target))
        after = tree(folder)
        again = [answer(folder / name, "stone" if "sorted" in name else "wood") for name in after]
        plan = make_plan(again, target, sorted_before=sorting.sorted_before(database))
        assert plan.steps == ()
        assert len(plan.skips) == 4

    def test_across_disks(self, database: Database, folder: Path, disk: Path) -> None:
        (folder / "deep").mkdir()
        source = disk / "in"
        grow(source, {"a.png": b"a", "b.png": b"b"})
        plan = make_plan(answers(source, ["a.png", "b.png"], "wood"), folder / "deep" / "to", "move")
        assert plan.bytes_needed == 2
        sorting.sort(database, plan)
        assert tree(source) == {}
        assert tree(folder) == {"deep/to/wood/a.png": b"a", "deep/to/wood/b.png": b"b"}
        sorting.undo(database)
        assert tree(source) == {"a.png": b"a", "b.png": b"b"}
        assert tree(folder) == {}
        assert leftovers(folder, disk) == []

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

    @pytest.mark.slow
    def test_ten_thousand_files(
        self, database: Database, folder: Path, target: Path, record_property: Callable[[str, object], None]
    ) -> None:
        names = [f"{n}.png" for n in range(10_000)]
        grow(folder, {name: name.encode() for name in names})
        items = answers(folder, names, "wood")
        start = time.perf_counter()
        plan = make_plan(items, target, "move")
        planned = time.perf_counter()
        assert sorting.sort(database, plan).done == 10_000
        moved = time.perf_counter()
        assert len(tree(target)) == 10_000
        undo_start = time.perf_counter()
        sorting.undo(database)
        record_property("plan, move, undo", (planned - start, moved - planned, time.perf_counter() - undo_start))
        assert len(tree(folder)) == 10_000


class TestUndo:
    def test_what_has_changed_is_left_and_told(self, database: Database, folder: Path, target: Path) -> None:
        grow(folder, {name: name.encode() for name in ["changed", "gone", "occupied", "fine"]})
        names = ["changed", "gone", "occupied", "fine"]
        sorting.sort(database, make_plan(answers(folder, names, "wood"), target, "move"))
        (target / "wood" / "changed").write_bytes(b"edited")
        (target / "wood" / "gone").unlink()
        grow(folder, {"occupied": b"a new one"})
        report = sorting.undo(database)
        assert report is not None
        assert [failure.error.reason for failure in report.failures] == [
            "has been changed since it was sorted, so it was left there",
            "is not where it was sorted to any more",
            "was left where it is, because there is a file at its old place",
        ]
        assert tree(folder) == {"occupied": b"a new one", "fine": b"fine"}
        assert tree(target) == {"wood/changed": b"edited", "wood/occupied": b"occupied"}

    def test_copies_are_removed_only_if_unchanged(self, database: Database, folder: Path, target: Path) -> None:
        grow(folder, {"a": b"a", "b": b"b", "c": b"c"})
        sorting.sort(database, make_plan(answers(folder, ["a", "b", "c"], "wood"), target))
        (target / "wood" / "a").write_bytes(b"edited")
        (target / "wood" / "b").unlink()
        (folder / "c").unlink()
        report = sorting.undo(database)
        assert report is not None
        assert [failure.error.name for failure in report.failures] == ["a"]
        assert tree(target) == {"wood/a": b"edited"}

    def test_the_last_first(self, database: Database, folder: Path, tmp_path: Path) -> None:
        grow(folder, {"a": b"a"})
        sorting.sort(database, make_plan(answers(folder, ["a"], "wood"), tmp_path / "one", "move"))
        sorting.sort(database, make_plan(answers(tmp_path / "one" / "wood", ["a"], "wood"), tmp_path / "two", "move"))
        assert tree(tmp_path / "two") == {"wood/a": b"a"}
        sorting.undo(database)
        assert tree(tmp_path / "one") == {"wood/a": b"a"}
        sorting.undo(database)
        assert tree(folder) == {"a": b"a"}

    def test_a_folder_that_has_gone_is_made_again(self, database: Database, folder: Path, target: Path) -> None:
        grow(folder, {"deep/er/a": b"a"})
        sorting.sort(database, make_plan(answers(folder, ["deep/er/a"], "wood"), target, "move"))
        (folder / "deep" / "er").rmdir()
        (folder / "deep").rmdir()
        sorting.undo(database)
        assert tree(folder) == {"deep/er/a": b"a"}
