"""A learner against a model of what it must know: what shipped, and over it what was said last, fitted from scratch."""

from __future__ import annotations

import contextlib
import random
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from models.heads.categories import UNKNOWN
from tests.training import tiny
from tests.training.tiny import (
    PICTURES,
    agrees,
    content,
    from_scratch,
    learned,
    make_model,
    said,
    said_of,
    same_answers,
    see,
    window,
)
from training.correction_record import Correction, checked
from training.correction_rows import INSERT, to_row
from training.learner import Learner

LABELS = ("stone", "wood", "metal", "glass", "cloth", UNKNOWN)

Labels = dict[bytes, str]


@dataclass
class Expected:
    """What was said, and can be undone: labels before and after each act."""

    labels: Labels = field(default_factory=dict)
    done: list[tuple[Labels, Labels]] = field(default_factory=list)
    undone: list[tuple[Labels, Labels]] = field(default_factory=list)

    def act(self, labels: Labels) -> None:
        self.done.append((self.labels, labels))
        self.undone.clear()
        self.labels = labels

    def undo(self, steps: int) -> int:
        steps = min(steps, len(self.done))
        for _ in range(steps):
            self.undone.append(self.done.pop())
            self.labels = self.undone[-1][0]
        return steps

    def redo(self, steps: int) -> int:
        steps = min(steps, len(self.undone))
        for _ in range(steps):
            self.done.append(self.undone.pop())
            self.labels = self.done[-1][1]
        return steps


class Machine(RuleBasedStateMachine):
    """Anything a person may do, in one or two windows, with restarts."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.path = Path(self.folder.name)
        self.expected = Expected()
        self.open = contextlib.ExitStack()

    @initialize()
    def start(self) -> None:
        make_model(self.path / "model")
        (self.path / "home").mkdir()
        see(self.path / "home", PICTURES)
        self.windows = [self.window(), self.window()]

    def window(self) -> Learner:
        return self.open.enter_context(window(self.path / "model", self.path / "home"))

    def teardown(self) -> None:
        self.open.close()
        self.folder.cleanup()

    @rule(
        given=st.dictionaries(st.sampled_from(PICTURES), st.sampled_from(LABELS), min_size=1, max_size=12),
        which=st.sampled_from([0, 0, 0, 1]),
    )
    def record(self, given: dict[int, str], which: int) -> None:
        categories = set(from_scratch(self.expected.labels).categories)
        behind = set(self.windows[which].published[0].categories)
        change = self.windows[which].record([said(number, label) for number, label in given.items()])
        self.expected.act({**self.expected.labels, **{content(number): label for number, label in given.items()}})
        assert change.contents == {content(number) for number in given}
        assert change.waiting == 0
        if behind == categories:
            assert set(change.new_categories) == set(from_scratch(self.expected.labels).categories) - categories
        agrees(self.windows[which], self.expected.labels)

    @rule(numbers=st.sets(st.sampled_from(PICTURES), max_size=12), which=st.sampled_from([0, 0, 0, 1]))
    def take_back(self, numbers: set[int], which: int) -> None:
        contents = {content(number) for number in numbers}
        change = self.windows[which].take_back("material", contents)
        gone = self.expected.labels.keys() & contents
        assert change.contents == gone
        if gone:
            self.expected.act({one: name for one, name in self.expected.labels.items() if one not in gone})
        agrees(self.windows[which], self.expected.labels)

    @rule(steps=st.integers(1, 3), which=st.sampled_from([0, 0, 0, 1]))
    def undo(self, steps: int, which: int) -> None:
        assert (self.windows[which].undo(steps) is not None) == bool(self.expected.undo(steps))

    @rule(steps=st.integers(1, 3), which=st.sampled_from([0, 0, 0, 1]))
    def redo(self, steps: int, which: int) -> None:
        assert (self.windows[which].redo(steps) is not None) == bool(self.expected.redo(steps))

    @precondition(lambda self: self.expected.done)
    @rule()
    def restart(self) -> None:
        self.open.close()
        self.windows = [self.window(), self.window()]

    @precondition(lambda self: self.expected.done)
    @rule()
    def settle(self) -> None:
        self.windows[0].refresh()
        self.windows[0].settle(0.2)

    @rule()
    def compare(self) -> None:
        with window(self.path / "model", self.path / "home") as fresh:
            agrees(fresh, self.expected.labels)
            for one in self.windows:
                one.refresh()
                agrees(one, self.expected.labels)
                assert one.refresh() is None
            if fresh.published[0].calibration == self.windows[0].published[0].calibration:
                same_answers(fresh, self.windows[0])

    @invariant()
    def undo_is_shared(self) -> None:
        for one in self.windows:
            assert one.can_undo() == (bool(self.expected.done), bool(self.expected.undone))


class TestMachine(Machine.TestCase):
    settings = settings(max_examples=25, stateful_step_count=20, deadline=None)


class TestExactness:
    def test_two_hundred_acts_are_what_a_fit_from_scratch_gives(
        self, learner: Learner, folder: Path, home: Path
    ) -> None:
        chance, expected = random.Random(1), Expected()  # noqa: S311  # no secret
        for _ in range(200):
            match chance.choice(("say", "say", "say", "take back", "undo", "redo")):
                case "say":
                    given = {n: chance.choice(LABELS) for n in chance.sample(PICTURES, chance.randint(1, 4))}
                    learner.record([said(number, label) for number, label in given.items()])
                    expected.act({**expected.labels, **{content(number): label for number, label in given.items()}})
                case "take back":
                    gone = {content(number) for number in chance.sample(PICTURES, 5)} & expected.labels.keys()
                    learner.take_back("material", gone)
                    if gone:
                        expected.act({one: name for one, name in expected.labels.items() if one not in gone})
                case "undo":
                    learner.undo(2)
                    expected.undo(2)
                case "redo":
                    learner.redo()
                    expected.redo(1)
            agrees(learner, expected.labels)
        with window(folder, home) as fresh:
            same_answers(fresh, learner)

    def test_a_category_comes_with_its_first_label_and_goes_with_its_last(self, learner: Learner) -> None:
        change = learner.record([said(20, "glass"), said(21, "glass"), said(22, "cloth")])
        assert change.new_categories == ("glass", "cloth")
        assert learner.head().categories == ("stone", "wood", "metal", "glass", "cloth")
        assert learner.record([said(23, "glass")]).new_categories == ()
        learner.take_back("material", [content(20), content(21)])
        assert "glass" in learner.head().categories
        learner.record([said(23, UNKNOWN)])
        assert learner.head().categories == ("stone", "wood", "metal", "cloth")
        learner.undo()
        assert set(learner.head().categories) == {"stone", "wood", "metal", "glass", "cloth"}

    def test_new_categories_come_in_the_order_of_saying_however_many_pictures(self, folder: Path, home: Path) -> None:
        numbers = range(100, 1300)
        see(home, numbers)
        names = [f"name {number // 3}" for number in numbers]
        with window(folder, home) as learner:
            corrections = [said(number, name) for number, name in zip(numbers, names, strict=True)]
            change = learner.record(corrections)
            assert change.new_categories == tuple(dict.fromkeys(names))
            with window(folder, home) as fresh:
                assert fresh.head().categories == learner.head().categories

    def test_what_was_shipped_is_relabelled_unlearned_and_restored(self, learner: Learner) -> None:
        before = learned(learner).head.weights.copy()
        learner.record([said(0, "wood")])
        agrees(learner, {content(0): "wood"})
        learner.record([said(0, UNKNOWN)])
        assert content(0) not in learned(learner).head.examples
        agrees(learner, {content(0): UNKNOWN})
        learner.take_back("material", [content(0)])
        agrees(learner, {})
        assert learned(learner).head.examples[content(0)].category == "stone"
        np.testing.assert_allclose(learned(learner).head.weights, before, rtol=0, atol=1e-9)

    def test_the_label_said_last_in_one_step_counts(self, learner: Learner) -> None:
        learner.record([said(20, "glass"), said(20, "cloth")])
        agrees(learner, {content(20): "cloth"})

    def test_nothing_said_is_no_step(self, learner: Learner) -> None:
        assert learner.record([]).contents == frozenset()
        assert learner.take_back("material", [content(20)]).contents == frozenset()
        assert learner.undo() is None
        assert learner.redo() is None
        assert learner.can_undo() == (False, False)

    def test_ten_thousand_steps_are_undone_in_one_go(self, folder: Path, home: Path) -> None:
        numbers = range(100, 10_100)
        see(home, numbers)
        with window(folder, home) as learner:
            learner.record([said(0, "wood")])
            before = said_of(learner)
            add_steps(home, [said(number, LABELS[number % 5]) for number in numbers])
            assert learner.refresh() is not None
            assert len(learner.head().labels) == 10_001
            change = learner.undo(10_000)
            assert change is not None
            assert len(change.contents) == len(change.corrections) == 10_000
            agrees(learner, {content(0): "wood"})
            for mine, theirs in zip(said_of(learner), before, strict=True):
                assert mine == pytest.approx(theirs, abs=1e-5)
            assert learner.redo(10_000) is not None
            assert len(learner.head().labels) == 10_001

    def test_five_thousand_in_one_step_and_taken_back(self, folder: Path, home: Path) -> None:
        numbers = range(100, 5_100)
        see(home, numbers)
        with window(folder, home) as learner:
            assert len(learner.record([said(number, "glass") for number in numbers]).contents) == 5_000
            assert len(learned(learner).head.examples) == 5_011
            change = learner.take_back("material", [content(number) for number in numbers])
            assert len(change.contents) == 5_000
            agrees(learner, {})
            learner.undo()
            assert len(learned(learner).head.examples) == 5_011


def add_steps(home: Path, corrections: list[Correction]) -> None:
    """A step for each, as years of work leave them; in one transaction, which the store has no need of."""
    with tiny.databases(home) as (workspace, _), workspace.transaction() as connection:
        for one in corrections:
            step = connection.execute(
                "INSERT INTO correction_steps (action, timestamp) VALUES ('recorded', '')"
            ).lastrowid
            connection.execute(INSERT, (step, *to_row(checked(one))))
        connection.execute("UPDATE correction_version SET version = version + ?", (len(corrections),))
