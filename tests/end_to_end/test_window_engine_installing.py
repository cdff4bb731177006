"""Installing an engine in the window: what it costs, how far it is, stopping, failing, and what needs it."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop.pages.settings.engine_panel import EnginePanel
from tests.desktop.pages.engine_actions import EngineActions
from tests.end_to_end.engine_hands import EngineHands, MakeEngineWindow


@pytest.fixture
def actions(tmp_path: Path) -> EngineActions:
    return EngineActions(tmp_path / "engines")


@pytest.fixture
def hands(make_engine_window: MakeEngineWindow, actions: EngineActions) -> EngineHands:
    return make_engine_window(actions)


def test_it_says_how_large_where_how_long_for_which_device_before_it_fetches(
    hands: EngineHands, actions: EngineActions
) -> None:
    hands.click(hands.row().install)
    hands.wait(lambda: "about 640 MB" in hands.said(hands.panel))
    said = " | ".join(hands.said(hands.panel)).replace("\u200b", "")
    for words in ("about 1.3 GB", "120 GB", "about 2 minutes", "Processor", str(actions.folder)):
        assert words in said
    hands.press("NVIDIA (CUDA)")  # on the card; the panel beside it has the same
    assert hands.window._settings.engine_device == "cuda"
    hands.click(next(one for one in hands.panel.devices.findChildren(QPushButton) if one.text() == "Processor"))
    hands.wait(lambda: ("plan", "torch", "cpu") in actions.calls)
    assert hands.window._settings.engine_device == "cpu"
    assert all(call[0] == "plan" for call in actions.calls)
    QTest.keyClick(hands.panel, Qt.Key.Key_Escape)
    assert not hands.panel.isVisible()


def test_installing_tells_how_far_it_is_on_the_card_and_in_the_job_bar(
    hands: EngineHands, actions: EngineActions
) -> None:
    hands.click(hands.row().install)
    hands.wait(hands.panel.install.hasFocus)
    hands.key(Qt.Key.Key_Space)
    assert not hands.panel.isVisible()
    words = "Fetching torch, timm  ·  412 MB of 640 MB  ·  12.3 MB/s  ·  about 55 seconds left"
    hands.wait(lambda: words in hands.said(hands.row()))
    hands.wait(lambda: hands.job == f"Installing PyTorch: {words}")
    assert hands.offered() == ["Cancel"]
    assert not hands.row("tensorflow").install.isEnabled()
    actions.hold.set()
    hands.wait(lambda: "Ready" in hands.said(hands.row()))
    assert hands.notices == ["PyTorch is ready."]
    assert hands.row("tensorflow").install.isEnabled()


@pytest.mark.parametrize("where", ["card", "job bar"])
def test_it_can_be_stopped_and_begun_again(hands: EngineHands, actions: EngineActions, where: str) -> None:
    hands.click(hands.row().install)
    hands.click(hands.panel.install)
    hands.wait(actions.halfway.is_set)
    hands.wait(lambda: hands.engines.how_far is not None)
    inside = hands.row() if where == "card" else hands.window
    cancels = [one for one in inside.findChildren(QPushButton) if one.text() == "Cancel" and one.isVisible()]
    hands.click(cancels[-1] if where == "job bar" else cancels[0])
    hands.idle()
    assert actions.left == set()
    assert hands.job == "Installing PyTorch: stopped."
    assert "Not installed" in hands.said(hands.row())
    assert hands.wrong(hands.row()) == ""
    assert hands.notices == []
    actions.hold.set()
    hands.click(hands.row().install)
    hands.click(hands.panel.install)
    hands.wait(lambda: "Ready" in hands.said(hands.row()))


def test_a_failure_is_one_sentence_and_trying_again_goes_on(hands: EngineHands, actions: EngineActions) -> None:
    actions.folder.mkdir()
    (actions.folder / "install.log").write_text("Resolved 41 packages\nerror: Failed to fetch\n")
    actions.hold.set()
    actions.refusals = ["The disk is full; free some space and try again."]
    hands.click(hands.row().install)
    hands.click(hands.panel.install)
    hands.wait(lambda: hands.wrong(hands.row()) == "The disk is full; free some space and try again.")
    hands.idle()
    assert hands.notices == []  # it is said once, where the person looks
    assert hands.offered()[0] == "Try again"
    hands.click(hands.row().log)
    hands.wait(lambda: "error: Failed to fetch" in hands.page.engine._log.toPlainText())
    hands.click(hands.row().again)
    hands.wait(lambda: "Ready" in hands.said(hands.row()))
    assert hands.wrong(hands.row()) == ""


def test_a_failure_on_another_page_is_told_with_a_retry(hands: EngineHands, actions: EngineActions) -> None:
    actions.refusals = ["The disk is full; free some space and try again."]
    hands.click(hands.row().install)
    hands.click(hands.panel.install)
    hands.window.show_page("Sort")
    hands.wait(actions.halfway.is_set)
    actions.hold.set()
    hands.wait(lambda: hands.notices == ["The disk is full; free some space and try again."])
    hands.idle()
    hands.press("Try again")
    hands.wait(lambda: hands.notices == ["PyTorch is ready."])


def test_without_room_nothing_can_be_begun(hands: EngineHands, actions: EngineActions) -> None:
    actions.free = 1_000_000_000
    hands.click(hands.row().install)
    hands.wait(lambda: "1.9 GB of free space" in hands.wrong(hands.panel))
    assert hands.panel.install.text() == "Look again"
    actions.free = 90_000_000_000
    hands.click(hands.panel.install)
    hands.wait(lambda: hands.wrong(hands.panel) == "" and hands.panel.install.text() == "Install")
    assert all(call[0] == "plan" for call in actions.calls)


def test_closing_the_window_stops_it(hands: EngineHands, actions: EngineActions) -> None:
    hands.click(hands.row().install)
    hands.click(hands.panel.install)
    hands.wait(actions.halfway.is_set)
    hands.window.close()
    assert actions.left == set()
    assert [one.name for one in threading.enumerate() if one.name.startswith("job: Installing")] == []


# -- what needs it, asks -----------------------------------------------------------------------------------------------


def test_a_model_to_convert_asks_for_the_engine_first(
    make_engine_window: MakeEngineWindow, actions: EngineActions, tmp_path: Path, qtbot: QtBot
) -> None:
    hands: EngineHands = make_engine_window(actions)
    model = tmp_path / "weights.safetensors"
    model.write_bytes(_safetensors())
    hands.window.open([model])
    panel: EnginePanel = hands.window.models.needed.panel
    hands.wait(lambda: panel.isVisible() and panel.install.isEnabled())
    assert panel.title.text() == "PyTorch is needed"
    assert any(
        text.startswith("weights.safetensors is ") and text.endswith("which PyTorch has to turn into ONNX.")
        for text in hands.said(panel)
    )
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    assert not panel.isVisible()
    hands.window.open([model])  # asked anew, as nothing was installed
    hands.click(panel.install)
    hands.wait(lambda: any("412 MB of 640 MB" in text for text in hands.said(panel)))
    actions.refusals = ["The disk is full; free some space and try again."]
    actions.hold.set()
    hands.wait(lambda: hands.wrong(panel) == "The disk is full; free some space and try again.")
    assert panel.install.text() == "Try again"
    hands.click(panel.install)
    hands.wait(lambda: not panel.isVisible())  # it goes on: and this engine is none, which is said
    hands.wait(lambda: any("PyTorch is not part of the program" in text for text in hands.notices))


def _safetensors() -> bytes:
    """Two tensors that are of no known network."""
    header = b'{"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}}'
    return len(header).to_bytes(8, "little") + header + bytes(16)
