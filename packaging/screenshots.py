"""Makes the pictures in docs/: the real window, with the sample that ships, in every state, theme and size.

    xvfb-run -a -s "-screen 0 1920x1080x24" .venv/bin/python packaging/screenshots.py [FOLDER]

Run from the repository root, with the settings of nobody: the workspace is a folder that is removed afterwards.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from dataset_pictures import take_datasets  # noqa: E402 - beside this script
from model_pictures import prepare_models, take_models  # noqa: E402
from PySide6.QtCore import Qt  # noqa: E402 - the line above makes the program importable
from PySide6.QtGui import QFont, QFontDatabase  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication, QLineEdit, QScrollArea  # noqa: E402
from train_pictures import take_training  # noqa: E402

from desktop import theme  # noqa: E402
from desktop.actions.models import new_model  # noqa: E402
from desktop.notices import Notices  # noqa: E402
from desktop.pages.settings.view import SettingsPage  # noqa: E402
from desktop.pages.sort.items import Filter  # noqa: E402
from desktop.pages.sort.sorting import Wish  # noqa: E402
from desktop.settings import Settings  # noqa: E402
from desktop.widgets.filter_field import FilterField  # noqa: E402
from desktop.widgets.tile_grid import TileGrid  # noqa: E402
from desktop.window import MainWindow  # noqa: E402

TWO_QUESTIONS = {
    "material": {
        "brick": "wall_red_01.jpg wall_old_02.dds",
        "metal": "cargo_blue.jpg shed_iron.jpg hull_rust.jpg alarm_red.tga",
        "tile": "bath_blue.jpg lobby_floor.jpg roof_clay.dds",
        "stone": "temple_floor.dds cliff_01.jpg palace_white.jpg",
    },
    "colour": {
        "red": "wall_red_01.jpg alarm_red.tga roof_clay.dds lava_flow.jpg",
        "blue": "cargo_blue.jpg bath_blue.jpg uniform_blue.dds neon_blue.png",
        "grey": "fence_grey.dds shed_iron.jpg cliff_01.jpg",
        "white": "palace_white.jpg facade_white.jpg",
    },
}
"""What is said of some of the sample."""

SIZES = {"small": (1280, 800), "large": (1920, 1080)}
PATIENCE = 120.0


def wait(application: QApplication, until: Callable[[], bool], least: float = 0.25) -> None:
    """Let the window live until ``until()``, and ``least`` seconds more for what is still being drawn."""
    end = time.monotonic() + PATIENCE
    while not until():
        application.processEvents()
        if time.monotonic() > end:
            raise TimeoutError("the window did not get there; look at its log")
        time.sleep(0.002)
    settled = time.monotonic() + least
    while time.monotonic() < settled:
        application.processEvents()
        time.sleep(0.002)


def some_textures(folder: Path) -> Path:
    """The sample, and three files that can't be read."""
    shutil.copytree(ROOT / "assets" / "samples", folder)
    shutil.copytree(ROOT / "assets" / "samples", folder.parent / "samples")
    shutil.copy(ROOT / "assets" / "samples.csv", folder.parent / "samples.csv")
    (folder / "empty.png").touch()
    (folder / "notes.png").write_text("Not a picture at all.")
    (folder / "cut off.jpg").write_bytes((folder / "wall_red_01.jpg").read_bytes()[:3000])
    return folder


def take(application: QApplication, folder: Path, textures: Path, look: str, size: str) -> None:
    """All states of the window in one theme and size."""
    theme.apply(application, look)
    window = MainWindow(Settings(theme=look, tile_side=112 if size == "small" else 128), Notices())
    window.resize(*SIZES[size])
    window.move(0, 0)
    window.show()

    def save(name: str) -> None:
        window.grab().save(str(folder / f"{name}-{look}-{size}.webp"), quality=90)

    wait(application, lambda: True, 0.5)
    save("sort-empty")
    state = window.sort.state
    window.open([textures])
    wait(application, lambda: state.counts[Filter.ALL] > 12, 0.0)
    save("sort-running")
    wait(application, lambda: not state.running and bool(state.items), 1.0)
    save("sort-results")
    wait(application, lambda: not window.sort.correcting.busy, 0.5)
    first = state.number(state.groups()[0][0], 0)
    window.sort.select([first])
    wait(application, lambda: True, 1.5)
    save("sort-inspector")
    correct(application, window, save)
    window.sort.set_hot(True)
    wait(application, lambda: True, 0.2)
    save("sort-drop")
    window.sort.set_hot(False)
    window.sort.sorting.show_plan(Wish(textures.parent / "sorted"))
    wait(application, lambda: True, 1.0)
    save("sort-plan")
    window.sort.complete().hide_panel()
    window.sort.choosing.wish()
    wait(application, lambda: True, 0.4)
    save("sort-new-model")
    window.sort.choosing.dismiss()
    state.choose(only=Filter.FAILED)
    wait(application, lambda: True, 0.4)
    save("sort-failed")
    state.choose(only=Filter.ALL)
    ask_two_questions(application, window, save)
    window.sort.choosing.choose(None)
    wait(application, lambda: state.model is None and not state.running, 0.5)
    shutil.rmtree(textures.parent / "Sortwerk" / "models")
    prepare_models(textures.parent, ROOT / "assets" / "samples", TWO_QUESTIONS["material"])
    take_models(
        window,
        textures.parent,
        ROOT / "assets" / "samples",
        save,
        lambda until, least: wait(application, until, least),
    )
    take_datasets(window, textures.parent / "samples", save, lambda until, least: wait(application, until, least))
    take_training(window, save, lambda until, least: wait(application, until, least))
    window.show_page("Settings")
    wait(application, lambda: True, 2.5)
    save("settings")
    (page,) = window.findChildren(SettingsPage)
    area = next(one for one in page.findChildren(QScrollArea) if one.isAncestorOf(page.engine))
    area.verticalScrollBar().setValue(page.engine.y())
    wait(application, lambda: True, 1.0)
    save("settings-engine")
    window.close()


def correct(application: QApplication, window: MainWindow, save: Callable[[str], None]) -> None:
    """Pictures of correcting: a receipt, what it has changed, a name being typed, several selected, and dragged."""
    sort, state = window.sort, window.sort.state
    grid = window.findChild(TileGrid)
    by_name = {item.source.name: number for number, item in enumerate(state.items)}
    sort.correcting.label([by_name["lava_flow.jpg"], by_name["toxic_01.jpg"]], "material", "slime")
    wait(application, lambda: not sort.correcting.busy, 0.5)
    sort.correcting.label([by_name["walkway_mesh.png"]], "material", "panel")
    wait(application, lambda: not sort.correcting.busy, 0.5)
    sort.select([by_name["walkway_mesh.png"]])
    wait(application, lambda: True, 1.5)
    save("sort-corrected")
    sort.select([by_name["step_plate.dds"]])
    QTest.keyClicks(grid, "m")
    QTest.keyClicks(window.findChild(FilterField).findChild(QLineEdit), "e")
    wait(application, lambda: True, 1.0)
    save("sort-typing")
    QTest.keyClick(window.findChild(FilterField).findChild(QLineEdit), Qt.Key.Key_Escape)
    group, count = max(state.groups(), key=lambda pair: pair[1])
    sort.select([state.number(group, place) for place in range(min(4, count))])
    grid.drag_started.emit()
    wait(application, lambda: True, 0.5)
    save("sort-targets")
    grid.drag_ended.emit()


def ask_two_questions(application: QApplication, window: MainWindow, save: Callable[[str], None]) -> None:
    """A picture of a model with two questions, after a few answers to each."""
    folder = new_model("Walls and floors", ["material", "colour"])
    sort, state = window.sort, window.sort.state
    sort.choosing.choose(folder)
    wait(application, lambda: state.model == folder and not state.running and state.counts[Filter.ALL] > 60, 0.5)
    by_name = {item.source.name: number for number, item in enumerate(state.items)}
    for head, answers in TWO_QUESTIONS.items():
        for label, names in answers.items():
            sort.correcting.label([by_name[name] for name in names.split()], head, label)
    wait(application, lambda: not sort.correcting.busy, 2.5)
    wait(application, lambda: not sort.correcting.busy, 0.5)
    sort.select([by_name["bunker_01.jpg"]])
    wait(application, lambda: True, 1.5)
    save("sort-two-questions")


def main() -> int:
    """Make them all."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    application = QApplication(["sortwerk", "-style", "fusion"])
    if "Inter" in QFontDatabase.families():  # in place of whatever a machine without a desktop falls back to
        application.setFont(QFont("Inter"))
    place = Path(tempfile.gettempdir()) / "example"  # names that say nothing of the machine they were made on
    shutil.rmtree(place, ignore_errors=True)
    textures = some_textures(place / "textures")
    os.environ["SORTWERK_HOME"] = str(place / "Sortwerk")
    for look in ("light", "dark"):
        for size in SIZES:
            take(application, folder, textures, look, size)
            shutil.rmtree(place / "Sortwerk")
    shutil.rmtree(place)
    return 0


if __name__ == "__main__":
    sys.exit(main())
