"""Trying a model without a screen."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from desktop.actions.facts import Pixels
from desktop.pages.models.trying import MOST, Shown, Trying, from_hex, thumbnails, to_hex, words_of
from desktop.results import PAINTED
from models.errors import Cancelled, FileError
from models.sources import Source
from tests.models import onnx_models
from tests.models.made_models import PLAIN, make, pictures, write


def test_colours_go_to_text_and_back() -> None:
    assert to_hex((200, 3, 255)) == "#C803FF"
    assert from_hex("#C803FF") == from_hex("c803ff") == (200, 3, 255)


def test_an_answer_is_kept_for_its_picture_and_colours(tmp_path: Path) -> None:
    how = {**PLAIN, "colours_input": "target_colors", "colours": [[1, 2, 3], [4, 5, 6]], "colours_scale": 1 / 255}
    write(tmp_path / "m", onnx_models.colour_transfer(side=PLAIN["side"]), [{"name": "x", "kind": "image"}], how)
    state = Trying()
    state.begin()
    state.take_model(Trying.load(tmp_path / "m"))
    assert state.colours == ((1, 2, 3), (4, 5, 6))
    sources = [Source(path) for path in pictures(tmp_path / "pictures", 2)]
    state.take_pictures(sources)
    assert (state.current, state.answer) == (0, None)
    assert state.trial is not None
    shown = Trying.ask(state.trial, sources[0], state.colours, PAINTED)
    assert shown.after is not None
    assert (shown.after.width, shown.after.height) == (shown.before.width, shown.before.height) == (48, 40)
    state.keep(sources[0], state.colours, shown)
    assert state.answer is shown
    state.wish(1, "#FF0000")
    assert state.colours == ((1, 2, 3), (255, 0, 0))
    assert state.answer is None
    state.wish(1, "#040506")
    assert state.answer is shown
    state.choose(1)
    assert state.answer is None
    state.choose(0)
    assert state.answer is shown
    state.begin()
    assert state.answer is None


def test_a_kind_that_says_nothing_of_places_is_not_painted(tmp_path: Path) -> None:
    make(tmp_path / "m")
    (path,) = pictures(tmp_path / "pictures", 1)
    shown = Trying.ask(Trying.load(tmp_path / "m"), Source(path), (), PAINTED)
    assert shown.after is None
    assert words_of(shown.tried).endswith(" for this picture · 48 × 40 pixels")


def test_only_few_answers_are_kept(tmp_path: Path) -> None:
    make(tmp_path / "m")
    sources = [Source(path) for path in pictures(tmp_path / "pictures", 12)]
    state = Trying()
    state.take_pictures(sources)
    trial = Trying.load(tmp_path / "m")
    for source in sources:
        state.keep(source, (), Trying.ask(trial, source, (), PAINTED))
    kept = []
    for place in range(12):
        state.choose(place)
        kept.append(isinstance(state.answer, Shown))
    assert kept == [False] * 6 + [True] * 6


def test_what_is_no_picture_is_told_until_another_model_is_tried(tmp_path: Path) -> None:
    make(tmp_path / "m")
    path = tmp_path / "no.png"
    path.write_text("no picture")
    state = Trying()
    state.take_pictures([Source(path)])
    with pytest.raises(FileError) as failed:
        Trying.ask(Trying.load(tmp_path / "m"), Source(path), (), PAINTED)
    state.fail(Source(path), (), str(failed.value))
    assert "no.png" in state.problem
    state.begin()
    assert state.problem == ""


def test_more_pictures_than_can_be_looked_at_are_counted() -> None:
    state = Trying()
    state.take_pictures([Source(Path(f"{n}.png")) for n in range(MOST + 1)])
    assert (len(state.sources), state.left_out) == (MOST, 1)
    state.take_pictures([])
    assert (state.current, state.left_out) == (-1, 0)


def test_small_pictures_come_one_after_another_until_they_are_stopped(tmp_path: Path) -> None:
    sources = [Source(path) for path in pictures(tmp_path / "pictures", 3)]
    sources.insert(1, Source(tmp_path / "gone.png"))
    cancel = threading.Event()
    came: list[tuple[int, Pixels | None]] = []
    thumbnails(sources, 20, came.append, cancel)
    assert [place for place, _ in came] == [0, 1, 2, 3]
    assert [pixels is None for _, pixels in came] == [False, True, False, False]
    cancel.set()
    with pytest.raises(Cancelled):
        thumbnails(sources, 20, came.append, cancel)
