"""What a frame of the canvas costs: ``xvfb-run -a python -m tests.benchmarks.canvas``.

A picture of 24 megapixels with 2,000 outlines of twenty points, in a view of 1,280 by 800: milliseconds from the event
to the last painted pixel, for panning, zooming, dragging a shape, drawing, painting a mask; beside an empty view of the
same size that is repainted whole.
"""

from __future__ import annotations

import math
import random
import statistics
import sys
import time
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QGraphicsScene, QGraphicsView

from desktop import theme
from desktop.widgets.canvas import (
    BrushTool,
    Canvas,
    CanvasShape,
    Clipboard,
    PolygonTool,
    Pyramid,
    SelectTool,
    bounds_of,
)

WIDTH, HEIGHT, SHAPES, STEPS = 6000, 4000, 2000, 120
LEFT = Qt.MouseButton.LeftButton


def picture() -> QImage:
    """Noise over a gradient: nothing in it is cheap to paint."""
    chance = np.random.default_rng(7)
    pixels = chance.integers(0, 80, (HEIGHT, WIDTH, 4), np.uint8)
    pixels[..., 0] += (np.arange(WIDTH) * 160 // WIDTH).astype(np.uint8)
    return QImage(pixels.data, WIDTH, HEIGHT, 4 * WIDTH, QImage.Format.Format_RGB32).copy()


def outlines() -> list[CanvasShape]:
    """2,000 rough circles all over the picture, in eight colours."""
    chance = random.Random(7)  # noqa: S311 - a fixed picture, not a secret
    made = []
    for number in range(SHAPES):
        x, y, size = chance.uniform(0, WIDTH), chance.uniform(0, HEIGHT), chance.uniform(20, 120)
        ring = tuple(
            (x + size * chance.uniform(0.8, 1) * math.cos(a), y + size * chance.uniform(0.8, 1) * math.sin(a))
            for a in (2 * math.pi * part / 20 for part in range(20))
        )
        colour = f"#{(number % 8) * 30 + 20:02X}80C0"
        made.append(CanvasShape(number, f"thing {number % 8}", colour, bounds_of(ring), (ring,)))
    return made


def frames(application: QApplication, view: QGraphicsView, step: Callable[[int], object]) -> tuple[float, ...]:
    """Milliseconds a step with what it paints: median, 95th percentile, and median of this thread's own work."""
    times, own = [], []
    for number in range(STEPS):
        began, busy = time.perf_counter(), time.thread_time()
        step(number)
        application.processEvents()
        times.append(1000 * (time.perf_counter() - began))
        own.append(1000 * (time.thread_time() - busy))
    times.sort()
    return statistics.median(times), times[int(len(times) * 0.95)], statistics.median(own)


def main() -> int:
    """Measure, and print a Markdown table."""
    application = QApplication(["sortwerk", "-style", "fusion"])
    theme.apply(application, "light")
    empty = QGraphicsView(QGraphicsScene())
    empty.resize(1280, 800)
    empty.show()
    QTest.qWaitForWindowExposed(empty)
    base = frames(application, empty, lambda _: empty.viewport().update())
    empty.hide()

    canvas = Canvas()
    canvas.resize(1280, 800)
    canvas.show()
    QTest.qWaitForWindowExposed(canvas)
    image = picture()
    began = time.perf_counter()
    levels = Pyramid(image)
    made = 1000 * (time.perf_counter() - began)
    canvas.set_picture(levels)
    canvas.set_shapes(outlines())
    application.processEvents()
    view = canvas.viewport()
    rows: list[tuple[str, tuple[float, ...]]] = [("an empty view, repainted whole", base)]

    def run(name: str, step: Callable[[int], object]) -> None:
        rows.append((name, frames(application, canvas, step)))

    run("everything anew, whole picture", lambda _: view.update())
    run(
        "zoom at the pointer",
        lambda n: canvas.zoom_to(canvas.scale_now * (1.05 if n < 60 else 1 / 1.05), QPointF(400, 300)),
    )
    canvas.zoom_to(0.5)
    run("pan at 50 %", lambda n: canvas.pan(9 if n % 60 < 30 else -9, 5))
    canvas.zoom_to(4.0)
    run("pan at 400 %", lambda n: canvas.pan(9 if n % 60 < 30 else -9, 5))
    canvas.fit()
    run("pan, whole picture", lambda n: canvas.pan(5 if n % 60 < 30 else -5, 3))
    canvas.fit()
    application.processEvents()

    select = SelectTool(
        canvas, changed=print_nothing, removed=print_nothing, pasted=print_nothing, clipboard=Clipboard()
    )
    canvas.set_tool(select)
    canvas.select([1000])
    application.processEvents()
    shape = canvas.shape(1000)
    assert shape is not None
    x, y, width, height = shape.bounds
    middle = canvas.to_view(QPointF(x + width / 2, y + height / 2)).toPoint()
    QTest.mousePress(view, LEFT, pos=middle)
    run("drag one of 2,000, whole picture", lambda n: QTest.mouseMove(view, middle + QPoint(n, n // 2)))
    QTest.mouseRelease(view, LEFT, pos=middle)
    run("hover over 2,000", lambda n: QTest.mouseMove(view, QPoint(200 + 5 * n, 200 + 2 * n)))

    canvas.set_tool(PolygonTool(canvas, done=print_nothing))
    QTest.mouseClick(view, LEFT, pos=QPoint(300, 300))
    run("draw an outline", lambda n: QTest.mouseMove(view, QPoint(300 + 4 * n, 300 + 2 * n)))
    QTest.keyClick(canvas, Qt.Key.Key_Escape)

    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    mask[1000:2000] = 1
    mask[2500:3000] = 255
    canvas.set_mask(mask, ["", "#E04040"])

    def dab(points: tuple[tuple[float, float], ...], radius: float) -> None:
        left, top = int(points[-1][0] - radius), int(points[-1][1] - radius)
        side = int(2 * radius)
        mask[max(0, top) : top + side, max(0, left) : left + side] = 1
        canvas.mask_changed((left, top, side, side))

    canvas.set_tool(BrushTool(canvas, painted=dab, done=lambda: None, radius=40))
    QTest.mousePress(view, LEFT, pos=QPoint(300, 300))
    run("paint a mask of 24 megapixels", lambda n: QTest.mouseMove(view, QPoint(300 + 4 * n, 300 + n)))
    QTest.mouseRelease(view, LEFT, pos=QPoint(300, 300))
    run("everything anew with a mask", lambda _: view.update())

    print(f"{WIDTH} x {HEIGHT} pixels, {SHAPES:,} outlines; levels of the picture made in {made:.0f} ms\n")
    print("| step | median | 95th percentile | processor | times the empty view |")
    print("|---|---|---|---|---|")
    for name, (median, slow, own) in rows:
        print(f"| {name} | {median:.1f} ms | {slow:.1f} ms | {own:.1f} ms | {own / base[2]:.0f} |")
    return 0


def print_nothing(*_: object) -> None:
    """What a tool made is of no use here."""


if __name__ == "__main__":
    sys.exit(main())
