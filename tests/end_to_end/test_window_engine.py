"""The engine in the window: how it stands, what it costs, installing, stopping, failing, and a Python of one's own."""

from __future__ import annotations

import gc
import os
import shutil
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop import theme
from desktop.notices import Notices
from desktop.pages.settings.engine_card import EngineCard
from desktop.pages.settings.engine_panel import EnginePanel
from desktop.pages.settings.engines import Actions
from desktop.settings import Settings, load
from desktop.window import MainWindow
from tests.desktop.pages.engine_actions import REFUSED, EngineActions
from tests.end_to_end.engine_hands import EngineHands, SmallEngines
from tests.training.engine.index import Index, make_variant, make_wheels


@pytest.fixture(autouse=True)
def no_engines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing here finds or touches the person's own."""
    monkeypatch.setenv("SORTWERK_ENGINES", str(tmp_path / "engines"))


@pytest.fixture
def actions(tmp_path: Path) -> EngineActions:
    return EngineActions(tmp_path / "engines")


@pytest.fixture
def make_window(qtbot: QtBot, qapp: QApplication) -> Iterator[object]:
    """A window with other actions; closed afterwards, the font and theme put back."""
    font, palette = qapp.font(), qapp.palette()
    made: list[MainWindow] = []

    def make(actions: Actions, *, look: str = "light", scale: float = 1.0) -> EngineHands:
        theme.apply(qapp, look, scale)
        window = MainWindow(Settings(theme=look), Notices(), text_scale=scale, engine_actions=actions)
        window.show()
        qtbot.waitExposed(window)
        made.append(window)
        return EngineHands(qtbot, window)

    yield make
    for window in made:
        window.close()
        window.deleteLater()
    qapp.setStyleSheet("")
    qapp.setFont(font)
    qapp.setPalette(palette)


@pytest.fixture
def hands(make_window, actions: EngineActions) -> EngineHands:
    return make_window(actions)


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


# -- installing -------------------------------------------------------------------------------------------------------


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


# -- in earnest -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheels")
    make_wheels(folder)
    return folder


@pytest.fixture
def index(wheels: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    server = Index(wheels)
    yield server
    server.close()


@pytest.fixture
def small(tmp_path: Path, wheels: Path) -> SmallEngines:
    (tmp_path / "variant").mkdir()
    tiny = make_variant(tmp_path / "variant", wheels)
    return SmallEngines(replace(tiny, name="torch", title="PyTorch"), tmp_path / "engines")


def test_an_engine_is_installed_stopped_resumed_changed_and_repaired(make_window, small, index: Index) -> None:
    hands: EngineHands = make_window(small)
    files, threads = psutil.Process().num_fds(), {one.name for one in threading.enumerate()}
    hands.write(hands.page.engine.index, index.url)
    index.rate = 200_000  # slow enough to be stopped half way
    hands.click(hands.row().install)
    hands.click(hands.panel.install)
    hands.wait(lambda: hands.engines.how_far is not None and hands.engines.how_far.phase == "downloading")
    hands.wait(lambda: any("Fetching" in text for text in hands.said(hands.row())))
    hands.click(next(one for one in hands.row().findChildren(QPushButton) if one.text() == "Cancel"))
    hands.idle()
    assert [one.name for one in small.folder.iterdir() if one.name.startswith("torch-")] == []
    assert psutil.Process().children(recursive=True) == []

    index.rate, index.trouble = 0, "missing"
    hands.click(hands.row().install)
    hands.click(hands.panel.install)
    hands.wait(lambda: "is no package index, or lacks what is needed" in hands.wrong(hands.row()))
    hands.idle()
    index.trouble = ""
    hands.click(hands.row().again)
    hands.wait(lambda: "Ready" in hands.said(hands.row()))
    engine = hands.engines.statuses["torch"].engine
    assert engine is not None
    assert "swtiny 1.0" in " ".join(hands.said(hands.row())).replace("\u200b", "")

    assert engine.site is not None
    shutil.rmtree(next(engine.site.glob("psutil-*.dist-info")))
    hands.looked()
    hands.wait(lambda: any("psutil is gone" in text for text in hands.said(hands.row())))
    hands.click(hands.row().repair)
    hands.wait(lambda: "Ready" in hands.said(hands.row()))

    (engine.folder / "engine.json").unlink()
    hands.looked()
    hands.wait(lambda: "Half installed" in hands.said(hands.row()))
    hands.click(hands.row().remove)
    hands.click(hands.row().sure)
    hands.wait(lambda: "Not installed" in hands.said(hands.row()))
    hands.wait(lambda: {one.name for one in threading.enumerate() if one.name.startswith("job:")} <= threads)
    gc.collect()
    assert psutil.Process().num_fds() <= files + 2  # the log and the database of the workspace may have been opened
    assert not {"torch", "tensorflow", "swtiny"} & set(sys.modules)


def test_a_python_without_pytorch_is_refused_in_earnest(make_window, small: SmallEngines, tmp_path: Path) -> None:
    hands: EngineHands = make_window(small)
    hands.click(hands.row().own)
    hands.write(hands.panel.own.field, shutil.which("false") or "/bin/false")
    hands.wait(lambda: "is no Python; choose the python of an environment" in hands.wrong(hands.row()))
    hands.idle()
    hands.click(hands.row().own)
    hands.write(hands.panel.own.field, os.fspath(Path(sys.executable)))
    hands.wait(lambda: " lacks swtiny; install that with " in hands.wrong(hands.row()))
    assert "sortwerk engine" not in hands.wrong(hands.row())
    hands.idle()
    assert "Not installed" in hands.said(hands.row())


# -- what needs it, asks ----------------------------------------------------------------------------------------------


def test_a_model_to_convert_asks_for_the_engine_first(
    make_window, actions: EngineActions, tmp_path: Path, qtbot: QtBot
) -> None:
    hands: EngineHands = make_window(actions)
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


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_nothing_is_cut_off(make_window, actions: EngineActions, qtbot: QtBot, look: str, scale: float) -> None:
    actions.states |= {"torch": "drifted", "tensorflow": "outdated"}
    hands: EngineHands = make_window(actions, look=look, scale=scale)
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
