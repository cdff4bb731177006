"""Sorting into folders in the window: the plan, the deed, and taking it back."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.pages.sort.items import Filter
from desktop.pages.sort.sorting import Wish
from desktop.window import MainWindow
from tests.conftest import ROOT

PATIENCE = 60_000


def told(window: MainWindow) -> list[str]:
    return [widget.text() for widget in window.findChildren(QLabel) if widget.isVisible()]


def press(qtbot: QtBot, window: MainWindow, start: str) -> None:
    def found() -> list[QPushButton]:
        return [b for b in window.findChildren(QPushButton) if b.isVisible() and b.text().startswith(start)]

    qtbot.waitUntil(lambda: bool(found()), timeout=5000)  # a layout shows a new button in the next turn only
    QTest.mouseClick(found()[-1], Qt.MouseButton.LeftButton)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def sorted_window(qtbot: QtBot, window: MainWindow, textures: Path) -> MainWindow:
    window.open([textures])
    qtbot.waitUntil(lambda: window.sort.state.counts[Filter.ALL] == 42, timeout=PATIENCE)
    qtbot.waitUntil(lambda: not window.sort.state.running, timeout=PATIENCE)
    return window


def planned(qtbot: QtBot, window: MainWindow, wish: Wish, count: int = 40) -> None:
    window.sort.sorting.show_plan(wish)
    verb = "Move" if wish.mode == "move" else "Copy"
    ready = f"{verb} {count} files"
    buttons = window.findChildren(QPushButton)
    qtbot.waitUntil(lambda: any(b.isVisible() and b.text() == ready for b in buttons), timeout=PATIENCE)


@pytest.mark.parametrize("mode", ["copy", "move"])
def test_sorted_and_taken_back(
    qtbot: QtBot, sorted_window: MainWindow, textures: Path, tmp_path: Path, mode: str
) -> None:
    before = contents(textures)
    target = tmp_path / "sorted"
    planned(qtbot, sorted_window, Wish(target, mode, "with"))
    assert not target.exists()
    assert any("2 without an answer stay where they are." in text for text in told(sorted_window))
    press(qtbot, sorted_window, "Move 40" if mode == "move" else "Copy 40")
    qtbot.waitUntil(lambda: any("40 files to" in text for text in told(sorted_window)), timeout=PATIENCE)
    assert sorted(contents(target).values()) == sorted(
        content for name, content in before.items() if name not in ("empty.png", "notes.txt")
    )
    state = sorted_window.sort.state
    for item in state.items:
        assert item.source.path.exists()
        if item.answer is not None and mode == "move":
            assert item.source.path.parent == target / item.answer.best.category
    press(qtbot, sorted_window, "Undo")
    qtbot.waitUntil(lambda: any("Took back 40 files" in text for text in told(sorted_window)), timeout=PATIENCE)
    assert contents(textures) == before
    assert contents(target) == {}
    assert all(item.source.path.parent == textures for item in state.items)


def test_unsure_files_are_kept_apart_unless_wished_otherwise(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    sample = sorted((ROOT / "assets" / "samples").iterdir())
    window.open(sample)
    qtbot.waitUntil(lambda: window.sort.state.counts[Filter.ALL] == len(sample), timeout=PATIENCE)
    qtbot.waitUntil(lambda: not window.sort.state.running, timeout=PATIENCE)
    unsure = window.sort.state.counts[Filter.UNSURE]
    assert unsure > 0
    planned(qtbot, window, Wish(tmp_path / "sorted"), len(sample))
    press(qtbot, window, f"Copy {len(sample)}")
    qtbot.waitUntil(lambda: any(f"Copied {len(sample)} files" in text for text in told(window)), timeout=PATIENCE)
    assert len(list((tmp_path / "sorted" / "_unknown").iterdir())) == unsure


def test_a_folder_that_can_not_be_used_is_told(qtbot: QtBot, sorted_window: MainWindow, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    sorted_window.sort.sorting.show_plan(Wish(tmp_path / "file"))
    qtbot.waitUntil(lambda: any(str(tmp_path / "file") in text for text in told(sorted_window)), timeout=PATIENCE)
    press(qtbot, sorted_window, "Cancel")
    assert (tmp_path / "file").read_text() == "in the way"
