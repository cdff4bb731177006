"""Sorting and taking back, on real trees of files, with a real journal."""

from __future__ import annotations

import os
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.actions import sorting
from desktop.actions.sorting_plan import APART, Mode, make_plan
from models.database import Database, open_workspace
from models.sources import Source
from tests.desktop.actions.trees import MODES, answer, answers, contents, grow, leftovers, tree


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
