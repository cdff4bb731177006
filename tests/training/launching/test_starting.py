from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from models.errors import TrainingError
from tests.conftest import ROOT
from tests.training.launching.making import ENGINE
from tests.training.runs.making import make_run
from training.launching.handle import Handle, follow
from training.launching.processes import TRAINER, trainer_command, trainer_environment
from training.launching.starting import active, find, resume, start
from training.runs.events import Begun, Event, Finished, Step
from training.runs.folder import RunFolder
from training.runs.state import RunState

SLOW = ("--steps", "100000", "--pause", "0.01")
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


def command(run: RunFolder, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "tests.training.runs.fake_trainer", str(run.path), *arguments]


def begin(run: RunFolder, *arguments: str, beside: bool = False) -> Handle:
    return start(run, command=command(run, *arguments), environment=ENVIRONMENT, beside=beside)


def go_on(run: RunFolder, *arguments: str) -> Handle:
    return resume(run, command=command(run, *arguments), environment=ENVIRONMENT)


def wait_for(what: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not what():
        assert time.monotonic() < until, "it did not come to be"
        time.sleep(0.01)


def has_begun(run: RunFolder) -> bool:
    return any(isinstance(event, Step) for event in run.events())


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Path]:
    """A folder of runs; whatever trains in it at the end is ended."""
    yield tmp_path / "runs"
    for handle in find(tmp_path / "runs"):
        handle.kill()


def test_a_training_is_started_and_followed_to_its_end(runs: Path) -> None:
    run = make_run(runs)
    handle = begin(run, "--steps", "6")
    events: list[Event] = []
    offset, state = 0, "running"
    until = time.monotonic() + 60
    while state == "running" and time.monotonic() < until:
        seen = follow(run, offset)
        events, offset, state = events + seen.events, seen.offset, seen.state
        time.sleep(0.01)
    assert state == "finished"
    assert isinstance(events[0], Begun)
    assert [event.step for event in events if isinstance(event, Step)] == [1, 2, 3, 4, 5, 6]
    assert isinstance(events[-1], Finished)
    assert handle.wait(30)
    assert "the fake trainer says hello" in run.log_text()
    assert follow(run, offset).events == []


def test_a_training_is_paused_resumed_and_stopped(runs: Path) -> None:
    run = make_run(runs)
    handle = begin(run, *SLOW)
    wait_for(lambda: has_begun(run))
    handle.pause()
    assert handle.wait(60)
    assert handle.state == "paused"
    with pytest.raises(TrainingError, match="does not run; there is nothing to pause"):
        handle.pause()
    handle = go_on(run, *SLOW)
    with pytest.raises(TrainingError, match="is being trained already"):
        go_on(run)
    wait_for(lambda: any(isinstance(event, Begun) and event.resumed for event in run.events()))
    handle.stop()
    assert handle.wait(60)
    assert handle.state == "finished"
    with pytest.raises(TrainingError, match="has finished; begin a new one"):
        go_on(run)
    steps = [event.step for event in run.events() if isinstance(event, Step)]
    assert steps == list(range(1, len(steps) + 1))


def test_a_training_that_is_killed_is_lost_and_goes_on(runs: Path) -> None:
    run = make_run(runs)
    handle = begin(run, *SLOW)
    wait_for(lambda: has_begun(run))
    handle.kill()
    assert (handle.alive, handle.state) == (False, "lost")
    handle.kill()
    assert go_on(run, "--steps", "3").wait(60)
    assert handle.state == "finished"


def test_a_second_training_waits_unless_it_may_run_beside(runs: Path) -> None:
    first, second = make_run(runs, "20261125-1-one"), make_run(runs, "20261125-2-two")
    begin(first, *SLOW)
    with pytest.raises(TrainingError, match="20261125-1-one is being trained; wait for it"):
        begin(second, *SLOW)
    begin(second, *SLOW, beside=True)
    assert [handle.run for handle in find(runs)] == [first, second]
    with pytest.raises(TrainingError, match="was started before"):
        begin(first)


def test_a_training_outlives_the_program_that_started_it(runs: Path) -> None:
    run = make_run(runs)
    program = (
        "import sys; from pathlib import Path; from training.launching.starting import start;"
        "from training.runs.folder import RunFolder; import os;"
        "start(RunFolder(Path(sys.argv[1])), command=sys.argv[2:], environment=dict(os.environ))"
    )
    line = [sys.executable, "-c", program, str(run.path), *command(run, *SLOW)]
    subprocess.run(line, check=True, env=ENVIRONMENT, cwd=ROOT, timeout=60)
    wait_for(lambda: has_begun(run))
    (found,) = find(runs)
    assert (found.run, found.state) == (run, "running")
    found.stop()
    wait_for(lambda: found.state == "finished")


def test_a_command_that_fails_at_once_leaves_its_words(runs: Path) -> None:
    run = make_run(runs)
    handle = start(run, command=[sys.executable, "-c", "raise SystemExit('no torch here')"], environment=ENVIRONMENT)
    wait_for(lambda: handle.state == "lost")
    assert "no torch here" in run.log_text()


def test_a_program_that_is_not_there_is_one_sentence(runs: Path) -> None:
    run = make_run(runs)
    with pytest.raises(TrainingError, match="could not be started with /nowhere/python"):
        start(run, command=["/nowhere/python"], environment={})
    state: RunState = Handle(run).state
    assert state == "prepared"


def test_where_nothing_runs_nothing_is_found(tmp_path: Path) -> None:
    assert active(tmp_path / "none") == []
    make_run(tmp_path)
    assert find(tmp_path) == []


def test_the_trainer_gets_its_run_and_no_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SORTWERK_SECRET", "key")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert trainer_command(ENGINE, RunFolder(tmp_path)) == ["/engine/bin/python", "-m", TRAINER, str(tmp_path)]
    environment = trainer_environment(ENGINE, 3)
    assert "SORTWERK_SECRET" not in environment
    assert environment["HF_HUB_OFFLINE"] == "1"
    assert environment["OMP_NUM_THREADS"] == "3"
    assert environment["PYTHONSAFEPATH"] == "1"
    assert environment["PYTHONPATH"] == str(ROOT)
