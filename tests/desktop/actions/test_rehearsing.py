"""A network is played with one spec after another."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from desktop.actions.rehearsing import LARGEST, Rehearsal, take_seats
from desktop.actions.trying import Trial
from models.errors import Cancelled, ModelError
from models.sources import Source
from models.spec import ModelSpec
from tests.conftest import ROOT
from tests.models.made_models import make, pictures


def seats_of(folder: Path, count: int = 3) -> list[Source]:
    return [Source(path) for path in pictures(folder, count)]


def renamed(spec: ModelSpec, names: tuple[str, ...]) -> ModelSpec:
    return spec.model_copy(update={"heads": (spec.heads[0].model_copy(update={"categories": names}),)})


def test_it_answers_as_the_model_will_when_it_is_installed(tmp_path: Path) -> None:
    spec = make(tmp_path / "model")
    sources = seats_of(tmp_path / "pictures")
    played = Rehearsal(tmp_path / "model" / "model.onnx").play(spec, take_seats(sources))
    trial = Trial(tmp_path / "model")
    for one, source in zip(played, sources, strict=True):
        asked = trial.ask(source)
        assert one.answer.source == source
        assert one.answer.content_hash == asked.answer.content_hash
        assert one.answer.best == asked.answer.best


def test_other_names_are_shown_without_asking_again_and_another_range_asks_again(tmp_path: Path) -> None:
    spec = make(tmp_path / "model")
    rehearsal = Rehearsal(tmp_path / "model" / "model.onnx")
    seats = take_seats(seats_of(tmp_path / "pictures"))
    first = rehearsal.play(spec, seats)
    (tmp_path / "model" / "model.onnx").unlink()  # what is loaded is enough from here on
    named = rehearsal.play(renamed(spec, ("w", "x", "y", "z")), seats)
    places = [spec.heads[0].categories.index(one.answer.best.category) for one in first]
    assert [one.answer.best.category for one in named] == ["wxyz"[place] for place in places]
    bright = spec.preprocessing.model_copy(update={"scale": 1.0})
    other = rehearsal.play(spec.model_copy(update={"preprocessing": bright}), seats)
    assert [one.answer.best.confidence for one in other] != [one.answer.best.confidence for one in first]


def test_a_spec_that_does_not_fit_is_told_and_forgotten(tmp_path: Path) -> None:
    spec = make(tmp_path / "model")
    rehearsal = Rehearsal(tmp_path / "model" / "model.onnx")
    seats = take_seats(seats_of(tmp_path / "pictures"))
    with pytest.raises(ModelError, match="4 numbers a picture for 2 categories"):
        rehearsal.play(renamed(spec, ("x", "y")), seats)
    assert len(rehearsal.play(spec, seats)) == 3


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    spec = make(tmp_path / "model")
    with pytest.raises(ModelError, match="is not there"):
        Rehearsal(tmp_path / "gone.onnx").play(spec, [])


def test_what_is_no_picture_takes_no_seat_and_large_ones_are_shrunk(tmp_path: Path) -> None:
    (tmp_path / "no.png").write_text("no picture")
    sources = [Source(tmp_path / "no.png"), *(Source(one) for one in sorted((ROOT / "assets" / "samples").iterdir()))]
    seats = take_seats(sources, most=4)
    assert len(seats) == 4
    assert all(max(seat.picture.shape) <= LARGEST for seat in seats)


def test_both_stop_when_they_are_cancelled(tmp_path: Path) -> None:
    spec = make(tmp_path / "model")
    sources = seats_of(tmp_path / "pictures")
    seats = take_seats(sources)
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(Cancelled):
        take_seats(sources, cancel)
    with pytest.raises(Cancelled):
        Rehearsal(tmp_path / "model" / "model.onnx").play(spec, seats, cancel)
