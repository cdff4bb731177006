from __future__ import annotations

import json
import math
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.runs import events
from training.runs.events import Begun, Classes, Epoch, Event, Samples, Skipped, Step, event_line, read_event

NUMBERS = st.none() | st.floats(-1e9, 1e9)
TEXT = st.text(max_size=20)
FIGURES = st.dictionaries(TEXT.filter(lambda text: text.isprintable()), NUMBERS, max_size=3)
TIMES = st.floats(0, 4e9)


@st.composite
def any_event(draw: st.DrawFn) -> Event:
    kind = draw(st.sampled_from(get_args(Event)))
    fields = {
        Step: {"epoch": 1, "step": 2, "loss": draw(NUMBERS), "losses": draw(FIGURES)},
        Epoch: {"epoch": 1, "step": 2, "train": draw(FIGURES), "val": draw(FIGURES), "monitor": draw(NUMBERS)},
        Classes: {"epoch": 1, "head": draw(TEXT), "figures": [("a", draw(NUMBERS), 3)]},
        Samples: {"epoch": 1, "answers": [{"key": "0" * 64, "heads": {"part": {"said": "a", "right": True}}}]},
        events.Resources: {"cpu": 0.5, "memory": 0.25},
        events.Log: {"text": draw(TEXT)},
        Skipped: {"path": draw(TEXT), "sentence": draw(TEXT)},
        events.Checkpoint: {"kind": "best", "epoch": 1, "step": 9},
        events.Unfrozen: {"epoch": 2, "freeze_ratio": 0.5},
        events.Failed: {"sentence": draw(TEXT), "kind": "memory"},
        events.Test: {"figures": draw(FIGURES)},
        events.Exported: {"path": draw(TEXT), "largest_difference": 1e-6, "images": 8},
    }.get(kind, {})
    return kind(time=draw(TIMES), **fields)  # type: ignore[no-any-return]


@given(any_event())
def test_a_line_gives_its_event_back(event: Event) -> None:
    line = event_line(event)
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert read_event(line) == event
    assert read_event(json.loads(line)) == event


@given(any_event(), st.data())
def test_a_line_that_is_cut_anywhere_is_no_event(event: Event, data: st.DataObject) -> None:
    line = event_line(event)
    assert read_event(line[: data.draw(st.integers(0, len(line) - 2))]) is None


def test_an_event_says_what_it_is_and_when() -> None:
    data = json.loads(event_line(Begun(epoch=2, step=7)))
    assert (data["event"], data["epoch"], data["step"], data["resumed"]) == ("begun", 2, 7, False)
    assert data["time"] > 1.7e9


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_said_as_none(value: float) -> None:
    event = Step(epoch=0, step=1, loss=value, losses={"part": value})
    assert (event.loss, event.losses) == (None, {"part": None})
    assert read_event(event_line(event)) == event


def test_a_name_that_is_no_text_can_be_said() -> None:
    event = Skipped(path="/a/\udcff.png", sentence="\udcff is empty.")
    assert event.path == r"/a/\udcff.png"
    assert read_event(event_line(event)) == event


def test_what_a_newer_trainer_says_is_passed_over() -> None:
    assert read_event(b'{"event": "danced", "time": 1}') is None
    known = read_event(b'{"event": "paused", "time": 1, "mood": "good"}')
    assert isinstance(known, events.Paused)


@pytest.mark.parametrize("line", [b"", b"null", b"[]", b"\x00" * 20, b'{"event": "step"}', b'{"time": 1}', b"\xff"])
def test_what_is_damaged_is_no_event(line: bytes) -> None:
    assert read_event(line) is None
