"""What a person says in the window is learned, kept, and reaches whatever leaves the window."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.notices import Notices
from desktop.pages.sort.items import UNKNOWN, Filter
from desktop.pages.sort.sorting import Wish
from desktop.settings import Settings
from desktop.window import MainWindow
from tests.end_to_end.hands import CONTROL, Hands
from training.gallery import MOVED

Key = Qt.Key


@pytest.fixture
def hands(qtbot: QtBot, window: MainWindow, textures: Path) -> Hands:
    hands = Hands(qtbot, window)
    hands.drop(textures)
    return hands


@pytest.fixture
def parts(data: Path, tmp_path: Path) -> Path:
    """A folder of 12 pictures each of two building-brick parts, which the starter model has never seen."""
    folder = tmp_path / "parts"
    folder.mkdir()
    for part in ("2780", "3022"):
        for file in sorted((data / "parts" / "b200c" / part).iterdir())[:12]:
            shutil.copy(file, folder / f"{part}_{file.name}")
    return folder


def agrees(hands: Hands) -> bool:
    """Whether every picture is shown as the model would answer it now, as far as a person can see."""
    learner = hands.state.learner
    assert learner is not None
    answers = [item.answer for item in hands.state.items if item.answer is not None]
    known = learner.embeddings([answer.content_hash for answer in answers])
    fresh = learner.answer([a.content_hash for a in answers], np.stack([known[a.content_hash] for a in answers]))
    return all(
        shown.labels == new.labels
        and shown.heads[shown.first].categories == new.heads[shown.first].categories
        and np.allclose(shown.heads[shown.first].probabilities, new.heads[shown.first].probabilities, atol=MOVED + 1e-4)
        for shown, new in zip(answers, fresh, strict=True)
    )


def test_others_follow_and_are_shown(qtbot: QtBot, window: MainWindow, parts: Path, textures: Path) -> None:
    hands = Hands(qtbot, window)
    hands.drop(parts)
    hands.drop(textures)  # where most have changed, none is marked
    pins = [n for n, item in enumerate(hands.state.items) if item.source.name.startswith("2780")]
    hands.select(*pins[:5])
    before = {n: hands.group(n) for n in range(len(hands.state.items))}
    hands.say("pin")
    others = {n for n in before if n not in pins[:5] and hands.group(n) != before[n]}
    assert others >= {n for n in pins[5:] if hands.group(n) == "pin"} != set()
    assert f"{len(others):,} other" in hands.receipts[-1]
    assert hands.state.counts[Filter.CHANGED] == len(others)
    assert {hands.tile(n).mark for n in others} == {"changed"}
    hands.press("Show")
    assert hands.state.filter is Filter.CHANGED
    assert {n for group in hands.groups for n in hands.numbers(group)} == others
    # Going through them takes each off the list, and leaves the list where it is
    first = hands.numbers("pin")[0]
    hands.select(first)
    hands.key(Key.Key_Return)
    hands.learned()
    assert hands.said(first) == "pin"
    assert hands.state.filter is Filter.CHANGED
    assert others - {first} <= {n for group in hands.groups for n in hands.numbers(group)}
    hands.filter(Filter.CORRECTED)
    assert set(hands.numbers("pin")) == {*pins[:5], first}
    assert agrees(hands)
    # The next act elsewhere makes room for its own news
    hands.filter(Filter.ALL)
    groups = {n: hands.group(n) for n in others}
    hands.select(next(n for n in before if n not in pins and n not in others))
    hands.key(Key.Key_U)
    hands.learned()
    assert not any(hands.state.items[n].changed for n in others if hands.group(n) == groups[n])


def test_neighbours_explain_an_answer_and_learn(hands: Hands) -> None:
    first, second = hands.numbers("sky")[:2]
    hands.select(second)
    hands.wait(lambda: bool(hands.neighbours))
    assert len(hands.neighbours) == 5
    name = hands.state.items[first].source.name
    hands.select(first)
    hands.key(Key.Key_Return)
    hands.learned()
    said = [tip for tip in hands.neighbours if "you said" in tip]
    for _ in range(40):  # of some picture it must be the nearest, with 40 of four kinds
        said = [tip for tip in hands.neighbours if "you said" in tip]
        if said:
            break
        hands.key(Key.Key_Right)
        hands.rest()
        hands.wait(lambda: bool(hands.neighbours))
    assert said == [f"{name}: you said sky"]


def test_neighbours_of_the_picture_on_screen_follow_what_is_learned(hands: Hands) -> None:
    numbers = {item.source.name: n for n, item in enumerate(hands.state.items)}
    for number in hands.numbers("brick"):
        hands.select(number)
        hands.wait(lambda: bool(hands.neighbours))
        twin = hands.neighbours[0].partition(":")[0]
        if twin in numbers:
            break
    else:
        pytest.fail("no picture has one of those dropped as its nearest; drop others")
    hands.window.sort.correcting.label([numbers[twin]], hands.state.head, "dusk")
    hands.wait(lambda: f"{twin}: you said dusk" in hands.neighbours)
    assert hands.grid.current == number


def test_everything_is_there_again(qtbot: QtBot, hands: Hands, textures: Path) -> None:
    one, two, three = hands.numbers("sky")[:3]
    hands.select(one, two)
    hands.say("dusk")
    hands.select(three)
    hands.key(Key.Key_U)
    hands.learned()
    names = {n: hands.state.items[n].source.name for n in (one, two, three)}
    groups = {item.source.name: item.group for item in hands.state.items}
    hands.window.close()
    window = MainWindow(Settings(theme="light"), Notices())
    window.show()
    again = Hands(qtbot, window)
    again.drop(textures)
    numbers = {item.source.name: n for n, item in enumerate(again.state.items)}
    assert [again.said(numbers[names[n]]) for n in (one, two, three)] == ["dusk", "dusk", "unknown"]
    assert {item.source.name: item.group for item in again.state.items} == groups
    assert again.state.counts[Filter.CORRECTED] == 3
    assert agrees(again)
    window.activateWindow()
    again.grid.setFocus()
    again.key(Key.Key_Z, CONTROL)  # what another window did can be taken back too
    again.learned()
    assert again.said(numbers[names[three]]) is None
    window.close()
    window.deleteLater()


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_labels_are_exported(hands: Hands, tmp_path: Path, ending: str) -> None:
    one, two = hands.numbers("sky")[:2]
    hands.select(one)
    hands.say("dusk")
    hands.select(two)
    hands.key(Key.Key_U)
    hands.learned()
    target = tmp_path / f"answers.{ending}"
    hands.window.sort.export(target)
    hands.wait(target.exists)
    text = target.read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines())) if ending == "csv" else json.loads(text)
    found = {Path(row["path"]).name: row for row in rows}
    first, second = (found[hands.state.items[n].source.name] for n in (one, two))
    others = [row for row in rows if row is not first and row is not second and not row.get("error")]
    assert first["category"] == "dusk"
    if ending == "csv":
        assert (first["said_by"], first["confidence"], second["category"]) == ("person", "", "")
        assert second["said_by"] == "person"
        assert {row["said_by"] for row in others} == {"model"}
    else:
        assert (first["labels"], second["category"]) == ({hands.state.head: "dusk"}, None)
        assert second["labels"] == {hands.state.head: "unknown"}
        assert all(row["labels"] == {} for row in others)


def test_a_sorting_follows_the_person(hands: Hands, tmp_path: Path) -> None:
    one, two = hands.numbers("sky")[:2]
    hands.select(one)
    hands.say("dusk")
    hands.select(two)
    hands.key(Key.Key_U)
    hands.learned()
    target = tmp_path / "sorted"
    hands.window.sort.sorting.show_plan(Wish(target))
    hands.press("Copy 40 files")
    hands.wait(lambda: any("Copied 40 files" in text for text in hands.words))
    assert (target / "dusk" / hands.state.items[one].source.name).is_file()
    assert (target / "_unknown" / hands.state.items[two].source.name).is_file()


def test_thirty_keys_without_waiting_all_arrive(hands: Hands) -> None:
    hands.grid.setFocus()
    hands.key(Key.Key_Home)
    said: list[tuple[int, str]] = []
    for turn in range(30):
        place = turn % 3
        said.append((hands.grid.current, hands.suggestions[place]))
        hands.key(Key(Key.Key_1 + place))
    last = dict(said)  # a picture that was moved ahead is met twice; the later word counts
    assert [hands.said(n) for n in last] == list(last.values())
    hands.learned()
    assert hands.kept() == [name for _, name in said]
    assert [hands.said(n) for n in last] == list(last.values())
    assert hands.state.counts[Filter.CORRECTED] == len(last)
    assert sum(hands.groups.values()) == 40
    assert hands.state.counts[Filter.ALL] == 42
    assert agrees(hands)
    for _ in said:
        hands.key(Key.Key_Z, CONTROL)
    hands.learned()
    assert hands.kept() == []
    assert hands.state.counts[Filter.CORRECTED] == 0
    assert agrees(hands)


def test_a_correction_while_files_stream_in(qtbot: QtBot, window: MainWindow, data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for category in ("metal", "stone", "wood", "sky"):
        for file in sorted((data / "textures" / category).iterdir())[:60]:
            shutil.copy(file, folder / f"{category}_{file.name}")
    hands = Hands(qtbot, window)
    window.open([folder])
    hands.wait(lambda: hands.state.counts[Filter.ALL] > 30)
    number = next(n for n, item in enumerate(hands.state.items) if item.answer is not None)
    twin = folder / f"zzz_{hands.state.items[number].source.name}"  # comes in after its content has been labelled
    shutil.copy(hands.state.items[number].source.path, twin)
    hands.select(number)
    hands.say("lava")
    assert hands.state.running, "the run was over before anything could be said"
    window.open([twin])
    hands.wait(lambda: not hands.state.running)
    hands.learned()
    assert hands.said(number) == "lava"
    assert [hands.said(n) for n, item in enumerate(hands.state.items) if item.source.path == twin] == ["lava"]
    assert hands.state.counts[Filter.ALL] == len(hands.state.items)
    assert agrees(hands)


def test_what_can_not_be_kept_is_told_once_and_not_shown(hands: Hands, workspace: Path) -> None:
    database = workspace / "workspace.sqlite"
    aside = workspace / "aside.sqlite"
    one, two = hands.numbers("sky")[:2]
    database.rename(aside)
    database.mkdir()  # nobody can write to a folder as if it were a file, whatever their rights
    hands.select(one)
    hands.key(Key.Key_U)
    assert hands.group(one) == UNKNOWN
    hands.learned()
    assert hands.group(one) == "sky"
    assert hands.said(one) is None
    assert hands.state.counts[Filter.CORRECTED] == 0
    sentence = f"{database} can't be opened or written; check that you may write to its folder"
    assert len(hands.notices) == 1
    assert hands.notices[0].startswith(sentence)
    assert not any("Noted" in text for text in hands.receipts)
    database.rmdir()
    aside.rename(database)
    hands.select(two)
    hands.key(Key.Key_U)
    hands.learned()
    assert hands.said(two) == "unknown"
    assert hands.kept() == ["unknown"]


def test_a_picture_that_is_gone_can_still_be_corrected(hands: Hands) -> None:
    number = hands.numbers("sky")[0]
    hands.state.items[number].source.path.unlink()
    hands.select(number)
    hands.say("dusk")
    assert hands.said(number) == "dusk"
    assert hands.kept() == ["dusk"]
    assert hands.notices == []
    assert agrees(hands)


def test_another_window_learns_it_when_the_person_comes_to_it(hands: Hands, qtbot: QtBot, textures: Path) -> None:
    window = MainWindow(Settings(theme="light"), Notices())
    try:
        qtbot.addWidget(window)
        window.show()
        other = Hands(qtbot, window)
        other.drop(textures)
        hands.window.activateWindow()
        qtbot.waitUntil(hands.window.isActiveWindow)
        number = hands.numbers("brick")[0]
        name = hands.state.items[number].source.name
        hands.select(number)
        hands.say("dusk")
        hands.learned()
        window.activateWindow()
        (there,) = [n for n, item in enumerate(other.state.items) if item.source.name == name]
        other.wait(lambda: other.said(there) == "dusk")
        other.learned()
        assert agrees(other)
        assert other.receipts[-1].startswith("Learned what was said elsewhere of 1 picture.")
    finally:
        window.close()
