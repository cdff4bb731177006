"""What the editor of borders asks for in the background: corners found, corners snapped to edges, the flat view."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from desktop.jobs import Jobs
from desktop.labelling.editor import Subject
from desktop.labelling.full_size import FullSize
from training.labelling.quad_finding import find_quad
from training.labelling.quads import Snapped, snap
from training.labelling.rectifying import rectify

__all__ = ["FlatView", "QuadWork"]

Outcome = TypeVar("Outcome")
Corners = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FlatView:
    """What lies between four corners, seen straight on.

    Attributes:
        image: with a margin around it.
        frame: left, top, width, height of what lies between the corners, in pixels of ``image``.
    """

    image: QImage
    frame: tuple[float, float, float, float]


class QuadWork(QObject):
    """For one picture. Call-backs arrive on the GUI thread, and none after ``close``.

    Args:
        subject: the picture.
        problem: called with a sentence.
    """

    def __init__(self, subject: Subject, problem: Callable[[str], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._picture, self._problem = FullSize(subject), problem
        self._jobs = Jobs(self)

    def close(self) -> None:
        """Deliver nothing more."""
        self._jobs.close(timeout=0.0)

    def find(self, done: Callable[[Corners | None], None]) -> None:
        """The corners of the largest thing that has four, snapped to its edges; None where there is none."""

        def work() -> Corners | None:
            pixels = self._picture.read()
            found = find_quad(pixels)
            return None if found is None else snap(pixels, found).corners

        self._run("Looking for a border", work, done)

    def snap(self, quads: Mapping[int, Corners], done: Callable[[dict[int, Snapped]], None]) -> None:
        """Corners moved onto the edges near them, by number."""

        def work() -> dict[int, Snapped]:
            pixels = self._picture.read()
            return {number: snap(pixels, corners) for number, corners in quads.items()}

        self._run("Snapping to edges", work, done)

    def flatten(self, corners: Corners, done: Callable[[FlatView], None]) -> None:
        """What lies between four corners, seen straight on."""

        def work() -> FlatView:
            found = rectify(self._picture.read(), corners)
            height, width = found.pixels.shape[:2]
            pixels = np.ascontiguousarray(found.pixels)
            image = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
            (left, top), _, (right, bottom), _ = found.to_view(corners).tolist()
            return FlatView(image, (left, top, right - left, bottom - top))

        self._run("Looking straight at it", work, done)

    def _run(self, title: str, action: Callable[[], Outcome], done: Callable[[Outcome], None]) -> None:
        self._jobs.start(title, lambda _: action(), on_done=done, on_error=self._fail, visible=False)

    def _fail(self, sentence: str) -> None:
        self._problem(sentence)
