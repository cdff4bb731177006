from __future__ import annotations

import tempfile
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import TrainingError
from training.runs.event_files import EventWriter, read_events, tail
from training.runs.events import Begun, Event, Log, Step, event_line

SOME: list[Event] = [Begun(time=1), Step(time=2, epoch=0, step=1, loss=0.5), Log(time=3, text="ä\n\r\u2028z")]


def write(path: Path, events: list[Event]) -> None:
    with EventWriter(path) as writer:
        for event in events:
            writer.write(event)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    write(tmp_path / "events.jsonl", SOME)
    assert read_events(tmp_path / "events.jsonl") == SOME


def test_a_file_that_is_not_there_has_no_events(tmp_path: Path) -> None:
    assert read_events(tmp_path / "none.jsonl") == []
    assert tail(tmp_path / "none.jsonl", 7) == ([], 7)


def test_a_file_that_is_cut_anywhere_can_be_read_and_written_on(tmp_path: Path) -> None:
    whole = b"".join(event_line(event) for event in SOME)
    ends = [0]
    for event in SOME:
        ends.append(ends[-1] + len(event_line(event)))
    path = tmp_path / "events.jsonl"
    for cut in range(len(whole) + 1):
        path.write_bytes(whole[:cut])
        kept = SOME[: sum(end <= cut for end in ends) - 1]
        assert tail(path) == (kept, max(end for end in ends if end <= cut))
        write(path, [Begun(time=9, resumed=True)])
        read = read_events(path)
        assert read[: len(kept)] == kept
        assert read[-1] == Begun(time=9, resumed=True)
        assert len(read) <= len(kept) + 2  # a line that lacked its end only may be whole


@given(st.lists(st.integers(1, 60), min_size=1, max_size=12))
def test_following_gives_every_event_once_however_the_pieces_arrive(sizes: list[int]) -> None:
    whole = b"".join(event_line(event) for event in SOME)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "events.jsonl"
        found: list[Event] = []
        offset = place = 0
        while place < len(whole):
            size = sizes[place % len(sizes)]
            with path.open("ab") as file:
                file.write(whole[place : place + size])
            place += size
            events, offset = tail(path, offset, most=32)
            while events:
                found += events
                events, offset = tail(path, offset, most=32)
        assert found == SOME


def test_damaged_lines_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(b"\x00" * 30 + b"\n" + event_line(SOME[0]) + b"{}\n\n" + event_line(SOME[1]))
    assert read_events(path) == SOME[:2]


def test_a_file_that_was_replaced_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    write(path, SOME)
    path.write_bytes(event_line(SOME[1]))
    events, offset = tail(path, 10_000)
    assert events == [SOME[1]]
    assert tail(path, offset) == ([], offset)


def test_several_threads_may_speak_at_once(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    with EventWriter(path) as writer:

        def speak(number: int) -> None:
            for step in range(200):
                writer.write(Step(time=0, epoch=number, step=step, loss=0.1))

        threads = [threading.Thread(target=speak, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    read = read_events(path)
    for number in range(4):
        steps = [event.step for event in read if isinstance(event, Step) and event.epoch == number]
        assert steps == list(range(200))


def test_where_nothing_can_be_written_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"can't be written to .*make room on the disk and resume"):
        EventWriter(tmp_path / "missing" / "events.jsonl")


def test_a_writer_that_is_closed_says_so(tmp_path: Path) -> None:
    writer = EventWriter(tmp_path / "events.jsonl")
    writer.close()
    writer.close()
    with pytest.raises(TrainingError):
        writer.write(SOME[0])
