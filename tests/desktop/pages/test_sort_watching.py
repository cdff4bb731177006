"""Files of the page that come and change, and another model that answers; without a screen."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.actions.classify import Classifier
from desktop.pages.sort.items import PENDING, UNKNOWN, Filter
from desktop.pages.sort.state import SortState
from desktop.pages.sort.watching import Came, Watching
from models.answer import Answer
from models.sources import Source
from tests.desktop.pages.test_sort_state import answer, failure, names, source, state
from training.model_folder import create

__all__ = ["state"]


def changed(one: Answer, content: bytes) -> Answer:
    return replace(one, content_hash=content)


def test_a_changed_file_gets_its_new_answer_and_a_new_one_is_counted(state: SortState) -> None:
    again = [
        answer("a2.png", "metal", 0.6, unsure=True),
        changed(answer("b.dds", "stone", 0.9), b"other"),
        failure("a10.png"),
        answer("d.png", "wood", 0.9),
        failure("new.png"),
        answer("newer.png", "wood", 0.7),
    ]
    number = {item.source.name: index for index, item in enumerate(state.items)}
    new, renewed = state.take_again(again)
    assert new == 2
    assert renewed == [number["b.dds"], number["a10.png"], number["d.png"]]
    assert names(state, "metal") == ["a2.png"]
    assert names(state, "stone") == ["b.dds"]
    assert names(state, "wood") == ["d.png", "newer.png"]
    assert [state.items[n].source.name for n in state.failures()] == ["a10.png", "new.png"]
    assert state.counts[Filter.ALL] == 7
    assert state.counts[Filter.FAILED] == 2
    assert state.counts[Filter.UNSURE] == 2
    assert state.files_of(b"b.dds") == ()
    assert list(state.files_of(b"other")) == [number["b.dds"]]
    assert b"b.dds" not in state.contents


def test_the_same_again_changes_nothing(state: SortState) -> None:
    before = state.groups()
    assert state.take_again([answer("b.dds", "wood", 0.8), failure("d.png")]) == (0, [])
    assert state.groups() == before


def test_what_was_still_to_come_is_answered_and_no_news(state: SortState) -> None:
    assert state.take_again([answer("e.png", "wood", 0.7)]) == (0, [])
    assert state.pending == 0
    assert names(state, "wood") == ["b.dds", "e.png"]


def test_news_are_told_once(state: SortState) -> None:
    watching = Watching(state)
    assert watching.news() == ""
    watching.take([answer("1.png", "wood", 0.7)])
    assert watching.news() == "1 new picture."
    watching.take([answer("2.png", "wood", 0.7), answer("3.png", "wood", 0.7)])
    watching.take([changed(answer("3.png", "metal", 0.7), b"other")])
    assert watching.news() == "2 new pictures, 1 changed."
    watching.take([changed(answer("3.png", "metal", 0.7), b"third")])
    assert watching.news() == "1 picture changed."
    assert watching.news() == ""


def test_folders_that_can_be_watched(tmp_path: Path) -> None:
    state = SortState()
    (tmp_path / "a.zip").touch()
    state.begin([tmp_path, tmp_path / "a.zip", tmp_path / "gone"])
    assert state.folders == [tmp_path]
    state.begin([tmp_path])
    assert state.folders == [tmp_path]
    state.clear()
    assert state.folders == []
    assert not state.running


def test_files_that_were_moved_out_are_still_among_the_places(state: SortState) -> None:
    out, inside = Source(Path("/sorted/wood/b.dds")), Source(Path("/textures/wood/a2.png"))
    state.relocate([(source("b.dds"), out), (source("a2.png"), inside)])
    assert state.places == [Path("/textures"), out.path]
    state.relocate([(out, source("b.dds"))])
    assert state.places == [Path("/textures")]


@pytest.fixture
def loaded() -> Iterator[SortState]:
    """A state with the starter model, closed afterwards."""
    state = SortState()
    state.prepare()
    yield state
    state.close()


def run(state: SortState, paths: list[Path]) -> None:
    batches: list[list[object]] = []
    state.begin(paths)
    state.classify(paths, cancel=threading.Event(), emit=batches.append, on_progress=lambda _: None)
    state.take(batches)
    state.end()


def test_another_model_answers_the_same_files_anew(loaded: SortState, data: Path, tmp_path: Path) -> None:
    textures = sorted((data / "textures" / "sky").iterdir())[:3]
    run(loaded, textures)
    assert loaded.heads == ("material",)
    assert loaded.calibration is not None
    assert loaded.calibration.promised
    backbone = loaded.prepare().spec.backbone
    assert backbone is not None
    create(tmp_path / "own", "Own", ["part", "colour"], backbone)
    loaded.choose(only=Filter.UNSURE, search="x")
    before = loaded.use(tmp_path / "own", Classifier(tmp_path / "own"))
    assert before is not None
    assert (loaded.model, loaded.model_name, loaded.heads) == (tmp_path / "own", "Own", ("part", "colour"))
    assert [item.group for item in loaded.items] == [PENDING] * 3
    assert not any(loaded.counts.values())
    loaded.choose(search="")
    assert loaded.groups() == [(PENDING, 3)]
    run(loaded, loaded.places)
    assert loaded.groups() == [(UNKNOWN, 3)]
    assert loaded.head == "part"
    assert loaded.calibration is not None
    assert not loaded.calibration.promised
    own = loaded.use(None, before)
    assert own is not None
    own.close()
    run(loaded, loaded.places)
    assert dict(loaded.groups()).get("sky", 0) >= 2


def test_watching_answers_what_came_before_it_began_and_after(loaded: SortState, data: Path, tmp_path: Path) -> None:
    pictures = iter(sorted((data / "textures" / "sky").iterdir())[:3])
    folder = tmp_path / "watched"
    folder.mkdir()
    shutil.copy(next(pictures), folder / "1.jpg")
    run(loaded, [folder])
    shutil.copy(next(pictures), folder / "2.jpg")
    cancel = threading.Event()
    came: list[str] = []

    def emit(items: Came) -> None:
        assert not isinstance(items, str)
        came.extend(item.source.name for item in items)
        if "2.jpg" in came and not (folder / "3.jpg").exists():
            shutil.copy(third, folder / "3.jpg")
        if "3.jpg" in came:
            cancel.set()

    third = next(pictures)
    too_late = threading.Timer(30, cancel.set)
    too_late.start()
    try:
        Watching(loaded).work([folder], cancel, emit)
    finally:
        too_late.cancel()
        too_late.join()
    assert sorted(came) == ["1.jpg", "2.jpg", "3.jpg"]
