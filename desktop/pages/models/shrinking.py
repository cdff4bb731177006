"""What the view knows that makes a model smaller. No Qt; what takes long is for a background thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from desktop.actions.facts import file_size
from desktop.actions.labelled import ChosenDataset
from desktop.observable import Event
from desktop.pages.models.comparing import progress_of
from models.progress import Progress

if TYPE_CHECKING:  # NumPy and ONNX Runtime come with them
    from desktop.actions.quantize import HeadChange, How, Made

__all__ = ["FORMS", "TOLERANCES", "Figure", "Shrinking"]

FORMS: Mapping[str, tuple[str, str]] = {
    "int8": (
        "8 bits",
        "A quarter of the size, and faster on most processors. It needs a few of your pictures to find its ranges.",
    ),
    "fp16": ("16 bits", "Half the size with nearly the same answers; faster on graphics cards."),
    "ort": ("For phones", "The same answers in the form that ONNX Runtime loads on phones and small computers."),
}
"""How -> what it is called, and what it is good for in a sentence."""

TOLERANCES: Mapping[str, tuple[str, float]] = {
    "0": ("Nothing", 0.0),
    "1": ("1 point", 1.0),
    "3": ("3 points", 3.0),
    "10": ("10 points", 10.0),
}
"""What may be lost: words, and points of a hundred."""

_SAME = 0.02  # a ratio that differs less from 1 is called the same


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure before and after: words, lengths of the bars (0 to 1), the change in words, and whether it is for the
    better; None for neither.
    """

    name: str
    before: str
    after: str
    share_before: float
    share_after: float
    verdict: str
    good: bool | None


class Shrinking:
    """A model, how it is to be made smaller, and what came of it.

    Attributes:
        changed: fires whenever something that is shown has changed.
        folder: of the model; None for the starter model.
        how: a key of ``FORMS``.
        pictures: folder, table or dataset to try it on; None before it is chosen.
        tolerance: a key of ``TOLERANCES``.
        made: the new model, measured and not kept yet; None before.
        refusal: why there is none, in a sentence; "" else.
    """

    def __init__(self) -> None:
        self.changed: Event[None] = Event()
        self.folder: Path | None = None
        self.how = "int8"
        self.pictures: Path | ChosenDataset | None = None
        self.tolerance = "1"
        self.made: Made | None = None
        self.refusal = ""

    # -- for a background thread --------------------------------------------------------------------------------------

    @staticmethod
    def name_of(folder: Path | None) -> str:
        """The name of the model.

        Raises:
            ModelError: it can't be read.
        """
        from models.library import STARTER, readable_spec

        return readable_spec(folder or STARTER).name

    @staticmethod
    def make(
        folder: Path | None,
        how: str,
        pictures: Path | ChosenDataset,
        points: float,
        cancel: threading.Event,
        on_progress: Callable[[Progress], None],
    ) -> Made:
        """Make the new model, and measure it beside the old one.

        Raises:
            ModelError: there is nothing to make smaller, or more is lost than ``points`` of a hundred.
            LabelError: a table of labels is wrong.
            DatasetError: the dataset is gone.
            WorkerError: the child process crashed.
            WorkspaceError: the workspace can't be written.
            Cancelled: ``cancel`` was set.
        """
        from desktop.actions.quantize import make_smaller, read_pictures

        return make_smaller(
            folder,
            cast("How", how),
            read_pictures(folder, pictures),
            tolerance=points,
            cancel=cancel,
            on_progress=lambda step: on_progress(progress_of(step)),
        )

    @staticmethod
    def keep(made: Made, cancel: threading.Event) -> Path:
        """Keep the new model; returns its folder.

        Raises:
            ModelError: it can't be installed.
            WorkspaceError: it can't be written.
            Cancelled: ``cancel`` was set.
        """
        from desktop.actions.quantize import keep_smaller

        return keep_smaller(made, cancel=cancel).folder

    @staticmethod
    def drop(made: Made) -> None:
        """Throw a new model away."""
        from desktop.actions.quantize import drop_smaller

        drop_smaller(made)

    # -- for the thread of the view -----------------------------------------------------------------------------------

    def begin(self, folder: Path | None) -> None:
        """Another model."""
        self.folder, self.made, self.refusal = folder, None, ""
        self.changed.fire(None)

    def choose(
        self, *, how: str | None = None, pictures: Path | ChosenDataset | None = None, tolerance: str | None = None
    ) -> None:
        """Change what is wished for."""
        self.how = how or self.how
        self.pictures = pictures or self.pictures
        self.tolerance = tolerance or self.tolerance
        self.changed.fire(None)

    def take(self, made: Made) -> None:
        """The new model is there, and has been measured."""
        self.made, self.refusal = made, ""
        self.changed.fire(None)

    def refuse(self, sentence: str) -> None:
        """There is no new model, and why."""
        self.made, self.refusal = None, sentence
        self.changed.fire(None)

    def let_go(self) -> Made | None:
        """The new model has been kept or is not wanted: hand it over."""
        made, self.made = self.made, None
        return made

    @property
    def problem(self) -> str:
        """What is still missing, in a short sentence; "" when it can be made."""
        return "" if self.pictures is not None else "Choose pictures to try it on."

    def words(self) -> str:
        """How the new model was made, in a sentence; "" before."""
        if self.made is None:
            return ""
        done = self.made.done
        calibrated = f"Ranges were found with {done.calibrated:,} pictures. " if done.how == "int8" else ""
        return f"{calibrated}Both were asked about {done.pictures:,} {'picture' if done.pictures == 1 else 'pictures'}."

    def figures(self) -> list[Figure]:
        """What changed: answers first, then speed and size."""
        if self.made is None:
            return []
        done = self.made.done
        several = len(done.heads) > 1
        rows = [_answers(one, f" ({one.name})" if several else "") for one in done.heads]
        slowest = max(done.p50_before, done.p50_after)
        rows.append(
            Figure(
                "One picture takes",
                _milliseconds(done.p50_before),
                _milliseconds(done.p50_after),
                done.p50_before / slowest if slowest else 0.0,
                done.p50_after / slowest if slowest else 0.0,
                _times(done.speed),
                None if abs(done.speed - 1) < _SAME else done.speed > 1,
            )
        )
        largest = max(done.size_before, done.size_after)
        ratio = done.size_after / done.size_before
        rows.append(
            Figure(
                "Size of the file",
                file_size(done.size_before),
                file_size(done.size_after),
                done.size_before / largest,
                done.size_after / largest,
                "the same" if abs(ratio - 1) < _SAME else _smaller(ratio),
                None if abs(ratio - 1) < _SAME else ratio < 1,
            )
        )
        return rows


def _answers(one: HeadChange, about: str) -> Figure:
    if one.labelled:
        before, after = one.before / one.labelled, one.after / one.labelled
        points = 100 * (after - before)
        verdict = "the same" if one.before == one.after else f"{points:+.1f} points".replace("-", "–")
        good = None if one.before == one.after else points > 0
        return Figure(f"Right{about}", f"{before * 100:.1f} %", f"{after * 100:.1f} %", before, after, verdict, good)
    same = one.agreement
    verdict = one.words
    return Figure(f"Answers as before{about}", "", f"{same * 100:.1f} %", 1.0, same, verdict, None)


def _milliseconds(value: float) -> str:
    return f"{value:.{2 if value < 1 else 1 if value < 100 else 0}f} ms"


def _smaller(ratio: float) -> str:
    return f"{(1 - ratio) * 100:.0f} % smaller" if ratio < 1 else f"{(ratio - 1) * 100:.0f} % larger"


def _times(speed: float) -> str:
    if abs(speed - 1) < _SAME:
        return "the same"
    return f"{speed:.1f} times as fast" if speed > 1 else f"{1 / speed:.1f} times as slow"
