"""Pictures of the Train page: a plan, a run that goes on, all runs, one that has finished. Used by screenshots.py.

The runs are drawn by formula (tests/desktop/pages/run_folders.py): a real training would take as long as it does.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable

from desktop.window import MainWindow
from tests.desktop.pages.run_folders import Course, make_run

__all__ = ["take_training"]

Wait = Callable[[Callable[[], bool], float], None]


def take_training(window: MainWindow, save: Callable[[str], None], wait: Wait) -> None:
    """All states of the page; the runs are removed again."""
    window.show_page("Train")
    page, state = window.train, window.train.state
    wait(lambda: page.planning.datasets is not None and state.entries is not None, 0.5)
    if page.start is None or not page.start.isVisible():
        page.try_sample()
    wait(lambda: page.start is not None and page.start.isVisible(), 0.5)
    page.begin(next(one.id for one in page.planning.datasets or () if one.name == "Sample"))
    wait(lambda: page.planning.chosen is not None and page.planning.chosen.name == "Sample", 2.0)
    save("train-start")
    runs, now = state.folder(), time.time()
    quick = Course(epochs=12, done=12, skill=0.62, seconds=1.2, seed=3)
    make_run(runs, "Walls, quick", quick, preset="quick", begun=now - 90_000)
    make_run(runs, "Walls, balanced 1", Course(seed=2, skill=0.84), begun=now - 7000)
    running = make_run(runs, "Walls, balanced 2", Course("running", done=24), begun=now - 720)
    page.show_runs()
    page.look()
    wait(lambda: page.run is not None and page.run.isVisible() and running.id in state.histories, 1.5)
    save("train-running")
    earlier = next(one.id for one in state.entries or () if one.name == "Walls, balanced 1")
    state.tick(earlier, True)
    wait(lambda: earlier in state.histories, 1.0)
    save("train-runs")
    state.select(earlier)
    wait(lambda: True, 1.0)
    save("train-finished")
    shutil.rmtree(runs)
    page.look()
    wait(lambda: not state.entries, 1.5)
