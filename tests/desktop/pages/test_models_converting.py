"""A model that has to be converted, on its way through the Models page."""

from __future__ import annotations

import pickle
import threading
import zipfile
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop.actions.converting import Converted
from desktop.pages.models.conversion_panel import ConversionPanel
from desktop.pages.models.converting import Converting, Question, known_architectures, notes_of
from models.errors import EngineError
from models.reference import Difference


def test_without_an_engine_nothing_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SORTWERK_ENGINES", str(tmp_path / "engines"))
    with zipfile.ZipFile(tmp_path / "net.pth", "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps({}, 2))
    work = Converting()
    with pytest.raises(EngineError, match="Settings > Engine"):
        work.convert(tmp_path / "net.pth", "", cancel=threading.Event(), on_progress=lambda *_: None)
    assert work.made is None
    work.close()


def test_what_is_known_of_a_conversion() -> None:
    differences = (Difference(name="a", shape=(1,), largest=2e-6, high=4.0), Difference(name="b", shape=(1,), high=1.0))
    made = Converted(Path("net.onnx"), "resnet18 (torchvision)", differences, ())
    assert notes_of(made, Path("/x/net.pth")) == [
        ("Made from", "net.pth"),
        ("Network", "resnet18 (torchvision)"),
        ("Off by", "2.0e-06 at most, in numbers up to 4"),
    ]


def test_the_panel_asks_for_the_name(qtbot: QtBot) -> None:
    panel = ConversionPanel()
    qtbot.addWidget(panel)
    panel.show()
    panel.ask(Path("net.pth"), Question("The 2 tensors of net.pth fit nothing; name it."), known_architectures())
    assert not panel.convert.isEnabled()
    assert panel.architecture.accessibleName() == "Architecture"
    qtbot.keyClicks(panel.architecture, "resnet18")
    assert panel.convert.isEnabled()
    with qtbot.waitSignal(panel.agreed) as agreed:
        qtbot.mouseClick(panel.convert, Qt.MouseButton.LeftButton)
    assert agreed.args == ["resnet18"]


def test_one_of_several_is_offered_first(qtbot: QtBot) -> None:
    panel = ConversionPanel()
    qtbot.addWidget(panel)
    panel.show()
    panel.ask(Path("w.pth"), Question("Which?", ("efficientnet_b0", "tf_efficientnet_b0")), [])
    offered = {one.text(): one for one in panel.findChildren(QPushButton)}
    assert {"efficientnet_b0", "tf_efficientnet_b0"} <= set(offered)
    with qtbot.waitSignal(panel.agreed) as agreed:
        qtbot.keyClick(panel.architecture, Qt.Key.Key_Return)
    assert agreed.args == ["efficientnet_b0"]
    offered["tf_efficientnet_b0"].click()
    assert panel.architecture.text() == "tf_efficientnet_b0"
    with qtbot.waitSignal(panel.dismissed):
        qtbot.keyClick(panel, Qt.Key.Key_Escape)
