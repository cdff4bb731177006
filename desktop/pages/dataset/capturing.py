"""Taking pictures with a camera: what is photographed, how far the plan is, and the stream itself. No Qt.

``stream``, ``keep`` and ``look`` are for background threads.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from desktop.pages.dataset.wording import counted

if TYPE_CHECKING:  # NumPy comes with them
    import numpy as np
    from numpy.typing import NDArray

    from models.answer import Reply
    from training.capture.burst import Chosen
    from training.capture.camera import Camera, Frame
    from training.capture.plan import CapturePlan, Remaining, Wanted
    from training.datasets.outcomes import Added
    from training.datasets.records import Dataset
    from training.datasets.store import DatasetStore

__all__ = ["BURST", "Live", "Progress", "Shot", "Taking", "keep", "look", "plan_path", "stream"]

BURST = 8
"""Frames of a burst; the sharpest is kept."""

_SHOWN_A_SECOND = 30.0
_SHARE = 0.3  # of the time that the model may take, so that the picture stays live
_SEQUENCE_RATE = 10.0  # frames a second of what says none itself


@dataclass(frozen=True, slots=True, eq=False)
class Live:
    """One frame to show, and what is said about the last one that was asked about."""

    frame: Frame
    reply: Reply | None


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """What was taken.

    Attributes:
        frames: uint8 (H, W, 3) each, RGB.
        chosen: which of them are worth keeping.
    """

    frames: tuple[NDArray[np.uint8], ...]
    chosen: Chosen


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the plan is; ``plan`` is None where there is none."""

    plan: CapturePlan | None
    remaining: Remaining | None
    taken: Mapping[tuple[str, ...], int]

    def next_line(self, current: tuple[str, ...] | None) -> Wanted | None:
        """What to photograph now; None without a plan, or when nothing is missing."""
        return None if self.plan is None else self.plan.next_line(self.taken, current)

    @property
    def words(self) -> str:
        """How far, for a person."""
        if self.remaining is None:
            return ""
        if not self.remaining.missing:
            return f"All {counted(self.remaining.wanted)} of the plan are taken."
        return f"{self.remaining.done:,} of {counted(self.remaining.wanted)} taken."


@dataclass(slots=True)
class Taking:
    """What the person has asked the stream for; set by the window, read by the stream.

    Attributes:
        ask: what a model says of a frame; None for no model, or while it is being loaded.
        wanted: frames that are still to be taken; 0 for none.
        frames: those that were taken so far.
    """

    ask: Callable[[NDArray[np.uint8]], Reply] | None = None
    wanted: int = 0
    frames: list[NDArray[np.uint8]] = field(default_factory=list)

    def begin(self, count: int) -> None:
        """Take the next ``count`` frames."""
        self.frames, self.wanted = [], count


def stream(
    camera: Camera,
    taking: Taking,
    cancel: Event,
    on_live: Callable[[Live], None],
    on_shot: Callable[[Shot], None],
    wait: Callable[[float], object] = time.sleep,
) -> None:
    """Show frames as they come until the end, or until ``cancel`` is set; take those that are asked for.

    Files are played at their own rate. The model is asked as often as leaves most of the time to the picture.

    Args:
        camera: opened; stays the caller's to close.
        taking: what is to be taken, and who is asked.
        cancel: set it to stop.
        on_live: is told of frames to show, at most 30 a second; of each that is taken too.
        on_shot: is told of what was taken.
        wait: for seconds.

    Raises:
        CameraError: the camera gives no picture any more.
        ModelError: the model fails.
    """
    from training.capture.burst import choose

    reply: Reply | None = None
    ask_at = shown_at = 0.0
    step = 0.0 if camera.live else 1.0 / (camera.rate or _SEQUENCE_RATE)
    while not cancel.is_set():
        begun = time.monotonic()
        frame = camera.read()
        if frame is None:
            return
        if taking.wanted > 0:
            taking.frames.append(frame.pixels)
            taking.wanted -= 1
            if taking.wanted == 0:
                frames, taking.frames = tuple(taking.frames), []
                on_shot(Shot(frames, choose(frames)))
        now = time.monotonic()
        ask = taking.ask
        if ask is None:
            reply = None
        elif now >= ask_at:
            reply = ask(frame.pixels)
            took = time.monotonic() - now
            ask_at = time.monotonic() + took * (1 - _SHARE) / _SHARE
        if now - shown_at >= 1 / _SHOWN_A_SECOND:
            shown_at = now
            on_live(Live(frame, reply))
        left = step - (time.monotonic() - begun)
        if left > 0:
            wait(left)


def plan_path(folder: Path, dataset: int) -> Path:
    """Where the plan of a dataset is kept: ``folder`` is the workspace's."""
    return folder / "plans" / f"{dataset}.json"


def look(store: DatasetStore, dataset: Dataset) -> Progress:
    """How far a dataset's plan is.

    Raises:
        DatasetError: the plan is damaged.
    """
    from training.capture.keeping import taken
    from training.capture.plan import load_plan

    plan = load_plan(plan_path(store.folder, dataset.id))
    if plan is None:
        return Progress(None, None, {})
    names = {head.name for head in dataset.heads if head.kind == "categories"}
    if not set(plan.heads) <= names:  # a question was renamed or removed since
        return Progress(None, None, {})
    found = taken(store, dataset.id, plan.heads)
    return Progress(plan, plan.remaining(found), found)


def keep(
    store: DatasetStore, dataset: int, shot: Shot, answers: Mapping[str, str], annotator: str, chosen: Sequence[int]
) -> Added:
    """Keep what was taken, as one step.

    Args:
        store: of the datasets.
        dataset: its id.
        shot: what was taken.
        answers: question -> category, of what lies under the camera.
        annotator: who says so.
        chosen: numbers of the frames that are kept.

    Raises:
        DatasetError, WorkspaceError: it can't be kept; nothing has come in.
    """
    from training.capture.keeping import keep_frames
    from training.correction_record import now
    from training.datasets.values import Category

    time_of = now()
    labels = {head: Category(name) for head, name in answers.items() if name}
    frames = [shot.frames[number] for number in chosen]
    return keep_frames(store, dataset, frames, labels, group=f"camera {time_of}", annotator=annotator, time=time_of)
