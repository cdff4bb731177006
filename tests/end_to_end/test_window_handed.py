"""A double click on a package while a window is open: the second start hands it over, and ends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from pytestqt.qtbot import QtBot

from desktop.actions.packages import ExportOptions, export_model_package
from desktop.pages.models.package_panel import PackagePanel
from desktop.single import FILE
from desktop.window import MainWindow
from tests.conftest import ROOT


def test_the_open_window_shows_what_is_in_it(qtbot: QtBot, window: MainWindow, workspace: Path, tmp_path: Path) -> None:
    package = export_model_package(None, tmp_path / "handed over.ps2model", ExportOptions(name="Handed over"))
    workspace.mkdir(exist_ok=True)
    window.take_from_others(workspace)
    assert (workspace / FILE).is_file()

    second = subprocess.run(
        [sys.executable, "-m", "desktop", package.name],  # from another folder, as a file manager would
        cwd=tmp_path,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")

    def shown() -> bool:
        panel = window.findChild(PackagePanel)
        return panel is not None and panel.isVisible()

    qtbot.waitUntil(shown, timeout=30_000)
    window.close()
    assert not (workspace / FILE).exists()
