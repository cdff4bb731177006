"""Corrections under SIGKILL and with two windows on one workspace: real processes, one real file."""

from __future__ import annotations

import contextlib
import random
import subprocess
import sys
import time

import pytest

from models.database import open_workspace
from tests.conftest import ROOT
from training.corrections import TrainingDataStore

WRITER = """
import sys
from training.corrections import Correction, TrainingDataStore

serial = int(sys.argv[1])


def made(count):
    global serial
    serial += count
    return [Correction("a.dds", "metal", "stone", 0.5, metadata={"serial": n}) for n in range(serial - count, serial)]


with TrainingDataStore() as store:
    while True:
        for deed in ("one", "one", "many", "undo", "redo", "one", "delete", "undo", "one", "undo", "undo"):
            if deed == "one":
                store.add(made(1))
            elif deed == "many":
                store.add(made(40))
            elif deed == "delete":
                store.delete([store.corrections()[0].id])
            else:
                getattr(store, deed)()
            print(deed, flush=True)
"""
"""Does things until it is killed, and says so after each; corrections are numbered from its argument on."""

DEEDS = ("one", "one", "many", "undo", "redo", "one", "delete", "undo", "one", "undo", "undo")


class Expected:
    """What the file must hold: the same deeds, done to lists."""

    def __init__(self) -> None:
        self.serial = 0
        self.done: list[tuple[str, list[int]]] = []
        self.undone: list[tuple[str, list[int]]] = []

    def apply(self, deed: str) -> None:
        if deed == "undo":
            if self.done:
                self.undone.append(self.done.pop())
        elif deed == "redo":
            if self.undone:
                self.done.append(self.undone.pop())
        elif deed == "delete":
            self.done.append(("deleted", [self.active()[0]]))
            self.undone.clear()
        else:
            count = 40 if deed == "many" else 1
            self.done.append(("recorded", list(range(self.serial, self.serial + count))))
            self.serial += count
            self.undone.clear()

    def active(self) -> list[int]:
        gone = {serial for action, serials in self.done if action == "deleted" for serial in serials}
        return [n for action, serials in self.done if action == "recorded" for n in serials if n not in gone]


def start(script: str, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", script, *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def kill_and_check(times: int, chance: random.Random) -> None:
    """Start a writer, kill it, look; the next one goes on with the file as it was left."""
    expected = Expected()
    for _ in range(times):
        with start(WRITER, str(expected.serial)) as writer:
            wanted = chance.choice((0, 1, 5, 20, 60))
            lines = [read(writer) for _ in range(wanted)]
            time.sleep(chance.uniform(0, 0.2 if wanted == 0 else 0.004))
            writer.kill()
            assert writer.stdout is not None
            assert writer.stderr is not None
            lines += writer.stdout.readlines()  # not communicate(): it would pass over what lies in this pipe's buffer
            assert writer.stderr.read() == ""
        acknowledged = [line.strip() for line in lines]
        assert acknowledged == [DEEDS[number % len(DEEDS)] for number in range(len(acknowledged))]
        for deed in acknowledged:
            expected.apply(deed)

        database = open_workspace()
        assert database.query("PRAGMA integrity_check") == [("ok",)]
        assert database.query("PRAGMA foreign_key_check") == []
        found = [kept.metadata["serial"] for kept in TrainingDataStore(database).corrections()]
        database.close()
        if found != expected.active():  # the kill came between the deed and saying so
            expected.apply(DEEDS[len(acknowledged) % len(DEEDS)])
        assert found == expected.active()
    assert expected.serial > 0


def test_what_was_acknowledged_survives_15_kills() -> None:
    kill_and_check(15, random.Random(3))  # noqa: S311  # no secret


@pytest.mark.slow
def test_what_was_acknowledged_survives_200_kills() -> None:
    kill_and_check(200, random.Random(4))  # noqa: S311  # no secret


WINDOW = """
import sys
from training.corrections import IncrementalLearner

name = sys.argv[1]
print("ready", flush=True)
sys.stdin.readline()
learner = IncrementalLearner()
stone = [{"category": "stone", "confidence": 0.7}]
for number in range(50):
    learner.record_correction(f"{number}.dds", "metal", stone, annotator=name, metadata={"serial": number})
    learner.adjust_predictions(stone)
learner.store.close()
"""
"""Makes the workspace's file, if it is the first, and writes to it at the same time as others."""


def test_windows_that_share_a_workspace_lose_nothing() -> None:
    names = ["first", "second", "third"]
    with contextlib.ExitStack() as running:
        windows = [running.enter_context(start(WINDOW, name)) for name in names]
        assert [read(window) for window in windows] == ["ready\n"] * 3
        for window in windows:
            say_go(window)
        assert [window.communicate()[1] for window in windows] == [""] * 3

    with TrainingDataStore() as store:
        kept = store.corrections()
        assert [one.id for one in kept] == list(range(1, 151))
        for name in names:
            assert [one.metadata["serial"] for one in kept if one.annotator == name] == list(range(50))
        assert len(store.undo(200)) == 150
        assert store.count() == 0


def read(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def say_go(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()
