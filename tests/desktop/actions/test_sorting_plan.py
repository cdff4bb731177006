"""What sorting would do, and where it would not: said before anything is touched."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from desktop.actions.sorting import SortingError
from desktop.actions.sorting_plan import APART, SortPlan, make_plan
from models.errors import EmptyFileError
from models.sources import Failure, Source
from tests.desktop.actions.trees import MODES, answer, answers, grow


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
