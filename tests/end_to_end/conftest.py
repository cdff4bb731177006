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
from desktop.settings import Settings
from desktop.window import MainWindow


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication) -> Iterator[MainWindow]:
    """The main window as a person gets it, closed afterwards; the font and theme are put back."""
    font, palette = qapp.font(), qapp.palette()
    theme.apply(qapp, "light")
    window = MainWindow(Settings(theme="light"), Notices())
    window.show()
    qtbot.waitExposed(window)
    yield window
    window.close()
    window.deleteLater()
    qapp.setStyleSheet("")
    qapp.setFont(font)
    qapp.setPalette(palette)


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
