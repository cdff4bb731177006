"""The window stays alive under a flood: the one timed test, run by ``packaging/test.sh --all``."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.window import MainWindow
from tests.benchmarks.responsiveness import copies, measure


@pytest.mark.slow
@pytest.mark.parametrize("alike", [True, False], ids=["answers remembered", "answers inferred"])
def test_the_event_loop_is_not_held_up_by_10_000_files(
    window: MainWindow, data: Path, tmp_path: Path, alike: bool
) -> None:
    copies(data, tmp_path / "textures", 10_000, alike=alike)
    held = measure(window, tmp_path / "textures", 10_000)
    assert held.p99 < 50, held
