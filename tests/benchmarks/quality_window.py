"""How long the window does not answer while a large dataset is checked: ``python -m tests.benchmarks.quality_window``.

Generated pictures, no two alike but for planted copies, are brought in by a drop, checked once and stopped, then
checked to the end. A timer in the window ticks every 5 ms; a gap is the time between two of its turns. Needs a screen
(``xvfb-run -a``) or QT_QPA_PLATFORM=offscreen. Option: ``--pictures N`` (10,000).
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from PySide6.QtWidgets import QApplication

from desktop import theme
from desktop.notices import Notices
from desktop.pages.dataset.quality_view import QualityView
from desktop.settings import Settings
from desktop.window import MainWindow
from tests.benchmarks.responsiveness import Ticker

PATIENCE = 1_800.0
CATEGORIES = 10


def make(folder: Path, count: int) -> None:
    """Put ``count`` pictures into ``folder``, by category: coloured noise of a few sizes; each hundredth twice."""
    chance = np.random.default_rng(5)
    body = b""
    for number in range(count):
        if number % 100 != 99:
            coarse = chance.integers(0, 256, (6 + number % 5, 8, 3), np.uint8)
            picture = cv2.resize(coarse, (160, 120), interpolation=cv2.INTER_CUBIC)
            picture = cv2.add(picture, chance.integers(0, 40, picture.shape, np.uint8))
            body = cv2.imencode(".jpg", picture)[1].tobytes()
        path = folder / f"category {number % CATEGORIES}" / f"{number:05d}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body + number.to_bytes(4, "little"))


def wait(until: Callable[[], bool]) -> float:
    """Turn the event loop until something is so; returns seconds."""
    began = time.perf_counter()
    while not until():
        QApplication.processEvents()
        if time.perf_counter() - began > PATIENCE:
            raise TimeoutError("it takes too long")
        time.sleep(0.0005)
    return time.perf_counter() - began


def measured(what: str, count: int, act: Callable[[], float]) -> None:
    """Tick while ``act`` goes on, and print a row."""
    ticker = Ticker()
    ticker.start()
    seconds = act()
    gaps = ticker.gaps()
    p99 = statistics.quantiles(gaps, n=100, method="inclusive")[98] if len(gaps) > 1 else 0.0
    print(f"| {what} | {count:,} | {seconds:.1f} s | {len(gaps):,} | {p99:.0f} ms | {max(gaps):.0f} ms |", flush=True)


def run(window: MainWindow, folder: Path, count: int) -> None:
    """Bring in, check, stop, check, look at what was found."""
    window.show_page("Dataset")
    page = window.dataset
    wait(lambda: page.state.entries is not None)

    def bring() -> float:
        window.open([folder])
        seconds = wait(lambda: page.importing.panel._make.isEnabled() and page.importing.panel.name.isVisible())
        page.importing.panel._agree()
        return seconds + wait(lambda: page.state.shown is not None and page.state.shown.items == count)

    measured("brought in", count, bring)
    page.turn_to("quality")
    quality = page.tabs["quality"]
    assert isinstance(quality, QualityView)

    def stop() -> float:
        quality.check()
        wait(lambda: quality._words not in ("", "Looking at the pictures…"))
        began = time.perf_counter()
        while time.perf_counter() - began < count / 3_000:
            QApplication.processEvents()
            time.sleep(0.0005)
        assert quality._job is not None
        quality._job.cancel()
        return wait(lambda: quality._job is None)

    measured("stopped, until it has", count, stop)
    assert not quality.checking.checked

    def check() -> float:
        quality.check()
        return wait(lambda: quality._job is None and bool(quality.rows))

    measured("checked", count, check)
    measured("checked again", count, check)
    print(f"{len(quality.rows)} findings")


def main() -> int:
    """Measure and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, default=10_000)
    count = parser.parse_args().pictures
    with tempfile.TemporaryDirectory() as home:
        os.environ["SORTWERK_HOME"] = str(Path(home) / "workspace")
        make(Path(home) / "pictures", count)
        application = QApplication(["sortwerk", "-style", "fusion"])
        theme.apply(application, "light")
        window = MainWindow(Settings(theme="light"), Notices())
        window.resize(1280, 800)
        window.show()
        window.warm_up()
        print("| what | pictures | time | turns | 99th percentile | longest |\n|---|---|---|---|---|---|")
        run(window, Path(home) / "pictures", count)
        window.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
