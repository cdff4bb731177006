"""A plan says what is missing, and what to photograph next with as little as possible to be changed."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import DatasetError
from training.capture.plan import CapturePlan, Wanted, load_plan, read_table, save_plan

PARTS = [f"part {number}" for number in range(40)]
COLOURS = ["red", "blue", "tan"]


def test_eight_angles_of_three_colours_of_forty_parts() -> None:
    plan = CapturePlan.every({"part": PARTS, "colour": COLOURS}, 8)
    assert len(plan.lines) == 120
    assert plan.remaining({}).wanted == 960
    taken = {("part 0", "red"): 8, ("part 0", "blue"): 3, ("part 1", "red"): 20, ("a cat", "red"): 5}
    left = plan.remaining(taken)
    assert (left.done, left.wanted) == (8 + 3 + 8, 960)
    assert left.missing[0] == Wanted(("part 0", "blue"), 5)
    assert Wanted(("part 1", "red"), 8) not in left.missing


def test_what_lies_under_the_camera_is_finished_first_then_only_the_colour_changes() -> None:
    plan = CapturePlan.every({"part": PARTS[:2], "colour": COLOURS}, 2)
    taken: Counter[tuple[str, ...]] = Counter()
    order = []
    current = None
    while (line := plan.next_line(taken, current)) is not None:
        current = line.labels
        taken[current] += 1
        order.append(current)
    assert len(order) == 12
    changes = sum(a != b for a, b in pairwise(order))
    assert changes == 5
    assert {one[0] for one in order[:6]} == {"part 0"}


@given(st.dictionaries(st.tuples(st.sampled_from(PARTS[:3]), st.sampled_from(COLOURS)), st.integers(0, 6), max_size=9))
def test_done_and_missing_make_up_what_is_wanted(taken: dict[tuple[str, ...], int]) -> None:
    left = CapturePlan.every({"part": PARTS[:3], "colour": COLOURS}, 4).remaining(taken)
    assert left.done + sum(one.angles for one in left.missing) == left.wanted == 36


def test_a_plan_is_kept_and_found_again(tmp_path: Path) -> None:
    plan = CapturePlan(("part",), (Wanted(("Brick 2×4",), 3), Wanted(("plate",), 1)))
    path = tmp_path / "plans" / "1.json"
    assert load_plan(path) is None
    save_plan(path, plan)
    assert load_plan(path) == plan
    path.write_text(path.read_text()[:20])
    with pytest.raises(DatasetError, match="damaged; make it anew"):
        load_plan(path)


def test_a_table_is_a_plan(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_text("part,colour,angles,note\n3001,red,8,x\n3002,blue,,\n")
    assert read_table(path, ["part", "colour"]).lines == (Wanted(("3001", "red"), 8), Wanted(("3002", "blue"), 1))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("name\nx\n", "plan.csv has no column part or colour; name the columns by the questions."),
        ("part,colour,angles\n3001,red,many\n", "plan.csv, line 2: many is no number of angles; correct it."),
        ("part,colour,angles\n3001,,2\n", "The line 3001,  needs part and colour; complete it."),
        ("part,colour\na,b\na,b\n", "The line a, b is in the plan twice; leave one out."),
        ("part,colour,angles\na,b,0\n", "The line a, b asks for no picture; ask for one or more."),
    ],
)
def test_a_bad_table_is_a_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "plan.csv"
    path.write_text(text)
    with pytest.raises(DatasetError) as error:
        read_table(path, ["part", "colour"])
    assert str(error.value) == sentence
