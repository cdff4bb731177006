"""Pictures of the Dataset page for docs/: part of packaging/screenshots.py, which makes the program importable."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from desktop.pages.dataset.quality_view import QualityView
from desktop.window import MainWindow

__all__ = ["take_datasets"]

Wait = Callable[[Callable[[], bool], float], None]


def take_datasets(window: MainWindow, samples: Path, save: Callable[[str], None], wait: Wait) -> None:
    """Pictures of the page in its states, with the sample that ships."""
    window.show_page("Dataset")
    page = window.dataset
    wait(lambda: page.state.entries is not None, 0.5)
    save("dataset-empty")
    page.importing.try_sample(samples)
    wait(lambda: page.state.shown is not None and len(page.state.shown.ids) == 64, 1.5)
    page.images.grid.setFocus()
    page.images.select([5])
    wait(lambda: True, 1.0)
    save("dataset-images")
    page.importing.begin("empty")
    wait(lambda: True, 0.5)
    save("dataset-new")
    page.importing.panel.dismissed.emit()
    page.turn_to("quality")
    quality = page.findChild(QualityView)
    quality.check()
    wait(lambda: bool(quality.rows), 1.5)
    save("dataset-quality")
    page.turn_to("splits")
    wait(lambda: True, 1.0)
    save("dataset-splits")
    page.turn_to("versions")
    wait(lambda: True, 1.0)
    save("dataset-versions")
