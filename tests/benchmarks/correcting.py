"""What one correction costs with 10,000 and 100,000 pictures on the page: ``python -m tests.benchmarks.correcting``.

Real textures under that many names (hard links) in the real window with the starter model. Every name has a content of
its own: a random hash, whose embedding in the cache is a texture's with a little noise. Corrections are of pictures at
random, each to another category than it has. First the steps one after the other, then the whole way from a key to the
receipt, with a timer in the window that ticks every 5 ms (``tests.benchmarks.responsiveness``). Needs a screen
(``xvfb-run -a``) or QT_QPA_PLATFORM=offscreen, 2 GB of disk at 100,000. Option: ``--pictures N ...`` (10000 100000).
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop import theme
from desktop.actions.correct import correct
from desktop.notices import Notices
from desktop.pages.sort.state import SortState
from desktop.settings import Settings
from desktop.widgets.tile_grid import TileGrid
from desktop.window import MainWindow
from models.answer import Answer
from models.database import open_cache
from models.embedding import EmbeddingCache
from models.sources import Source
from tests.benchmarks.incremental_data import embeddings
from tests.benchmarks.responsiveness import Ticker
from tests.conftest import ROOT
from training.gallery import Gallery
from training.incremental import IncrementalHead
from training.learner import Learner

CORRECTIONS = 20
NOISE = 0.02
"""Of an embedding's own spread: another shot of the same wall, not another wall."""

SCREEN = 60
PART = 2_000
PATIENCE = 120.0


@dataclass
class Times:
    """Milliseconds of the steps, a number a correction."""

    record: list[float] = field(default_factory=list)
    visible: list[float] = field(default_factory=list)
    all: list[float] = field(default_factory=list)
    taken: list[float] = field(default_factory=list)
    longest: list[float] = field(default_factory=list)
    receipt: list[float] = field(default_factory=list)


def textures(data: Path) -> list[Path]:
    """The files of the data set."""
    return [path for path in sorted((data / "textures").rglob("*")) if path.suffix in (".jpg", ".png", ".tga", ".dds")]


def contents(
    learner: Learner, originals: NDArray[np.float16], count: int
) -> Iterator[tuple[list[bytes], NDArray[np.float16]]]:
    """``count`` made-up contents, in parts: their hashes, and embeddings (N, D) that lie in the cache from now on."""
    chance = np.random.default_rng(7)
    spread = originals.astype(np.float32).std(axis=0) * NOISE
    cache = open_cache()
    for start in range(0, count, PART):
        rows = np.arange(start, min(start + PART, count)) % len(originals)
        noise = chance.standard_normal((len(rows), originals.shape[1]), np.float32) * spread
        made = (originals[rows] + noise).astype(np.float16)
        hashes = [chance.bytes(32) for _ in rows]
        EmbeddingCache(cache).put(learner.backbone.id, dict(zip(hashes, made, strict=True)))
        yield hashes, made
    cache.close()


def fill(state: SortState, files: Sequence[Path], originals: NDArray[np.float16], folder: Path, count: int) -> None:
    """Put ``count`` answered pictures on the page."""
    folder.mkdir()
    copies = [folder / f"original_{n}{path.suffix}" for n, path in enumerate(files)]
    for original, copy in zip(files, copies, strict=True):
        copy.write_bytes(original.read_bytes())
    learner, number = state.prepare().learner, 0
    for hashes, made in contents(learner, originals, count):
        answers = []
        for content, reply in zip(hashes, learner.answer(hashes, made), strict=True):
            copy = copies[number % len(copies)]
            path = folder / f"{number:06d}{copy.suffix}"
            os.link(copy, path)
            answers.append(Answer(Source(path), content, reply))
            number += 1
        state.take([answers])


def other(answer: Answer, where: random.Random) -> str:
    """A category that the picture doesn't have."""
    names = answer.heads[answer.first].categories
    return where.choice([name for name in names if name != answer.category(answer.first)])


def steps(window: MainWindow, times: Times, where: random.Random) -> float:
    """Do corrections step by step; returns the milliseconds in which a fresh gallery answers for the first time."""
    state = window.sort.state
    learner = state.prepare().learner
    gallery, every = Gallery(learner), state.contents
    began = time.perf_counter()
    for _ in gallery.replies(every):
        pass
    first = 1000 * (time.perf_counter() - began)
    for _ in range(CORRECTIONS):
        answer = state.items[where.randrange(len(every))].answer
        assert answer is not None
        said = [(answer, other(answer, where))]
        visible = where.sample(every, SCREEN)
        at = [time.perf_counter()]
        correct(learner, said, answer.first)
        at.append(time.perf_counter())
        replies = gallery.replies(every, visible)
        parts = [next(replies)]
        at.append(time.perf_counter())
        parts += replies
        at.append(time.perf_counter())
        longest = 0.0
        for part in parts:
            began = time.perf_counter()
            state.take_replies(part)
            longest = max(longest, 1000 * (time.perf_counter() - began))
        at.append(time.perf_counter())
        took = [1000 * (b - a) for a, b in itertools.pairwise(at)]
        times.record.append(took[0])
        times.visible.append(took[1])
        times.all.append(took[1] + took[2])
        times.taken.append(took[3])
        times.longest.append(longest)
        state.forget_changes()
    return first


def whole(window: MainWindow, times: Times) -> list[float]:
    """Do corrections with the keyboard; returns the milliseconds between turns of the window meanwhile."""
    receipts: list[str] = []
    window.sort.told.connect(lambda text, _links: receipts.append(text))
    grid = window.findChildren(TileGrid)[0]
    grid.setFocus()
    QTest.keyClick(grid, Qt.Key.Key_Home)
    press(window, receipts, grid)  # the page's own gallery is filled by the first
    rest(1.6)  # and what is put off to a quiet moment is done
    while window.sort.correcting.busy:
        rest(0.1)
    ticker = Ticker()
    ticker.start()
    for _ in range(CORRECTIONS):
        times.receipt.append(press(window, receipts, grid))
        rest(0.2)
    return ticker.gaps()


def press(window: MainWindow, receipts: list[str], grid: TileGrid) -> float:
    """Take the second suggestion for the current picture; milliseconds until the receipt is there."""
    before, began = len(receipts), time.perf_counter()
    QTest.keyClick(window.focusWidget() or grid, Qt.Key.Key_2)
    while len(receipts) == before:
        QApplication.processEvents()
        if time.perf_counter() - began > PATIENCE:
            raise TimeoutError("no receipt came")
        time.sleep(0.0005)
    return 1000 * (time.perf_counter() - began)


def rest(seconds: float) -> None:
    """Let the window live for a while."""
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        QApplication.processEvents()
        time.sleep(0.0005)


def refit(learner: Learner) -> float:
    """Milliseconds of fitting the first head from scratch to what it knows now."""
    learned = learner.learning_heads()[0]
    assert learned is not None
    known = learned.head
    began = time.perf_counter()
    head = IncrementalHead(known.features, ridge=known.ridge, categories=known.categories)
    head.add_many((key, one.embedding, one.category) for key, one in known.examples.items())
    head.prepare()
    return 1000 * (time.perf_counter() - began)


def p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[18]


def measure(files: Sequence[Path], originals: NDArray[np.float16], count: int) -> Iterator[str]:
    """The rows of the table for ``count`` pictures on the page."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["SORTWERK_HOME"] = str(Path(home) / "workspace")
        window = MainWindow(Settings(theme="light"), Notices())
        window.resize(1280, 800)
        window.show()
        window.sort.complete()
        fill(window.sort.state, files, originals, Path(home) / "textures", count)
        rest(0.5)
        learner = window.sort.state.prepare().learner
        learner.settle(window.sort.state.wrong)
        times, where = Times(), random.Random(7)  # noqa: S311 - a fixed choice, not a secret
        first = steps(window, times, where)
        scratch = statistics.median(refit(learner) for _ in range(3))
        gaps = whole(window, times)
        window.close()
    rows = {
        "kept on disk and learned": times.record,
        "said anew: 60 on screen": times.visible,
        "said anew: all": times.all,
        "shown: all": times.taken,
        "shown: longest turn": times.longest,
        "key to receipt": times.receipt,
    }
    for name, values in rows.items():
        yield f"| {count:,} | {name} | {statistics.median(values):.0f} ms | {p95(values):.0f} ms |"
    yield f"| {count:,} | all for the first time | {first:.0f} ms | |"
    ratio = scratch / statistics.median(times.record)
    yield f"| {count:,} | a fit from scratch, and how many times the first row | {scratch:.0f} ms | {ratio:.0f} |"
    p99 = statistics.quantiles(gaps, n=100)[98]
    yield f"| {count:,} | gaps between turns, 99th percentile, longest | {p99:.0f} ms | {max(gaps):.0f} ms |"


def main() -> int:
    """Measure and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, nargs="+", default=[10_000, 100_000])
    options = parser.parse_args()
    data = Path(os.environ.get("SORTWERK_DATA") or ROOT.parent / "shared" / "data")
    files = textures(data)
    originals = embeddings("textures-all", files)
    application = QApplication(["sortwerk", "-style", "fusion"])
    theme.apply(application, "light")
    print("| pictures | | median | 95th percentile |\n| --- | --- | --: | --: |")
    for count in options.pictures:
        for row in measure(files, originals, count):
            print(row, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
