"""A folder is watched in the window: what comes is answered, what changes is answered anew."""

from __future__ import annotations

import shutil
import threading
import time
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop.actions.models import new_model
from desktop.pages.sort.items import UNKNOWN, Filter
from desktop.window import MainWindow
from tests.end_to_end.hands import Hands


@pytest.fixture
def hands(qtbot: QtBot, window: MainWindow) -> Hands:
    return Hands(qtbot, window)


@pytest.fixture
def pictures(data: Path) -> list[Path]:
    """Ten skies and ten bricks, in turn."""
    lists = [sorted((data / "textures" / name).iterdir())[:10] for name in ("sky", "brick")]
    return [path for pair in zip(*lists, strict=True) for path in pair]


@pytest.fixture
def folder(tmp_path: Path, pictures: list[Path]) -> Path:
    """Two of them."""
    folder = tmp_path / "incoming"
    folder.mkdir()
    for path in pictures[:2]:
        shutil.copy(path, folder / path.name)
    return folder


def watch(hands: Hands) -> QPushButton:
    return hands.window.sort.watching.button


def count(hands: Hands) -> int:
    return hands.state.counts[Filter.ALL]


def threads() -> list[str]:
    return [one.name for one in threading.enumerate() if one.name == "job: Watching"]


def test_a_slowly_written_file_is_answered_once_it_is_whole(hands: Hands, folder: Path, pictures: list[Path]) -> None:
    hands.drop(folder)
    hands.press("Watch")
    assert watch(hands).isChecked()
    shutil.copy(pictures[1], folder / "first.jpg")
    hands.wait(lambda: count(hands) == 3)  # it has begun
    counts: list[int] = []
    failed: list[int] = []
    hands.state.changed.subscribe(lambda _: counts.append(count(hands)))
    hands.state.changed.subscribe(lambda _: failed.append(hands.state.counts[Filter.FAILED]))
    content = pictures[2].read_bytes()
    with (folder / "slow.jpg").open("wb") as file:
        for start in range(0, len(content), len(content) // 8 + 1):
            file.write(content[start : start + len(content) // 8 + 1])
            file.flush()
            QTest.qWait(150)
    hands.wait(lambda: count(hands) == 4)
    assert set(counts) <= {3, 4}
    assert set(failed) == {0}
    item = next(one for one in hands.state.items if one.source.name == "slow.jpg")
    assert item.group == "sky"
    hands.wait(lambda: hands.receipts[-1] == "1 new picture.")


def test_what_came_before_it_was_switched_on_is_not_missed(hands: Hands, folder: Path, pictures: list[Path]) -> None:
    hands.drop(folder)
    shutil.copy(pictures[2], folder)
    hands.press("Watch")
    hands.wait(lambda: count(hands) == 3)


def test_many_that_come_are_told_in_few_sentences(hands: Hands, folder: Path, pictures: list[Path]) -> None:
    hands.drop(folder)
    hands.press("Watch")
    told = len(hands.receipts)
    for path in pictures[2:12]:
        shutil.copy(path, folder)
        time.sleep(0.05)
    hands.wait(lambda: count(hands) == 12)
    hands.wait(lambda: sum(int(text.split()[0]) for text in hands.receipts[told:]) == 10)
    assert len(hands.receipts) - told <= 4


def test_a_changed_file_is_answered_and_shown_anew(hands: Hands, folder: Path, pictures: list[Path]) -> None:
    hands.drop(folder)
    number = next(n for n, item in enumerate(hands.state.items) if item.source.name == pictures[0].name)
    hands.select(number)
    hands.rest()
    assert hands.group(number) == "sky"
    hands.press("Watch")
    shutil.copyfile(pictures[3], folder / pictures[0].name)
    hands.wait(lambda: hands.group(number) == "brick")
    assert count(hands) == 2
    assert hands.receipts[-1] == "1 picture changed."
    assert hands.suggestions[0] == "brick"
    (folder / pictures[0].name).write_text("Only words.")
    hands.wait(lambda: hands.state.counts[Filter.FAILED] == 1)
    assert count(hands) == 2


def test_it_ends_when_switched_off_cleared_or_closed(hands: Hands, folder: Path, pictures: list[Path]) -> None:
    hands.drop(folder)
    for end in (lambda: hands.press("Watch"), lambda: hands.press("Clear"), hands.window.close):
        if not hands.state.items:
            hands.drop(folder)
        hands.press("Watch")
        hands.wait(lambda: threads() == ["job: Watching"])
        end()
        hands.wait(lambda: threads() == [])
        assert hands.state.counts[Filter.FAILED] == 0
    shutil.copy(pictures[4], folder)


def test_only_folders_can_be_watched(hands: Hands, pictures: list[Path]) -> None:
    hands.drop(pictures[0])
    assert not watch(hands).isEnabled()
    assert watch(hands).toolTip().startswith("Drop a folder")


def test_a_folder_dropped_later_is_watched_too(
    hands: Hands, folder: Path, tmp_path: Path, pictures: list[Path]
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(pictures[5], other)
    hands.drop(folder)
    hands.press("Watch")
    hands.window.open([other])
    hands.wait(lambda: count(hands) == 3)
    shutil.copy(pictures[6], other)
    hands.wait(lambda: count(hands) == 4)


def test_a_folder_that_goes_is_one_sentence(hands: Hands, folder: Path) -> None:
    hands.drop(folder)
    hands.press("Watch")
    hands.wait(lambda: threads() == ["job: Watching"])
    hands.rest()
    shutil.rmtree(folder)
    hands.wait(lambda: bool(hands.notices))
    assert hands.notices[0] == f"{folder} is not there; it will be watched as soon as it is."
    hands.press("Watch")
    hands.press("Watch")
    hands.wait(lambda: not watch(hands).isChecked())
    assert len(hands.notices[0].split(";")) == 2


def test_it_goes_on_with_another_model(hands: Hands, folder: Path, pictures: list[Path]) -> None:
    own = new_model("Own", ["category"])
    hands.drop(folder)
    hands.press("Watch")
    hands.window.sort.choosing.choose(own)
    hands.wait(lambda: hands.state.model == own and not hands.state.running and count(hands) == 2)
    assert watch(hands).isChecked()
    shutil.copy(pictures[7], folder)
    hands.wait(lambda: count(hands) == 3)
    assert hands.groups == {UNKNOWN: 3}
