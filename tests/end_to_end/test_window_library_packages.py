"""Models that come in and go out: dropped, looked at, installed or not, and passed on."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.pages.sort.items import UNKNOWN, Filter
from desktop.widgets.drop_area import DropArea
from desktop.widgets.tick_box import TickBox
from desktop.window import MainWindow
from tests.end_to_end.hands import CONTROL, Hands
from tests.end_to_end.library_hands import (
    choose_file,
    drag,
    in_use,
    installed,
    names,
    on_models_page,
    pack,
    page,
    panel_shown,
    words_of,
)
from tests.end_to_end.test_window_models import STARTER, chooser, type_into
from tests.models.made_models import make
from tests.models.package.packages import members_1_1, zipped


@pytest.fixture
def hands(qtbot: QtBot, window: MainWindow) -> Hands:
    return on_models_page(qtbot, window)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return pack(tmp_path)


def test_a_package_is_looked_at_before_it_is_installed_and_used(hands: Hands, package: Path, textures: Path) -> None:
    hands.drop(textures)
    hands.window.open([package])
    hands.wait(panel_shown(hands))
    said = words_of(hands)
    for words in (
        "Four materials",
        "pack.ps2model, not installed yet",
        "One of 4 categories for each picture: metal, stone, wood, fabric",
        "Bertram",
        "Nobody signed it. Its hashes prove that nothing was changed on the way, not who made it.",
        "It answers as it was made; it learns nothing from your corrections.",
    ):
        assert words in said, words
    assert installed() == [STARTER]
    hands.press("Install and use")
    hands.wait(lambda: in_use(hands) == ["Four materials"])
    assert chooser(hands).words == "Four materials"
    assert not page(hands).importing.panel.isVisible()
    hands.wait(lambda: not hands.state.running and hands.state.counts[Filter.ALL] == 42)
    assert {name for name in hands.groups if name != UNKNOWN} <= {"metal", "stone", "wood", "fabric"}
    assert hands.window.windowTitle().endswith(textures.name)


def test_what_is_not_wanted_leaves_nothing(hands: Hands, package: Path, workspace: Path) -> None:
    hands.window.open([package])
    hands.wait(panel_shown(hands))
    QTest.keyClick(page(hands).importing.panel, Qt.Key.Key_Escape)
    assert not page(hands).importing.panel.isVisible()
    hands.wait(lambda: not [one for one in (workspace / "models").rglob("*") if one.is_file()])
    assert installed() == [STARTER]


def test_several_files_come_one_after_another_and_a_bad_one_is_one_sentence(
    hands: Hands, package: Path, tmp_path: Path
) -> None:
    other = zipped(tmp_path / "other.ps2model", members_1_1(name="Others"))
    cut = tmp_path / "cut.ps2model"
    cut.write_bytes(package.read_bytes()[:-200])
    weights = tmp_path / "weights.pt"
    weights.write_bytes(b"\x80\x02}q\x00." * 20)
    hands.window.open([cut, package, weights, other])
    hands.wait(panel_shown(hands))
    assert hands.notices[0].startswith("cut.ps2model ")
    assert "2 more to look at after this one" in hands.words
    hands.press("Install")
    hands.wait(lambda: "other.ps2model, not installed yet" in hands.words)
    assert hands.notices[0].startswith("2 files can't be imported; weights.pt is ")
    hands.press("Install")
    hands.wait(lambda: names(hands) == [STARTER, "Four materials", "Others"])
    assert in_use(hands) == [STARTER]
    hands.window.open([package])
    hands.wait(lambda: "pack.ps2model is in your library already" in hands.words)
    hands.press("Show it")
    hands.wait(page(hands).library.inspector.isVisible)
    assert installed() == [STARTER, "Four materials", "Others"]


def test_a_look_is_stopped_and_the_next_file_comes(hands: Hands, package: Path, tmp_path: Path) -> None:
    other = zipped(tmp_path / "other.ps2model", members_1_1(name="Others"))
    hands.window.open([package, other])
    assert "Looking at pack.ps2model" in hands.words
    hands.press("Cancel")
    hands.wait(panel_shown(hands))
    assert "other.ps2model, not installed yet" in hands.words
    assert hands.notices == []
    assert installed() == [STARTER]


def test_a_model_is_passed_on_with_what_it_has_learned_and_comes_back(
    hands: Hands, textures: Path, tmp_path: Path
) -> None:
    hands.drop(textures)
    hands.select(hands.numbers("brick")[0])
    hands.say("wood")
    QTest.keyClick(hands.window, Qt.Key.Key_4, CONTROL)
    hands.wait(lambda: "1 picture labelled by you" in words_of(hands))
    hands.press("Export…")
    panel = page(hands).exporting.panel
    assert panel.name.hasFocus()
    type_into(panel.name, "Anna's walls")
    type_into(panel.author, "")
    panel.author.clear()
    ticks = {one.text(): one for one in panel.findChildren(TickBox)}
    assert ticks["Let it go on learning"].isChecked()
    for box in ("With my corrections as a list", "Sign it with my key"):
        QTest.mouseClick(ticks[box], Qt.MouseButton.LeftButton)
        assert ticks[box].isChecked()
    hands.press("Save as…")
    assert "A signature needs the name of its author; type one." in hands.words
    type_into(panel.author, "Anna")
    target = tmp_path / "walls"
    choose_file(target)
    hands.press("Save as…")
    hands.wait(lambda: hands.notices[:1] == ["Saved as walls.ps2model."])
    assert not panel.isVisible()
    hands.window.open([target.with_suffix(".ps2model")])
    hands.wait(panel_shown(hands))
    said = words_of(hands)
    assert "Signed by Anna with the key " in said
    assert "It goes on learning from your corrections, without the pictures that it was made from." in said
    hands.press("Install")
    hands.wait(lambda: names(hands) == [STARTER, "Anna's walls"])
    assert "signed by Anna" in words_of(hands)


def test_a_mixed_drop_is_shared_out(hands: Hands, package: Path, textures: Path) -> None:
    window = hands.window
    window.show_page("Sort")
    drag(window, QDragEnterEvent, [textures, package])
    assert page(hands).isVisible()
    area = next(one for one in page(hands).findChildren(DropArea) if one.isVisible())
    hot = area.grab().toImage()
    window.dragLeaveEvent(QDragLeaveEvent())
    assert area.grab().toImage() != hot
    drag(window, QDropEvent, [textures, package])
    hands.wait(panel_shown(hands))
    hands.wait(lambda: not hands.state.running and hands.state.counts[Filter.ALL] == 42)
    assert page(hands).isVisible()
    drag(window, QDragEnterEvent, [textures])
    assert not page(hands).isVisible()


def test_a_plain_network_opens_the_assistant_and_the_next_file_waits(
    hands: Hands, package: Path, tmp_path: Path
) -> None:
    make(tmp_path / "tiny")
    network = (tmp_path / "tiny" / "model.onnx").rename(tmp_path / "net.onnx")
    hands.window.open([network, package])
    hands.wait(lambda: page(hands).currentWidget() is not page(hands).library)
    assert "net.onnx" in words_of(hands)
    assert not page(hands).importing.panel.isVisible()
    QTest.keyClick(page(hands).currentWidget(), Qt.Key.Key_Escape)
    hands.wait(panel_shown(hands))
    assert page(hands).currentWidget() is page(hands).library
