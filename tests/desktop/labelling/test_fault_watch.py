from __future__ import annotations

from pytestqt.qtbot import QtBot

from desktop.labelling.fault_watch import FaultWatch
from training.datasets.values import Shape


def test_many_are_looked_at_a_few_at_a_time(qtbot: QtBot) -> None:
    watch = FaultWatch()
    said: list[str] = []
    watch.found.connect(said.append)
    shapes = [Shape("door", n, n, 3, 3) for n in range(150)]
    watch.watch(shapes, (100, 100))
    assert said == [""]
    qtbot.waitUntil(lambda: len(said) == 4)
    assert said[-1] == ("door reaches beyond the picture; mending it cuts that off. 51 more have faults too.")
    watch.watch(shapes[:5], (100, 100))
    assert said[-1] == ""
    watch.watch(shapes, (50, 50))
    watch.stop()
    qtbot.wait(50)
    assert len(said) == 6
