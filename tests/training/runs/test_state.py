from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from models.errors import TrainingError
from tests.conftest import ROOT
from tests.training.runs.making import make_run
from training.runs.events import Begun, Event, Failed, Finished, Log, Paused, Resumed, Step, Stopped
from training.runs.folder import RunFolder
from training.runs.info import Process
from training.runs.living import holding, is_alive, own_process
from training.runs.state import last_word, state_of


@contextmanager
def trainer(run: RunFolder, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A fake trainer that works on ``run``."""
    command = [sys.executable, "-m", "tests.training.runs.fake_trainer", str(run.path), *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_for(what: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not what():
        assert time.monotonic() < until, "it did not come to be"
        time.sleep(0.01)


STEPS: list[Event] = [Step(epoch=0, step=number, loss=0.5) for number in range(1, 4)]


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ([], "lost"),
        ([Begun(), *STEPS], "lost"),
        ([Begun(), *STEPS, Stopped()], "lost"),
        ([Begun(), *STEPS, Paused()], "paused"),
        ([Begun(), *STEPS, Paused(), Log(text="bye")], "paused"),
        ([Begun(), *STEPS, Paused(), Resumed(), Begun(resumed=True)], "lost"),
        ([Begun(), *STEPS, Failed(sentence="No.")], "failed"),
        ([Begun(), *STEPS, Stopped(), Finished(reason="stopped")], "finished"),
    ],
)
def test_a_run_whose_process_is_gone_stands_as_its_last_word_says(
    tmp_path: Path, events: list[Event], state: str
) -> None:
    run = make_run(tmp_path, events=events)
    run.set_process(Process(pid=2**22 - 1, created=1.0, host="here"))
    assert state_of(run) == state


def test_a_run_that_nobody_has_started_is_prepared(tmp_path: Path) -> None:
    assert state_of(make_run(tmp_path)) == "prepared"


def test_a_run_goes_through_its_states(tmp_path: Path) -> None:
    run = make_run(tmp_path)
    with trainer(run, "--steps", "100000", "--pause", "0.01") as process:
        wait_for(lambda: last_word(run.events_path) is not None)
        assert state_of(run) == "running"
        with pytest.raises(TrainingError, match="is being trained by another process"), holding(run):
            pass
        assert state_of(run) == "running"
        run.set_want("pause")
        assert process.wait(30) == 0
    assert state_of(run) == "paused"
    run.set_want("run")
    with trainer(run, "--steps", "100000", "--pause", "0.01") as process:
        wait_for(lambda: any(isinstance(event, Begun) and event.resumed for event in run.events()))
        assert state_of(run) == "running"
        run.set_want("stop")
        assert process.wait(30) == 0
    assert state_of(run) == "finished"
    assert run.info().resumed == 1


def test_a_run_whose_process_was_killed_is_lost_and_can_go_on(tmp_path: Path) -> None:
    run = make_run(tmp_path)
    with trainer(run, "--steps", "6", "--die", "4") as process:
        assert process.wait(30) < 0
        assert state_of(run) == "lost"
    with trainer(run, "--steps", "6") as process:
        assert process.wait(30) == 0
    assert state_of(run) == "finished"


def test_a_killed_process_that_nobody_has_buried_does_not_live(tmp_path: Path) -> None:
    run = make_run(tmp_path)
    with trainer(run, "--steps", "100000", "--pause", "0.01") as process:
        wait_for(lambda: is_alive(run))
        process.kill()
        wait_for(lambda: state_of(run) == "lost")
        assert process.poll() is not None


def test_a_trainer_that_fails_says_so(tmp_path: Path) -> None:
    run = make_run(tmp_path)
    with trainer(run, "--fail", "3") as process:
        assert process.wait(30) == 1
    assert state_of(run) == "failed"


def test_what_is_wanted_of_a_living_process_is_its_state(tmp_path: Path) -> None:
    run = make_run(tmp_path)
    with holding(run):
        states = []
        for want in ("run", "pause", "stop"):
            run.set_want(want)  # type: ignore[arg-type]
            states.append(state_of(run))
    assert states == ["running", "pausing", "stopping"]


def test_a_process_that_has_said_its_last_word_no_longer_trains(tmp_path: Path) -> None:
    run = make_run(tmp_path, events=[Begun()])
    with holding(run), run.writer() as writer:
        writer.write(Paused())
        assert state_of(run) == "paused"


def test_a_new_process_that_has_said_nothing_yet_trains(tmp_path: Path) -> None:
    run = make_run(tmp_path, events=[Begun(time=1), Paused(time=2)])
    with holding(run):
        assert state_of(run) == "running"


def test_a_process_goes_on_with_a_run_whatever_the_clock_of_processes_says(tmp_path: Path) -> None:
    paused = own_process().created + (time.time() - own_process().created) / 2  # this one is older than the pause
    run = make_run(tmp_path, events=[Begun(time=1), Paused(time=paused)])
    with holding(run):
        assert state_of(run) == "running"


def test_a_number_that_was_given_to_another_process_is_not_it(tmp_path: Path) -> None:
    run = make_run(tmp_path)
    run.set_process(own_process())
    assert is_alive(run)
    run.set_process(own_process().model_copy(update={"created": own_process().created - 100}))
    assert not is_alive(run)


def test_of_another_machine_the_lock_decides(tmp_path: Path) -> None:
    run = make_run(tmp_path)
    with holding(run):
        run.set_process(own_process().model_copy(update={"host": "elsewhere"}))
        assert is_alive(run)
    assert not is_alive(run)


def test_the_last_word_is_found_behind_much_that_follows_it(tmp_path: Path) -> None:
    many = [Step(epoch=0, step=number, loss=0.1) for number in range(2000)]
    run = make_run(tmp_path, events=[Begun(time=1), *many])
    assert last_word(run.events_path) is None  # too far back to matter: the process decides
    with run.writer() as writer:
        writer.write(Paused(time=3))
    assert last_word(run.events_path) == Paused(time=3)
    with run.events_path.open("ab") as file:
        file.write(b'{"event": "fini')
    assert last_word(run.events_path) == Paused(time=3)
