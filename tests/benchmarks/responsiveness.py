"""How long the window's event loop is held up while files stream in: ``python -m tests.benchmarks.responsiveness``.

A timer in the window ticks every 5 ms; a gap is the time between two of its turns. Real textures, copied until there
are enough, each made unlike the others by bytes after its end, so that every one is decoded and inferred. Needs a
screen (``xvfb-run -a``) or QT_QPA_PLATFORM=offscreen. Options: ``--files N`` (10,000), ``--alike`` (contents repeat, so
that answers come faster than the network makes them).
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from desktop import theme
from desktop.notices import Notices
from desktop.pages.sort.items import Filter
from desktop.settings import Settings
from desktop.window import MainWindow
from tests.conftest import ROOT

TICK_MS = 5
PATIENCE = 900.0


@dataclass(frozen=True)
class Held:
    """What was measured; times in milliseconds."""

    files: int
    seconds: float
    turns: int
    median: float
    p99: float
    longest: float


class Ticker(QObject):
    """Notes the time of every turn."""

    def __init__(self) -> None:
        super().__init__()
        self.times: list[float] = []
        self._timer = QTimer(self, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(lambda: self.times.append(time.perf_counter()))

    def start(self) -> None:
        """Begin."""
        self._timer.start()

    def gaps(self) -> list[float]:
        """Milliseconds between turns."""
        self._timer.stop()
        return [1000 * (b - a) for a, b in zip(self.times, self.times[1:], strict=False)]


def copies(data: Path, folder: Path, count: int, *, alike: bool) -> None:
    """Put ``count`` textures into ``folder``, in subfolders of a thousand."""
    originals = [p for p in sorted((data / "textures").rglob("*")) if p.suffix not in (".csv", ".md") and p.is_file()]
    for number in range(count):
        original = originals[number % len(originals)]
        target = folder / f"{number // 1000:02d}" / f"{number:05d}_{original.name}"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(original.read_bytes() + (b"" if alike else number.to_bytes(4, "little")))


def measure(window: MainWindow, folder: Path, count: int) -> Held:
    """Drop ``folder`` on ``window`` and tick until all its files are answered."""
    state = window.sort.state
    ticker = Ticker()
    began = time.perf_counter()
    ticker.start()
    window.open([folder])
    while state.counts[Filter.ALL] < count:
        QApplication.processEvents()
        if time.perf_counter() - began > PATIENCE:
            raise TimeoutError(f"only {state.counts[Filter.ALL]} of {count} files were answered")
        time.sleep(0.0005)
    gaps = ticker.gaps()
    seconds = time.perf_counter() - began
    p99 = statistics.quantiles(gaps, n=100)[98]
    return Held(count, seconds, len(gaps), statistics.median(gaps), p99, max(gaps))


def main() -> int:
    """Measure and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--alike", action="store_true")
    options = parser.parse_args()
    data = Path(os.environ.get("SORTWERK_DATA") or ROOT.parent / "shared" / "data")
    with tempfile.TemporaryDirectory() as home:
        os.environ["SORTWERK_HOME"] = str(Path(home) / "workspace")
        copies(data, Path(home) / "textures", options.files, alike=options.alike)
        application = QApplication(["sortwerk", "-style", "fusion"])
        theme.apply(application, "light")
        window = MainWindow(Settings(theme="light"), Notices())
        window.resize(1280, 800)
        window.show()
        held = measure(window, Path(home) / "textures", options.files)
        window.close()
    print("| files | seconds | files/s | turns | median gap | 99th percentile | longest |")
    print("|---|---|---|---|---|---|---|")
    print(
        f"| {held.files:,} | {held.seconds:.1f} | {held.files / held.seconds:.0f} | {held.turns:,} "
        f"| {held.median:.1f} ms | {held.p99:.1f} ms | {held.longest:.0f} ms |"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
