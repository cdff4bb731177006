"""How long until a person sees the window: the frozen Sortwerk beside a bare frozen PySide6 window.

``python packaging/start_time.py [--rounds 15]`` builds the bare window, starts both in turn on a screen of their own
(Xvfb) and prints a Markdown table. The observer is a third program: a plain X client that the server tells when a
top-level window is mapped and that then reads the window until something has been drawn on it. dist/sortwerk must have
been built.
"""

from __future__ import annotations

import argparse
import ctypes
import ctypes.util
import os
import select
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SORTWERK = ROOT / "dist" / "sortwerk" / "sortwerk"
PATIENCE = 60.0  # seconds until a program that shows no window has failed
SMALLEST_SIDE = 200  # pixels: smaller windows are tooltips and helpers, not what a person waits for

# From X11/X.h and X11/Xlib.h.
SUBSTRUCTURE_NOTIFY = 1 << 19
MAP_NOTIFY = 19
Z_PIXMAP = 2
ALL_PLANES = ctypes.c_ulong(-1)


class MapEvent(ctypes.Structure):
    """XMapEvent, padded to the size of the XEvent union (24 longs)."""

    _fields_ = [
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("event", ctypes.c_ulong),
        ("window", ctypes.c_ulong),
        ("padding", ctypes.c_long * 18),
    ]


class Image(ctypes.Structure):
    """The head of XImage, as far as it is read here."""

    _fields_ = [
        ("width", ctypes.c_int),
        ("height", ctypes.c_int),
        ("xoffset", ctypes.c_int),
        ("format", ctypes.c_int),
        ("data", ctypes.POINTER(ctypes.c_char)),
        ("byte_order", ctypes.c_int),
        ("bitmap_unit", ctypes.c_int),
        ("bitmap_bit_order", ctypes.c_int),
        ("bitmap_pad", ctypes.c_int),
        ("depth", ctypes.c_int),
        ("bytes_per_line", ctypes.c_int),
    ]


class Observer:
    """A client of the X server ``display`` that notices windows without asking the program that owns them."""

    def __init__(self, display: str) -> None:
        self._x = ctypes.CDLL(ctypes.util.find_library("X11"))
        self._x.XOpenDisplay.restype = ctypes.c_void_p
        self._x.XDefaultRootWindow.restype = ctypes.c_ulong
        self._x.XGetImage.restype = ctypes.POINTER(Image)
        self._display = ctypes.c_void_p(self._x.XOpenDisplay(display.encode()))
        if not self._display:
            raise OSError(f"no X server at {display}")
        self._root = ctypes.c_ulong(self._x.XDefaultRootWindow(self._display))
        self._x.XSelectInput(self._display, self._root, ctypes.c_long(SUBSTRUCTURE_NOTIFY))
        self._x.XSync(self._display, 1)  # 1: forget the events of windows that are gone

    def forget(self) -> None:
        """Drop what was seen until now."""
        self._x.XSync(self._display, 1)

    def wait_for_window(self, deadline: float) -> tuple[float, float]:
        """Wait for the first top-level window.

        Returns:
            When it was mapped, and when it first showed anything, in seconds of ``time.perf_counter``.

        Raises:
            TimeoutError: ``deadline`` passed first.
        """
        connection = self._x.XConnectionNumber(self._display)
        event = MapEvent()
        while True:
            if not self._x.XPending(self._display):
                select.select([connection], [], [], max(0.0, min(1.0, deadline - time.perf_counter())))
                if time.perf_counter() > deadline:
                    raise TimeoutError
                continue
            self._x.XNextEvent(self._display, ctypes.byref(event))
            if event.type == MAP_NOTIFY and min(self._size(event.window)) >= SMALLEST_SIDE:
                mapped = time.perf_counter()
                while not self._drawn(event.window):
                    if time.perf_counter() > deadline:
                        raise TimeoutError
                return mapped, time.perf_counter()

    def _size(self, window: int) -> tuple[int, int]:
        root, x, y = ctypes.c_ulong(), ctypes.c_int(), ctypes.c_int()
        width, height, border, depth = (ctypes.c_uint() for _ in range(4))
        places = [ctypes.byref(value) for value in (root, x, y, width, height, border, depth)]
        self._x.XGetGeometry(self._display, ctypes.c_ulong(window), *places)
        return width.value, height.value

    def _drawn(self, window: int) -> bool:
        """Whether a column through the middle of the window is no longer the black of an undrawn one."""
        width, height = self._size(window)
        image = self._x.XGetImage(
            self._display, ctypes.c_ulong(window), width // 2, 0, 1, height, ALL_PLANES, ctypes.c_int(Z_PIXMAP)
        )
        if not image:
            return False
        head = image.contents
        pixels = ctypes.string_at(head.data, head.bytes_per_line * head.height)
        self._x.XDestroyImage(image)
        # The fourth byte of a pixel is padding, not colour.
        return any(any(pixels[channel::4]) for channel in range(3))


@contextmanager
def screen() -> Iterator[str]:
    """An X server of our own; gives the display's name."""
    reader, writer = os.pipe()
    arguments = ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1920x1200x24", "-nolisten", "tcp"]
    server = subprocess.Popen(arguments, pass_fds=[writer], stderr=subprocess.DEVNULL)
    os.close(writer)
    try:
        with os.fdopen(reader) as pipe:
            yield f":{pipe.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


def build_bare_window(folder: Path) -> Path:
    """Freeze bare_window.py with PyInstaller's defaults into ``folder``; returns the executable."""
    where = ["--distpath", str(folder), "--workpath", str(folder / "work"), "--specpath", str(folder)]
    script = str(ROOT / "packaging" / "bare_window.py")
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR", *where, script]
    subprocess.run(command, check=True, cwd=folder)
    return folder / "bare_window" / "bare_window"


def measure(program: Path, observer: Observer, environment: dict[str, str]) -> tuple[float, float]:
    """Start ``program`` once; seconds from just before its start to its window being mapped, and being drawn."""
    observer.forget()
    started = time.perf_counter()
    process = subprocess.Popen([program], env=environment, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        mapped, drawn = observer.wait_for_window(started + PATIENCE)
    except TimeoutError:
        raise SystemExit(f"{program} showed no window within {PATIENCE:.0f} s (exit status {process.poll()})") from None
    finally:
        process.terminate()
        process.wait()
    return mapped - started, drawn - started


def report(name: str, times: list[tuple[float, float]]) -> str:
    """One row of the table: median and range in milliseconds."""
    cells = []
    for values in zip(*times, strict=True):
        low, middle, high = (1000 * value for value in (min(values), statistics.median(values), max(values)))
        cells.append(f"{middle:.0f} ms ({low:.0f} to {high:.0f})")
    return f"| {name} | {' | '.join(cells)} |"


def main() -> None:
    """Build, measure in turn, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15, help="starts of each program that count (15)")
    parser.add_argument("--program", type=Path, default=SORTWERK, help="the frozen program (dist/sortwerk/sortwerk)")
    options = parser.parse_args()
    if not options.program.is_file():
        raise SystemExit(f"{options.program} is missing; build it with: bash packaging/test.sh")

    with tempfile.TemporaryDirectory() as scratch, screen() as display:
        bare = build_bare_window(Path(scratch))
        environment = {**os.environ, "DISPLAY": display, "SORTWERK_HOME": str(Path(scratch) / "workspace")}
        environment.pop("QT_QPA_PLATFORM", None)
        observer = Observer(display)
        times: dict[Path, list[tuple[float, float]]] = {bare: [], options.program: []}
        # The first round fills the disk cache and the workspace and doesn't count.
        for turn in range(options.rounds + 1):
            for program, measured in times.items():
                seconds = measure(program, observer, environment)
                if turn:
                    measured.append(seconds)

    pairs = list(zip(times[options.program], times[bare], strict=True))
    mapped, drawn = (statistics.median(ours[which] / theirs[which] for ours, theirs in pairs) for which in (0, 1))
    print(f"Median of {options.rounds} starts each, in turn, files in the disk cache ({os.cpu_count()} cores).\n")
    print("| program | window mapped | window drawn |\n| --- | --- | --- |")
    print(report("bare PySide6 window", times[bare]))
    print(report("Sortwerk", times[options.program]))
    print(f"| median of the ratios | **{mapped:.2f}** | **{drawn:.2f}** |")


if __name__ == "__main__":
    main()
