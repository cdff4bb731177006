"""What a person does in the window, with the real model and real files."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.pages.sort.failures import FailureList
from desktop.pages.sort.items import PENDING, Filter, Order
from desktop.theme import DARK, LIGHT, tokens
from desktop.widgets.suggestions import Suggestions
from desktop.widgets.tile_grid import TileGrid
from desktop.window import MainWindow

PATIENCE = 60_000


def drop(window: MainWindow, urls: list[QUrl]) -> None:
    """The events that a drag from another program ends in."""
    mime = QMimeData()
    mime.setUrls(urls)
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(400, 300), Qt.DropAction.CopyAction, mime, buttons, keys)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(QPointF(400, 300), Qt.DropAction.CopyAction, mime, buttons, keys))


def answered(window: MainWindow) -> Callable[[], bool]:
    return lambda: bool(window.sort.state.items) and not window.sort.state.running


def shown(window: MainWindow, kind: type[QLabel] | type[QPushButton]) -> list[str]:
    return [widget.text() for widget in window.findChildren(kind) if widget.isVisible()]


def press(window: MainWindow, text: str) -> None:
    """Click the visible button that starts with ``text``."""
    found = [b for b in window.findChildren(QPushButton) if b.isVisible() and b.text().strip().startswith(text)]
    assert found, f"no button {text!r} among {shown(window, QPushButton)}"
    QTest.mouseClick(found[0], Qt.MouseButton.LeftButton)


def grid(window: MainWindow) -> TileGrid:
    return window.findChildren(TileGrid)[0]


@pytest.fixture
def filled(qtbot: QtBot, window: MainWindow, textures: Path) -> MainWindow:
    drop(window, [QUrl.fromLocalFile(str(textures))])
    qtbot.waitUntil(answered(window), timeout=PATIENCE)
    return window


def test_a_dropped_folder_is_answered_and_bad_files_are_listed(filled: MainWindow, textures: Path) -> None:
    state = filled.sort.state
    assert state.counts[Filter.ALL] == 42
    assert state.counts[Filter.FAILED] == 2
    assert PENDING not in dict(state.groups())
    right = sum(
        item.answer is not None and item.answer.best.category in ("brick", "sky", "vegetation", "wood")
        for item in state.items
    )
    assert right >= 30
    assert filled.windowTitle() == f"Sortwerk – {textures.name}"
    assert [str(state.items[n].failure.error) for n in state.failures()] == [
        "empty.png is empty (0 bytes); copy it again from where it came from.",
        "notes.txt holds text, not a picture; leave it out.",
    ]


def test_a_drop_before_the_model_is_there_is_kept(qtbot: QtBot, window: MainWindow, textures: Path) -> None:
    """The model is loaded by the first run; everything dropped before and during that is answered."""
    files = sorted(textures.iterdir())
    drop(window, [QUrl.fromLocalFile(str(files[0]))])
    drop(window, [QUrl.fromLocalFile(str(files[1])), QUrl.fromLocalFile(str(files[2]))])
    qtbot.waitUntil(lambda: window.sort.state.counts[Filter.ALL] == 3, timeout=PATIENCE)


def test_a_selected_picture_is_explained(qtbot: QtBot, filled: MainWindow) -> None:
    number = filled.sort.state.number(filled.sort.state.groups()[0][0], 0)
    item = filled.sort.state.items[number]
    assert item.answer is not None
    QTest.mouseClick(grid(filled).viewport(), Qt.MouseButton.LeftButton, pos=QPoint(40, 80))
    assert grid(filled).current == number
    qtbot.waitUntil(lambda: any("pixels" in text for text in shown(filled, QLabel)), timeout=5000)
    bars = [widget for widget in filled.findChildren(Suggestions) if widget.isVisible()]
    assert len(bars) == 1
    assert bars[0].accessibleName().startswith(item.answer.best.category)
    assert item.source.name in shown(filled, QLabel)


def test_a_file_without_an_answer_is_explained(filled: MainWindow) -> None:
    QTest.mouseClick(grid(filled).viewport(), Qt.MouseButton.LeftButton, pos=QPoint(40, 80))
    press(filled, "Failed")
    assert "Nothing selected" in shown(filled, QLabel)
    failures = filled.findChildren(FailureList)[0]
    QTest.mouseClick(failures.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(60, 20))
    assert "empty.png is empty (0 bytes); copy it again from where it came from." in shown(filled, QLabel)
    press(filled, "All")
    assert "Nothing selected" not in shown(filled, QLabel)


def test_the_keyboard_reaches_every_picture(filled: MainWindow) -> None:
    tiles = grid(filled)
    tiles.setFocus()
    QTest.keyClick(tiles, Qt.Key.Key_Home)
    seen = {tiles.current}
    for _ in range(60):
        QTest.keyClick(tiles, Qt.Key.Key_Right)
        seen.add(tiles.current)
    assert len(seen) == 40
    QTest.keyClick(tiles, Qt.Key.Key_Home)
    QTest.keyClick(tiles, Qt.Key.Key_End, Qt.KeyboardModifier.ShiftModifier)
    assert len(tiles.selected) == 40
    QTest.keyClick(tiles, Qt.Key.Key_Escape)
    assert not tiles.selected
    QTest.keyClick(tiles, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(tiles.selected) == 40


def test_filter_search_and_order(qtbot: QtBot, filled: MainWindow) -> None:
    state = filled.sort.state
    press(filled, "Failed")
    assert state.filter is Filter.FAILED
    press(filled, "All")
    assert state.filter is Filter.ALL
    name = state.items[state.number(state.groups()[0][0], 0)].source.name
    search = next(widget for widget in filled.findChildren(QLineEdit) if widget.isVisible())
    QTest.keyClicks(search, name)
    qtbot.waitUntil(lambda: sum(count for _, count in state.groups()) == 1, timeout=5000)
    search.clear()
    qtbot.waitUntil(lambda: sum(count for _, count in state.groups()) == 40, timeout=5000)
    state.choose(order=Order.LEAST_SURE)
    first, count = state.groups()[0]
    confidences = [state.items[state.number(first, i)].confidence for i in range(count)]
    assert confidences == sorted(confidences)


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_answers_are_exported(qtbot: QtBot, filled: MainWindow, tmp_path: Path, ending: str) -> None:
    target = tmp_path / f"answers.{ending}"
    filled.sort.export(target)
    qtbot.waitUntil(target.exists, timeout=5000)
    text = target.read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines())) if ending == "csv" else json.loads(text)
    assert len(rows) == 42
    assert sum(bool(row.get("error")) for row in rows) == 2


def test_stopping_leaves_the_rest_and_the_window_goes_on(
    qtbot: QtBot, window: MainWindow, data: Path, textures: Path
) -> None:
    drop(window, [QUrl.fromLocalFile(str(data / "textures"))])
    qtbot.waitUntil(lambda: window.sort.state.counts[Filter.ALL] > 20, timeout=PATIENCE)
    press(window, "Cancel")
    qtbot.waitUntil(answered(window), timeout=PATIENCE)
    assert 0 < window.sort.state.pending < 1160
    done = window.sort.state.counts[Filter.ALL]
    drop(window, [QUrl.fromLocalFile(str(textures))])
    qtbot.waitUntil(lambda: window.sort.state.counts[Filter.ALL] == done + 42, timeout=PATIENCE)
    qtbot.waitUntil(answered(window), timeout=PATIENCE)
    press(window, "Go on")
    qtbot.waitUntil(lambda: window.sort.state.counts[Filter.ALL] == 1162 + 42, timeout=PATIENCE)
    assert window.sort.state.pending == 0


@pytest.mark.qt_log_ignore("This plugin does not support")  # raising a menu, without a screen
def test_the_menu_of_a_picture_copies_its_path(qtbot: QtBot, filled: MainWindow) -> None:
    tiles = grid(filled)
    QTest.mouseClick(tiles.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(40, 80))
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(0, 0), QPoint(0, 0))
    QApplication.sendEvent(tiles.viewport(), event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    next(action for action in menu.actions() if action.text() == "Copy path").trigger()
    assert QApplication.clipboard().text() == filled.sort.state.items[tiles.current].source.label
    menu.close()


def test_what_came_of_it_is_told(qtbot: QtBot, filled: MainWindow) -> None:
    assert "Looked at 42 files, 2 could not be read." in shown(filled, QLabel)


def test_clearing_empties_the_page(filled: MainWindow) -> None:
    press(filled, "Clear")
    assert filled.windowTitle() == "Sortwerk"
    assert filled.sort.state.items == []
    assert "Try the sample" in shown(filled, QPushButton)


def test_the_sample_is_answered(qtbot: QtBot, window: MainWindow) -> None:
    press(window, "Try the sample")
    qtbot.waitUntil(answered(window), timeout=PATIENCE)
    assert window.sort.state.counts[Filter.ALL] >= 55
    assert window.sort.state.counts[Filter.FAILED] == 0


def test_what_is_not_on_this_computer_is_refused_in_words(window: MainWindow) -> None:
    drop(window, [QUrl("https://example.org/wall.png")])
    assert any("Only files on this computer" in text for text in shown(window, QLabel))
    assert window.sort.state.items == []


def test_the_theme_is_changed_at_once_and_kept(window: MainWindow, workspace: Path) -> None:
    window.show_page("Settings")
    press(window, "Dark")
    assert tokens(window.palette()) is DARK
    press(window, "Light")
    assert tokens(window.palette()) is LIGHT
    press(window, "Dark")
    window.close()
    assert json.loads((workspace / "settings.json").read_bytes())["theme"] == "dark"


def test_nothing_is_cut_off_from_1024_to_1920_and_at_double_text_size(
    qtbot: QtBot, qapp: QApplication, filled: MainWindow
) -> None:
    from desktop import theme

    for scale in (1.0, 2.0):
        theme.apply(qapp, "light", scale)
        for size in ((1024, 640), (1280, 800), (1920, 1080)):
            filled.resize(*size)
            qtbot.wait(20)
            assert filled.width() == size[0], f"the window needs more than {size[0]} pixels at {scale:.0%} text"
            for one in filled.findChildren(QPushButton):
                if one.isVisible() and _inside(one, filled):
                    assert one.width() >= one.minimumSizeHint().width(), f"{one.text()!r} is cut off at {size}"


def _inside(widget: QWidget, window: MainWindow) -> bool:
    return window.rect().contains(widget.mapTo(window, QPoint(0, 0)))
