"""A program that is killed while it learns: what it said it had kept is known to the next one, and learned."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.training.tiny import content, databases, embedding, make_model, see, window

VICTIM = """
import itertools, sys
from pathlib import Path
from tests.training.tiny import said, window

folder, home, first = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
with window(folder, home) as learner:
    print("ready", flush=True)
    for number in itertools.count(first, 2):
        learner.record([said(one, f"name {one % 5}") for one in (number, number + 1)])
        print(number, flush=True)
"""
"""Corrects two pictures after the other, as one act, until it is killed, and says so after each act."""

PICTURES = 2_000


def kill_and_check(tmp_path: Path, times: int, chance: random.Random) -> int:
    """Kill a victim and look, again and again on the same files; returns how many acts there were."""
    folder, home = tmp_path / "model", tmp_path / "home"
    make_model(folder)
    home.mkdir()
    see(home, range(100, 100 + PICTURES))
    first = 100
    for _ in range(times):
        command = [sys.executable, "-c", VICTIM, str(folder), str(home), str(first)]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, cwd=ROOT, stdout=pipe, stderr=pipe, text=True) as victim:
            assert victim.stdout is not None
            assert victim.stderr is not None
            assert victim.stdout.readline() == "ready\n"
            lines = [victim.stdout.readline() for _ in range(chance.choice((0, 0, 1, 3)))]
            time.sleep(chance.uniform(0, 0.01))
            victim.kill()
            lines += victim.stdout.readlines()
            assert victim.stderr.read() == ""
        said = [int(line) for line in lines]
        assert said == [first + 2 * index for index in range(len(said))]
        first += 2 * len(said)

        with databases(home) as (workspace, cache):
            for one in (workspace, cache):
                assert one.query("PRAGMA integrity_check") == [("ok",)]
            assert workspace.query("PRAGMA foreign_key_check") == []
        with window(folder, home) as fresh:
            (head,) = fresh.learning_heads()
            assert head is not None
            if content(first) in head.labels:  # the kill came between the act and saying so
                first += 2
            expected = {content(number): f"name {number % 5}" for number in range(100, first)}
            assert head.labels == expected  # and so no act by half
            assert head.waiting == set()
            learned = {key: one for key, one in head.head.examples.items() if key in expected}
            assert {key: one.category for key, one in learned.items()} == expected
            for number in range(100, first):
                assert (learned[content(number)].embedding == embedding(number)).all()
    return (first - 100) // 2


def test_what_was_acknowledged_is_learned_after_6_kills(tmp_path: Path) -> None:
    assert kill_and_check(tmp_path, 6, random.Random(5)) > 0  # noqa: S311  # no secret


@pytest.mark.slow
def test_what_was_acknowledged_is_learned_after_200_kills(tmp_path: Path) -> None:
    assert kill_and_check(tmp_path, 200, random.Random(6)) > 100  # noqa: S311  # no secret
