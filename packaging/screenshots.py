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

from PySide6.QtGui import QFont, QFontDatabase  # noqa: E402 - the line above makes the program importable
from PySide6.QtWidgets import QApplication  # noqa: E402

from desktop import theme  # noqa: E402
from desktop.notices import Notices  # noqa: E402
from desktop.pages.sort.items import Filter  # noqa: E402
from desktop.pages.sort.sorting import Wish  # noqa: E402
from desktop.settings import Settings  # noqa: E402
from desktop.window import MainWindow  # noqa: E402

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
    first = state.number(state.groups()[0][0], 0)
    window.sort.select([first])
    wait(application, lambda: True, 0.6)
    save("sort-inspector")
    window.sort.set_hot(True)
    wait(application, lambda: True, 0.2)
    save("sort-drop")
    window.sort.set_hot(False)
    window.sort.sorting.show_plan(Wish(textures.parent / "sorted"))
    wait(application, lambda: True, 1.0)
    save("sort-plan")
    window.sort.complete().hide_panel()
    state.choose(only=Filter.FAILED)
    wait(application, lambda: True, 0.4)
    save("sort-failed")
    window.show_page("Settings")
    wait(application, lambda: True, 2.5)
    save("settings")
    window.close()


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
