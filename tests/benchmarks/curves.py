"""What a frame of the curves costs: ``xvfb-run -a -s "-screen 0 1920x1200x24" python -m tests.benchmarks.curves``.

Two charts side by side in a window of 1,280 by 800 that share their x, each with a training and a validation curve of
100,000 points, smoothed over the values, and an earlier run of 100,000 points behind them. Milliseconds from the event
to the last painted pixel, for points that come, for moving along, for looking closer, for the cross-hair, and for
another smoothing; 60 frames a second are 16.7 ms.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

import numpy as np
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from desktop import theme
from desktop.widgets.curve_chart import Curve, CurveChart, Overlay, XRange

POINTS, STEPS, EPOCHS = 100_000, 300, 100.0


def values(seed: int) -> np.ndarray:
    """A loss that falls, with noise that is not cheap to paint."""
    chance = np.random.default_rng(seed)
    x = np.linspace(0, 1, POINTS)
    return 2.2 * np.exp(-5 * x) + 0.15 + chance.normal(0, 0.08, POINTS)


def frames(application: QApplication, charts: list[CurveChart], step: Callable[[int], object]) -> tuple[float, ...]:
    """Milliseconds a step with what it paints: median, 95th percentile, and median of this thread's own work."""
    times, own, drawn = [], [], [0]
    for chart in charts:
        chart.plot.refreshed.connect(lambda: drawn.__setitem__(0, drawn[0] + 1))
    for number in range(STEPS):
        time.sleep(1 / 60)  # the frame before is over
        drawn[0] = 0
        began, busy = time.perf_counter(), time.thread_time()
        step(number)
        for chart in charts:
            chart.plot.draw_now()
        application.processEvents()
        times.append(1000 * (time.perf_counter() - began))
        own.append(1000 * (time.thread_time() - busy))
        if drawn[0] < len(charts):
            raise RuntimeError(f"step {number} was not drawn")
    times.sort()
    return statistics.median(times), times[int(len(times) * 0.95)], statistics.median(own)


def main() -> int:
    """Measure, and print a Markdown table."""
    application = QApplication(["sortwerk", "-style", "fusion"])
    theme.apply(application, "dark")
    shared = XRange("epoch", EPOCHS)
    curves = [Curve("training", "training", "accent"), Curve("validation", "validation", "caution")]
    charts = [CurveChart("Loss", curves, x_range=shared), CurveChart("Accuracy", curves, x_range=shared)]
    window = QWidget()
    row = QHBoxLayout(window)
    x = np.linspace(0, EPOCHS * 0.9, POINTS)
    began = time.perf_counter()
    for place, chart in enumerate(charts):
        row.addWidget(chart)
        chart.set_smoothing(0.99)
        for curve in curves:
            chart.set_points(curve.key, x, values(2 * place + len(curve.key)))
        chart.set_overlays([Overlay("an earlier run", x, values(9 + place))])
        chart.set_best(70.0)
    filled = 1000 * (time.perf_counter() - began)
    window.resize(1280, 800)
    window.show()
    for _ in range(20):
        application.processEvents()
        time.sleep(0.01)

    rows: list[tuple[str, tuple[float, ...]]] = []

    def run(name: str, step: Callable[[int], object]) -> None:
        rows.append((name, frames(application, charts, step)))

    def append(number: int) -> None:
        for chart in charts:
            for curve in curves:
                chart.append(curve.key, x[-1] + (number + 1) * 0.001, 0.2 + 0.001 * (number % 7))

    run("a point more on each of four curves, end known", append)
    shared.set_end(0.0)
    run("a point more, the axis grows along", lambda number: append(STEPS + number))
    shared.show(20.0, 60.0)
    run("move along", lambda number: shared.pan(0.2 if number % 100 < 50 else -0.2))
    run("look closer and from further away", lambda number: shared.zoom(0.95 if number % 60 < 30 else 1 / 0.95, 40.0))
    shared.reset()
    run("the cross-hair", lambda number: shared.point(0.2 * number))
    shared.point(None)
    run(
        "another smoothing of six curves",
        lambda number: [one.set_smoothing(0.9 + 0.001 * (number % 90)) for one in charts],
    )

    print(f"2 charts, 6 curves of {POINTS:,} points; filled in {filled:.0f} ms\n")
    print("| step | median | 95th percentile | processor |")
    print("|---|---|---|---|")
    for name, (median, slow, own) in rows:
        print(f"| {name} | {median:.1f} ms | {slow:.1f} ms | {own:.1f} ms |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
