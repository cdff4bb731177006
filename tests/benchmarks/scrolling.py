"""What it costs to scroll through 1,000 and through 100,000 pictures: ``python -m tests.benchmarks.scrolling``.

Real textures under 100,000 names (hard links) with made-up answers in the real window. Each step scrolls by a row or
jumps to a random place and lets the window paint; thumbnails are loaded by the loader as ever. Needs a screen
(``xvfb-run -a``) or QT_QPA_PLATFORM=offscreen.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QApplication

from desktop import theme
from desktop.notices import Notices
from desktop.settings import Settings
from desktop.widgets.tile_grid import TileGrid
from desktop.window import MainWindow
from models.answer import Answer, Reply
from models.heads.categories import CategoriesResult
from models.sources import Source
from tests.conftest import ROOT

STEPS = 400
NAMES = ("brick", "concrete", "metal", "panel", "sky", "stone", "tile", "wood")


def answers(data: Path, folder: Path, count: int) -> list[Answer]:
    """``count`` hard links to textures, each with an answer."""
    originals = [p for p in sorted((data / "textures").rglob("*")) if p.suffix in (".jpg", ".png", ".tga", ".dds")]
    chance = np.random.default_rng(7)
    folder.mkdir(parents=True)
    copies = [folder / f"original_{n}{p.suffix}" for n, p in enumerate(originals)]
    for original, copy in zip(originals, copies, strict=True):
        copy.write_bytes(original.read_bytes())
    made = []
    for number in range(count):
        path = folder / f"{number:06d}{copies[number % len(copies)].suffix}"
        os.link(copies[number % len(copies)], path)
        row = chance.dirichlet(np.full(len(NAMES), 0.3)).astype(np.float32)
        reply = Reply({"material": CategoriesResult(NAMES, row)})
        made.append(Answer(Source(path), number.to_bytes(4, "little"), reply))
    return made


def resident() -> float:
    """Megabytes of memory in use (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def scroll(application: QApplication, grid: TileGrid) -> list[float]:
    """Milliseconds of each step: half of them a row on, half a jump."""
    bar = grid.verticalScrollBar()
    where = random.Random(7)  # noqa: S311 - a fixed walk, not a secret
    times = []
    for step in range(STEPS):
        jump = step % 2
        began = time.perf_counter()
        bar.setValue(where.randrange(bar.maximum()) if jump else bar.value() + bar.singleStep())
        grid.viewport().repaint()
        times.append(1000 * (time.perf_counter() - began))
        pause = time.perf_counter() + 0.016
        while time.perf_counter() < pause:
            application.processEvents()
    return times


def main() -> int:
    """Measure both sizes and print a Markdown table."""
    data = Path(os.environ.get("SORTWERK_DATA") or ROOT.parent / "shared" / "data")
    application = QApplication(["sortwerk", "-style", "fusion"])
    theme.apply(application, "light")
    print("| pictures | to show them | a step, median | 99th percentile | memory before | after |")
    print("|---|---|---|---|---|---|")
    for count in (1_000, 100_000):
        with tempfile.TemporaryDirectory() as home:
            os.environ["SORTWERK_HOME"] = str(Path(home) / "workspace")
            window = MainWindow(Settings(theme="light"), Notices())
            window.resize(1280, 800)
            window.show()
            made = answers(data, Path(home) / "textures", count)
            began = time.perf_counter()
            window.sort.state.take([made])
            application.processEvents()
            shown = time.perf_counter() - began
            before = resident()
            times = sorted(scroll(application, window.findChildren(TileGrid)[0]))
            print(
                f"| {count:,} | {shown:.2f} s | {statistics.median(times):.1f} ms "
                f"| {times[int(len(times) * 0.99)]:.1f} ms | {before:.0f} MB | {resident():.0f} MB |"
            )
            window.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
