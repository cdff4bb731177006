"""Small pictures for a grid, loaded as they come on screen; what has scrolled away meanwhile is not loaded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from desktop.actions.facts import Pixels
from desktop.jobs import Context, Job, Jobs
from desktop.widgets.pixels import to_image
from models.errors import Cancelled, FileError
from models.sources import Source

__all__ = ["Thumbs"]

_Loaded = tuple[int, int, Pixels | None]


class Thumbs(QObject):
    """Loads them in a job.

    Args:
        jobs: the background.
        loaded: is given a place and its picture; None for what is no picture.
    """

    def __init__(self, jobs: Jobs, loaded: Callable[[int, QImage | None], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs, self._loaded = jobs, loaded
        self._paths: Sequence[Path] = ()
        self._time = 0  # how often other pictures have been set
        self._job: Job | None = None
        self._next: tuple[Sequence[int], int] | None = None

    def set_paths(self, paths: Sequence[Path]) -> None:
        """Other pictures are wanted from now on."""
        self._paths, self._next = tuple(paths), None
        self._time += 1
        if self._job is not None:
            self._job.cancel()

    def want(self, places: Sequence[int], side: int) -> None:
        """Load the pictures at these places, first ones first, at most ``side`` pixels wide and high."""
        if self._job is not None:
            self._next = places, side
            self._job.cancel()
        elif places:
            self._start(places, side)

    def _start(self, places: Sequence[int], side: int) -> None:
        paths, time = self._paths, self._time

        def load(context: Context[_Loaded]) -> None:
            from desktop.actions.pictures import load_thumbnail

            for place in places:
                if context.cancel.is_set():
                    raise Cancelled("stopped")
                if place >= len(paths):
                    continue
                try:
                    context.emit((time, place, load_thumbnail(Source(paths[place]), side)))
                except FileError:
                    context.emit((time, place, None))

        def came(item: _Loaded) -> None:
            when, place, pixels = item
            if when == self._time:
                image = None if pixels is None else to_image(pixels.width, pixels.height, pixels.data)
                self._loaded(place, image)

        def ended(_: Job) -> None:
            self._job = None
            wanted, self._next = self._next, None
            if wanted is not None:
                self.want(*wanted)

        self._job = self._jobs.start("Loading small pictures", load, on_item=came, on_end=ended, visible=False)
