"""A start and an answer load nothing of the engine: proven in fresh interpreters."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

CLASSIFY = """
import sys
from desktop.__main__ import main
status = main(["classify", sys.argv[1]])
print([name for name in sys.modules if name.startswith("training.engine")], status)
"""

WINDOW = """
import sys
import desktop.window
from PySide6.QtWidgets import QApplication
from desktop.notices import Notices
from desktop.settings import Settings

application = QApplication([])
window = desktop.window.MainWindow(Settings(), Notices())
window.show()
application.processEvents()
print([name for name in sys.modules if name.startswith("training.engine")], 0)
window.close()
application.processEvents()
"""


@pytest.mark.parametrize("code", [CLASSIFY, WINDOW])
def test_the_engine_is_not_loaded(code: str, data: Path) -> None:
    picture = next((data / "textures").rglob("*.png"))
    done = subprocess.run(
        [sys.executable, "-c", code, picture],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    assert done.stdout.splitlines()[-1:] == ["[] 0"], done.stderr
