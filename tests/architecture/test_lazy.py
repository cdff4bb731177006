"""What a start loads, proven in fresh interpreters: heavy libraries only where they are used, PyTorch nowhere, also
not to learn from a correction, to calibrate, to take it back, to export a model or to import one.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

TRAINERS = {"torch", "torchvision", "timm", "lightning", "tensorflow", "ray", "onnx"}

COMMAND = """
import json, sys
from desktop.__main__ import main
status = main(json.loads(sys.argv[1]))
print("loaded", json.dumps(sorted({name.partition(".")[0] for name in sys.modules})), status)
"""

WINDOW = """
import json, sys, time
from pathlib import Path

import desktop.window
from PySide6.QtWidgets import QApplication
from desktop.notices import Notices
from desktop.settings import Settings

application = QApplication([])
window = desktop.window.MainWindow(Settings(), Notices())
window.show()
application.processEvents()
painted = sorted({name.partition(".")[0] for name in sys.modules})
window.open([Path(sys.argv[1])])
until = time.monotonic() + 60
while (not window.sort.state.items or window.sort.state.running) and time.monotonic() < until:
    application.processEvents()
    time.sleep(0.01)
answered = sum(item.answer is not None for item in window.sort.state.items)

def learned():
    until = time.monotonic() + 60
    while window.sort.correcting.busy and time.monotonic() < until:
        application.processEvents()
        time.sleep(0.01)

learned()
calibration, said = window.sort.state.calibration, []
for act in ("label", "undo", "redo"):
    control, head = window.sort.correcting, window.sort.state.head
    control.label([0], head, "lava") if act == "label" else getattr(control, act)()
    learned()
    said.append(window.sort.state.items[0].answer.labels.get(head))
assert said == ["lava", None, "lava"], said
window.sort.correcting.settle()  # calibrates for what was said
learned()
assert window.sort.state.calibration != calibration
window.show_page("Settings")
application.processEvents()
sorted_and_learned = sorted({name.partition(".")[0] for name in sys.modules})

from desktop.actions.packages import ExportOptions, export_model_package

def until_true(asked):
    until = time.monotonic() + 60
    while not asked() and time.monotonic() < until:
        application.processEvents()
        time.sleep(0.01)
    assert asked()

package = export_model_package(None, Path(sys.argv[1]).parent / "mine.ps2model", ExportOptions(name="Mine"))
window.open([package])
until_true(lambda: window.models.importing.panel.install.isVisible())
window.models.importing.panel.install.click()
until_true(lambda: "Mine" in [one.name for one in window.models.state.entries])
window.close()
application.processEvents()
done = sorted({name.partition(".")[0] for name in sys.modules})
print("loaded", json.dumps([painted, sorted_and_learned, done]), answered)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "pictures"
    path.mkdir()
    for number in range(3):
        Image.new("RGB", (32, 32), (number * 80, 90, 30)).save(path / f"{number}.png")
    return path


def fresh(script: str, *arguments: str) -> tuple[object, int]:
    """Run ``script`` in an interpreter of its own; return what it says it loaded, and the number after it."""
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).resolve().parents[2],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
    )
    assert done.returncode == 0, done.stderr
    line = done.stdout.splitlines()[-1]
    loaded, number = line.removeprefix("loaded ").rsplit(" ", 1)
    return json.loads(loaded), int(number)


def test_the_command_line_classifies_without_qt_and_without_pytorch(folder: Path) -> None:
    loaded, status = fresh(COMMAND, json.dumps(["classify", str(folder), "--json"]))
    assert status == 0
    assert {"onnxruntime", "numpy", "typer"} <= set(loaded)
    assert set(loaded) & (TRAINERS | {"PySide6", "shiboken6", "pyqtgraph"}) == set()


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["classify"], ["serve", "--help"]])
def test_the_command_line_answers_questions_about_itself_at_once(arguments: list[str]) -> None:
    loaded, _ = fresh(COMMAND, json.dumps(arguments))
    heavy = {"numpy", "cv2", "PIL", "onnxruntime", "PySide6", "fastapi", "uvicorn", "httpx", "keyring"}
    assert set(loaded) & (TRAINERS | heavy) == set()


def test_the_doctor_asks_about_pytorch_without_loading_it() -> None:
    loaded, status = fresh(COMMAND, json.dumps(["doctor"]))
    assert status == 0
    assert set(loaded) & (TRAINERS | {"PySide6"}) == set()


def test_the_window_paints_before_anything_heavy_and_never_loads_pytorch(folder: Path) -> None:
    (painted, learned, done), answered = fresh(WINDOW, str(folder))
    assert answered == 3
    assert set(painted) & {"numpy", "cv2", "PIL", "onnxruntime", "pydantic", "typer", "rich"} == set()
    assert {"onnxruntime", "numpy"} <= set(learned)
    assert set(learned) & (TRAINERS | {"typer"}) == set()
    # a package is written with the onnx library; what is foreign was looked at in a child
    assert set(done) & ((TRAINERS - {"onnx"}) | {"typer"}) == set()
