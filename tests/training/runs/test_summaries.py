from __future__ import annotations

from pathlib import Path

from tests.training.runs.making import make_run
from training.runs import events
from training.runs.events import Begun, Epoch, Event, Exported, Failed, Finished, Paused, Skipped, Step
from training.runs.folder import RunFolder
from training.runs.summaries import Summaries, Summary, summarise


def epoch(number: int, figure: float, *, best: bool) -> Epoch:
    val = {"loss": 1 - figure, "part.accuracy": figure}
    return Epoch(epoch=number, step=10 * (number + 1), val=val, monitor=figure, best=best, seconds=2)


EVENTS: list[Event] = [
    Begun(device="cpu"),
    Step(epoch=0, step=1, loss=1),
    epoch(0, 0.5, best=True),
    Skipped(path="/a.png", sentence="a.png is empty."),
    epoch(1, 0.7, best=True),
    epoch(2, 0.6, best=False),
    Exported(path="/model.onnx"),
    events.Test(figures={"part.accuracy": 0.65}),
    Finished(reason="early"),
]


def test_events_come_to_a_summary() -> None:
    assert summarise(EVENTS) == Summary(
        epochs=3,
        best=1,
        monitor=0.7,
        figures={"loss": 1 - 0.7, "part.accuracy": 0.7},
        test={"part.accuracy": 0.65},
        seconds=6,
        device="cpu",
        reason="early",
        exported="/model.onnx",
        skipped=1,
    )
    assert summarise([]) == Summary()


def test_what_a_resumed_run_does_again_counts_once() -> None:
    again = [Begun(step=15, resumed=True), epoch(1, 0.8, best=True)]
    found = summarise([*EVENTS[:6], Failed(sentence="The disk is full."), *again])
    assert (found.epochs, found.best, found.monitor, found.failure) == (2, 1, 0.8, "")
    assert summarise([*EVENTS[:6], Failed(sentence="The disk is full.")]).failure == "The disk is full."


def counting(run: RunFolder) -> tuple[RunFolder, list[int]]:
    """``run``, and how often its events were read."""
    reads: list[int] = []

    class Counted(RunFolder):
        def events(self) -> list[Event]:
            reads.append(1)
            return super().events()

    return Counted(run.path), reads


def test_events_are_read_once_until_there_are_new_ones(tmp_path: Path) -> None:
    run, reads = counting(make_run(tmp_path, events=EVENTS[:3]))
    summaries = Summaries(tmp_path)
    assert summaries.get(run) == summaries.get(run) == summarise(EVENTS[:3])
    summaries.keep()
    after = Summaries(tmp_path)
    assert after.get(run) == summarise(EVENTS[:3])
    assert len(reads) == 1
    with run.writer() as writer:
        writer.write(Paused())
        writer.write(epoch(1, 0.9, best=True))
    assert after.get(run).best == 1
    assert len(reads) == 2


def test_a_kept_file_that_is_cut_anywhere_is_made_anew(tmp_path: Path) -> None:
    run = make_run(tmp_path, events=EVENTS)
    summaries = Summaries(tmp_path)
    summaries.get(run)
    summaries.keep()
    whole = (tmp_path / ".summaries.json").read_bytes()
    for cut in range(len(whole)):
        (tmp_path / ".summaries.json").write_bytes(whole[:cut])
        assert Summaries(tmp_path).get(run) == summarise(run.events())


def test_runs_that_are_gone_are_forgotten(tmp_path: Path) -> None:
    run = make_run(tmp_path, events=EVENTS)
    summaries = Summaries(tmp_path)
    summaries.get(run)
    run.path.rename(tmp_path / "elsewhere")
    summaries.keep()
    assert run.id not in (tmp_path / ".summaries.json").read_text()


def test_a_run_without_events_has_a_summary(tmp_path: Path) -> None:
    assert Summaries(tmp_path).get(make_run(tmp_path)) == Summary()
