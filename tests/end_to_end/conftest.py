"""A real window over real files."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop import theme
from desktop.notices import Notices
from desktop.pages.settings.engines import Actions
from desktop.settings import Settings
from desktop.window import MainWindow
from tests.end_to_end.engine_hands import EngineHands, MakeEngineWindow


@pytest.fixture
def application(qapp: QApplication) -> Iterator[QApplication]:
    """Its font and theme are put back afterwards."""
    font, palette = qapp.font(), qapp.palette()
    yield qapp
    qapp.setStyleSheet("")
    qapp.setFont(font)
    qapp.setPalette(palette)


@pytest.fixture
def window(qtbot: QtBot, application: QApplication) -> Iterator[MainWindow]:
    """The main window as a person gets it, closed afterwards."""
    theme.apply(application, "light")
    window = MainWindow(Settings(theme="light"), Notices())
    window.show()
    qtbot.waitExposed(window)
    yield window
    window.close()
    window.deleteLater()


@pytest.fixture
def make_engine_window(
    qtbot: QtBot, application: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MakeEngineWindow]:
    """Windows with other actions on engines, none of which finds the person's own; they are closed afterwards."""
    monkeypatch.setenv("SORTWERK_ENGINES", str(tmp_path / "engines"))
    made: list[MainWindow] = []

    def make(actions: Actions, *, look: str = "light", scale: float = 1.0) -> EngineHands:
        theme.apply(application, look, scale)
        window = MainWindow(Settings(theme=look), Notices(), text_scale=scale, engine_actions=actions)
        window.show()
        qtbot.waitExposed(window)
        made.append(window)
        return EngineHands(qtbot, window)

    yield make
    for window in made:
        window.close()
        window.deleteLater()


@pytest.fixture
def textures(data: Path, tmp_path: Path) -> Path:
    """A folder of 40 real textures of four categories, and two files that are no pictures."""
    folder = tmp_path / "wänds 'of' stone"
    folder.mkdir()
    for category in ("brick", "sky", "vegetation", "wood"):
        for file in sorted((data / "textures" / category).iterdir())[:10]:
            shutil.copy(file, folder / file.name)
    (folder / "empty.png").touch()
    (folder / "notes.txt").write_text("no picture")
    return folder


@pytest.fixture
def walls(data: Path, tmp_path: Path) -> Path:
    """Two folders of five textures each, and one texture beside them that nobody has labelled."""
    root = tmp_path / "walls"
    for category in ("brick", "wood"):
        (root / category).mkdir(parents=True)
        for file in sorted((data / "textures" / category).iterdir())[:5]:
            shutil.copy(file, root / category / file.name)
    shutil.copy(sorted((data / "textures" / "sky").iterdir())[0], root / "loose.png")
    return root
