"""What the mask editor asks for in the background: the picture at full size, GrabCut, patches, scissors, outlines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from desktop.jobs import Jobs
from desktop.labelling.editor import Subject
from desktop.labelling.full_size import FullSize
from desktop.labelling.mask_tools import PatchMap
from desktop.widgets.canvas import Box, Point
from models.errors import DatasetError
from training.datasets.values import Mask
from training.labelling.edges import Window
from training.labelling.grabcut import grabcut
from training.labelling.outlines import trace
from training.labelling.scissors import Scissors
from training.labelling.superpixels import Patches, borders_of, superpixels

__all__ = ["Assists", "decode_mask", "own_jobs"]

Outcome = TypeVar("Outcome")
_BORDER = 170
"""Opacity of the borders of patches, of 255."""
_FINE = 768
"""Pixels of the longer side of what they are drawn on, at least."""


class Assists:
    """The assists for one picture. Call-backs arrive on the GUI thread, and none after ``close``.

    Args:
        subject: the picture.
        jobs: does the work.
        problem: called with a sentence.
    """

    def __init__(self, subject: Subject, jobs: Jobs, problem: Callable[[str], object]) -> None:
        self._subject, self._jobs, self._problem = subject, jobs, problem
        self._live = True
        self._picture = FullSize(subject)
        self._scissors: Scissors | None = None

    def close(self) -> None:
        """Deliver nothing more; what runs comes to its end unheard."""
        self._live = False

    def run(self, title: str, action: Callable[[], Outcome], done: Callable[[Outcome], None]) -> None:
        """Do something in the background."""

        def deliver(outcome: Outcome) -> None:
            if self._live:
                done(outcome)

        def fail(sentence: str) -> None:
            if self._live:
                self._problem(sentence)

        self._jobs.start(title, lambda _: action(), on_done=deliver, on_error=fail, visible=False)

    def cut_out(
        self,
        box: Box,
        hints: NDArray[np.uint8] | None,
        taken: NDArray[np.bool_] | None,
        done: Callable[[tuple[Window, NDArray[np.bool_]]], None],
    ) -> None:
        """GrabCut. ``hints``: uint8 (H, W), 1 belongs to the thing, 2 does not; not written into before ``done``."""

        def work() -> tuple[Window, NDArray[np.bool_]]:
            inside, outside = (None if hints is None else hints == said for said in (1, 2))
            found = grabcut(self._picture.read(), box, inside=inside, outside=outside, taken=taken)
            rows, columns = np.flatnonzero(found.any(axis=1)), np.flatnonzero(found.any(axis=0))
            if not len(rows):
                return Window(0, 0, 0, 0), np.zeros((0, 0), np.bool_)
            window = Window(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
            return window, found[window.slices].copy()

        self.run("Finding the thing in the box", work, done)

    def patches(
        self,
        seen: Box,
        count: int,
        done: Callable[[tuple[PatchMap, Callable[[int], tuple[Window, NDArray[np.bool_]]]]], None],
    ) -> None:
        """About ``count`` patches of the part ``seen`` of the picture: for the tool, and the pixels of each."""
        window = Window.around(seen, 0, self._subject.width, self._subject.height)

        def work() -> tuple[PatchMap, Callable[[int], tuple[Window, NDArray[np.bool_]]]]:
            found = superpixels(self._picture.read()[window.slices], count)
            return _patch_map(found, window), lambda patch: _patch_pixels(found, window, patch)

        if min(window.size) > 0:
            self.run("Finding patches", work, done)

    def scissors_path(self, start: Point, end: Point, reduction: int) -> Sequence[Point]:
        """The way along edges; straight while the picture is still being read."""
        pixels = self._picture.there
        if pixels is None:
            return [start, end]
        if self._scissors is None or self._scissors.reduction != reduction:
            self._scissors = Scissors(pixels, reduction)
        return self._scissors.path(start, end)

    def prepare(self) -> None:
        """Read the picture ahead."""
        if self._picture.there is None:
            self.run("Reading the picture", self._picture.read, lambda _: None)


def decode_mask(subject: Subject, value: Mask) -> NDArray[np.uint8]:
    """uint8 (H, W): the mask of a label.

    Raises:
        WorkspaceError: it can't be read.
        DatasetError: it is none, or of a picture of another size.
    """
    found = cv2.imdecode(np.frombuffer(subject.read(value.blob), np.uint8), cv2.IMREAD_UNCHANGED)
    if found is None or found.dtype != np.uint8 or found.ndim != 2:
        raise DatasetError(f"The mask of {subject.name} is damaged; paint it anew.")
    if found.shape != (subject.height, subject.width):
        raise DatasetError(
            f"The mask of {subject.name} is {found.shape[1]} x {found.shape[0]} pixels, the picture "
            f"{subject.width} x {subject.height}; paint it anew."
        )
    return np.ascontiguousarray(found)


def _patch_map(found: Patches, window: Window) -> PatchMap:
    tall, wide = found.labels.shape
    scale = np.array([window.size[0] / wide, window.size[1] / tall])
    offset = np.array([window.left, window.top])
    fine = max(1, _FINE // max(tall, wide))
    labels = found.labels.repeat(fine, axis=0).repeat(fine, axis=1)
    lines = np.zeros((*labels.shape, 4), np.uint8)
    lines[borders_of(labels)] = _BORDER  # premultiplied white
    borders = QImage(
        lines.data, lines.shape[1], lines.shape[0], 4 * lines.shape[1], QImage.Format.Format_ARGB32_Premultiplied
    ).copy()

    def outline(patch: int) -> Sequence[Sequence[Point]]:
        return [
            [(float(x), float(y)) for x, y in ring * scale + offset]
            for region in trace(found.labels == patch)
            for ring in region.rings
        ]

    area = (float(window.left), float(window.top), float(window.size[0]), float(window.size[1]))
    return PatchMap(lambda x, y: found.at(x - window.left, y - window.top), outline, borders, area)


def _patch_pixels(found: Patches, window: Window, patch: int) -> tuple[Window, NDArray[np.bool_]]:
    part, covered = found.mask(patch)
    left, top = window.left, window.top
    return Window(part.left + left, part.top + top, part.right + left, part.bottom + top), covered


def own_jobs(owner: QWidget) -> Jobs:
    """Jobs that have come to their end before ``owner`` or the program has: a thread in OpenCV must not outlive it."""
    jobs = Jobs()
    owner.destroyed.connect(lambda _=None: jobs.close())
    program = QCoreApplication.instance()
    if program is not None:
        program.aboutToQuit.connect(jobs.close)
    return jobs
