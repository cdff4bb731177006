"""The engine in the window: how it stands, removing it, a Python of one's own, addresses."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop.pages.settings.engine_card import EngineCard
from desktop.settings import load
from tests.desktop.pages.engine_actions import LOCKED, REFUSED, EngineActions
from tests.end_to_end.engine_hands import EngineHands, MakeEngineWindow


@pytest.fixture
def actions(tmp_path: Path) -> EngineActions:
    return EngineActions(tmp_path / "engines")


@pytest.fixture
def hands(make_engine_window: MakeEngineWindow, actions: EngineActions) -> EngineHands:
    return make_engine_window(actions)


# -- how it stands ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "words", "buttons"),
    [
        ("none", "Not installed", ["Install…", "Use my own Python…"]),
        ("half", "Half installed", ["Install…", "Use my own Python…", "Remove…"]),
        ("ready", "Ready", ["Repair", "Use my own Python…", "Remove…"]),
        ("drifted", "Changed", ["Repair", "Use my own Python…", "Remove…"]),
        ("outdated", "Works, and is not the newest", ["Update…", "Repair", "Use my own Python…", "Remove…"]),
        ("broken", "Broken", ["Repair", "Use my own Python…", "Remove…"]),
    ],
)
def test_each_state_is_said_with_what_can_be_done(
    hands: EngineHands, actions: EngineActions, state: str, words: str, buttons: list[str]
) -> None:
    actions.states["tensorflow"] = state
    hands.looked()
    assert words in hands.said(hands.row("tensorflow"))
    assert hands.offered("tensorflow") == buttons
    assert hands.offered("torch") == ["Install…", "Use my own Python…"]
    assert not any("sortwerk engine" in text for text in hands.words)


def test_drift_is_said_and_repaired(hands: EngineHands, actions: EngineActions) -> None:
    actions.states["torch"] = "drifted"
    hands.looked()
    assert any("numpy is 1.26.4 instead of 2.3.5; timm is gone" in text for text in hands.said(hands.row()))
    hands.click(hands.row().repair)
    hands.wait(lambda: "Ready" in hands.said(hands.row()))
    assert actions.calls == [("repair", "torch")]
    assert hands.notices == ["PyTorch is ready."]


def test_what_an_engine_is_can_be_read(hands: EngineHands, actions: EngineActions) -> None:
    actions.states["torch"] = "ready"
    hands.looked()
    said = " | ".join(hands.said(hands.row())).replace("\u200b", "")
    assert "torch 2.9.1" in said
    assert "Processor" in said
    assert "3.0 GB" in said
    assert str(actions.folder / "torch-cpu-0123456789ab") in said


def test_removing_asks_once_and_says_what_it_frees(hands: EngineHands, actions: EngineActions) -> None:
    actions.states["torch"] = "ready"
    hands.looked()
    hands.click(hands.row().remove)
    assert any("3.0 GB are free again" in text for text in hands.said(hands.row()))
    assert hands.offered() == ["Remove", "Keep it"]
    assert hands.row().keep.hasFocus()
    QTest.keyClick(hands.row().keep, Qt.Key.Key_Space)
    assert actions.calls == []
    hands.click(hands.row().remove)
    hands.click(hands.row().sure)
    hands.wait(lambda: "Not installed" in hands.said(hands.row()))
    assert actions.calls == [("remove", "torch")]
    assert hands.notices == ["PyTorch is removed; 3.0 GB are free again."]


# -- a Python of one's own --------------------------------------------------------------------------------------------


def test_an_own_python_is_refused_with_the_sentence_or_taken(hands: EngineHands, actions: EngineActions) -> None:
    hands.click(hands.row().own)
    assert hands.panel.own.field.hasFocus()
    hands.write(hands.panel.own.field, "/usr/bin/false")
    hands.wait(lambda: hands.wrong(hands.row()) == REFUSED)
    hands.idle()
    assert "Not installed" in hands.said(hands.row())
    hands.click(hands.row().own)
    hands.write(hands.panel.own.field, "/opt/envs/vision/bin/python", Qt.Key.Key_Tab)
    hands.click(hands.panel.own.go)
    hands.wait(lambda: "Ready: a Python of your own" in hands.said(hands.row()))
    assert actions.calls[-1] == ("use", "torch", "/opt/envs/vision/bin/python")
    assert hands.offered() == ["Install…", "Prove it again", "Use another Python…", "Forget it"]
    hands.click(hands.row().remove)
    hands.wait(lambda: "Not installed" in hands.said(hands.row()))
    assert hands.notices == ["PyTorch is removed."]


# -- how it is fetched ------------------------------------------------------------------------------------------------


def test_addresses_are_kept_at_once_or_refused_in_words(hands: EngineHands, workspace: Path) -> None:
    card: EngineCard = hands.page.engine
    hands.write(card.proxy, "proxy.example:3128")
    assert hands.wrong(card) == "The proxy proxy.example:3128 is no address; write it as http://name:port."
    assert not (workspace / "settings.json").exists()
    hands.write(card.proxy, "http://proxy.example:3128")
    hands.write(card.index, "https://mirror.example/simple", Qt.Key.Key_Tab)
    assert hands.wrong(card) == ""
    kept, _ = load(workspace)
    assert (kept.proxy, kept.engine_index) == ("http://proxy.example:3128", "https://mirror.example/simple")


def test_a_password_is_kept_in_the_keyring_and_not_in_the_settings(
    hands: EngineHands, actions: EngineActions, workspace: Path
) -> None:
    card: EngineCard = hands.page.engine
    hands.write(card.proxy, "http://me:hidden@proxy.example:3128")
    hands.wait(lambda: bool(actions.calls))
    assert card.proxy.text() == "http://me@proxy.example:3128"
    assert "hidden" not in (workspace / "settings.json").read_text()
    hands.write(card.index, "https://me:locked@mirror.example/simple", Qt.Key.Key_Tab)
    hands.wait(lambda: hands.wrong(card) == LOCKED)
    hands.write(card.proxy, "http://proxy.example:3128")
    hands.wait(lambda: len(actions.calls) == 3)
    assert hands.wrong(card) == LOCKED
    assert actions.calls == [
        ("keep", "http://me:hidden@proxy.example:3128", ""),
        ("keep", "https://me:locked@mirror.example/simple", ""),
        ("keep", "http://proxy.example:3128", "http://me@proxy.example:3128"),
    ]


# -- in every look -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_nothing_is_cut_off(
    make_engine_window: MakeEngineWindow, actions: EngineActions, qtbot: QtBot, look: str, scale: float
) -> None:
    actions.states |= {"torch": "drifted", "tensorflow": "outdated"}
    hands: EngineHands = make_engine_window(actions, look=look, scale=scale)
    for size in ((1280, 800), (1920, 1080)):
        hands.window.resize(*size)
        hands.click(hands.row("tensorflow").install)
        hands.wait(hands.panel.install.isEnabled)
        for panel in (True, False):
            if not panel:
                QTest.keyClick(hands.panel, Qt.Key.Key_Escape)
            qtbot.waitUntil(lambda: cut_off(hands) == [], timeout=5_000)  # laying out takes a few turns
            bar = hands.page._area.horizontalScrollBar()
            assert not hands.page._area.isVisible() or bar.maximum() == 0


def cut_off(hands: EngineHands) -> list[str]:
    """What stands on buttons and in lines of text that have less room than they need."""
    page = hands.page
    buttons = [one for one in page.findChildren(QPushButton) if one.isVisible()]
    labels = [one for one in page.findChildren(QLabel) if one.isVisible() and one.wordWrap() and one.text()]
    small = [one.text() for one in buttons if one.width() < one.minimumSizeHint().width()]
    small += [one.text() for one in buttons if one.height() < one.minimumSizeHint().height()]
    return small + [one.text() for one in labels if one.height() < one.heightForWidth(one.width())]
