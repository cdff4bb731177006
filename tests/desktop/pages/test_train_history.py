"""What a run has said, gathered from its events; what a resumption takes back; and the runs in the table."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from desktop.pages.train.entries import RunReader
from desktop.pages.train.history import History
from desktop.pages.train.state import MOST_OVERLAYS, TrainState
from desktop.pages.train.words import finished_words, state_words
from tests.desktop.pages.run_folders import Course, make_run
from training.runs.events import Begun, Epoch, Event, Finished, Step


def course(steps: int, each: int) -> list[Event]:
    said: list[Event] = [Begun(time=0.0, steps_per_epoch=each, epochs=100)]
    for step in range(1, steps + 1):
        said.append(Step(time=float(step), epoch=(step - 1) // each, step=step, loss=1 / step, rate=0.1))
        if step % each == 0:
            epoch = step // each - 1
            said.append(Epoch(time=float(step), epoch=epoch, step=step, val={"loss": 1.0}, best=True))
    return said


@given(steps=st.integers(1, 60), each=st.integers(1, 7), back=st.integers(0, 60))
def test_a_resumed_run_looks_like_one_that_was_never_interrupted(steps: int, each: int, back: int) -> None:
    back = min(back, steps)
    straight, resumed = History(), History()
    straight.feed(course(steps, each))
    resumed.feed(course(steps, each))
    again = Begun(time=99.0, resumed=True, step=back, epoch=back // each, steps_per_epoch=each, epochs=100)
    later = [one for one in course(steps, each) if isinstance(one, Step | Epoch) and one.step > back]
    resumed.feed([again, *later])
    assert resumed.losses[""].x == straight.losses[""].x
    assert resumed.losses[""].y == straight.losses[""].y
    assert [one.epoch for one in resumed.epochs] == [one.epoch for one in straight.epochs]
    assert resumed.generation == straight.generation + 1


def test_pieces_come_to_the_same_as_the_whole(tmp_path: Path) -> None:
    events = make_run(tmp_path, "Walls", Course(epochs=3, done=3, steps=6)).events()
    whole, pieces = History(), History()
    whole.feed(events)
    for event in events:
        pieces.feed([event])
    assert pieces.losses == whole.losses
    assert pieces.samples == whole.samples
    assert pieces.classes == whole.classes
    assert (pieces.share, pieces.epoch, pieces.worked) == (whole.share, whole.epoch, whole.worked)
    assert whole.share == 1.0
    assert whole.epoch == 3


def test_the_best_epoch_is_the_one_the_last_word_names() -> None:
    history = History()
    history.feed([*course(6, 2), Finished(best_epoch=1)])
    assert history.best is not None
    assert history.best.epoch == 1
    assert history.ended == "finished"


def test_the_table_says_how_each_run_stands(tmp_path: Path) -> None:
    make_run(tmp_path, "done", Course(epochs=2, done=2, steps=4), begun=1_000_000.0)
    make_run(tmp_path, "going", Course("running", epochs=5, done=2, steps=4), begun=2_000_000.0)
    make_run(tmp_path, "gone", Course("lost", epochs=5, done=2, steps=4), begun=3_000_000.0)
    (tmp_path / "00000101-000000-broken").mkdir()
    entries = RunReader().read_all(tmp_path)
    assert [one.name for one in entries] == ["gone", "going", "done", "00000101-000000-broken"]
    assert [state_words(one) for one in entries[:3]] == [
        "interrupted, epoch 2 of 5",
        "running, epoch 2 of 5",
        "finished",
    ]
    assert [one.resumable for one in entries] == [True, False, False, False]
    assert entries[3].problem
    assert set(entries[2].figures) == {"material", "colour"}


def test_a_finished_run_says_on_how_many_pictures_it_is_right(tmp_path: Path) -> None:
    run = make_run(tmp_path, "done", Course(epochs=2, done=2, steps=4, skill=0.91))
    (entry,) = RunReader().read_all(tmp_path)
    history = History()
    history.feed(run.events())
    assert finished_words(entry, history) == [
        "All epochs are done.",
        "Material: right on 178 of 198 pictures it has not seen.",
        "Colour: right on 186 of 198 pictures it has not seen.",
    ]


def test_what_is_ticked_lies_behind_and_is_never_what_is_looked_at(tmp_path: Path) -> None:
    for number in range(MOST_OVERLAYS + 3):
        make_run(tmp_path, f"run {number}", Course(epochs=1, done=1, steps=2), begun=1e6 * (number + 1))
    state = TrainState()
    state.take(RunReader().read_all(tmp_path))
    ids = [one.id for one in state.entries or ()]
    assert state.selected == ids[0]
    for run in ids:
        state.tick(run, True)
    assert len(state.ticked) == MOST_OVERLAYS
    assert state.selected not in state.ticked
    state.select(state.ticked[0])
    assert state.selected not in state.ticked
    state.search("run 2")
    assert [one.name for one in state.shown] == ["run 2"]
