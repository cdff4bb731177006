"""What the view knows that tries a model on single pictures. No Qt; what takes long is for a background thread."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.actions.facts import Pixels
from desktop.observable import Event
from models.errors import Cancelled, FileError
from models.sources import Source

if TYPE_CHECKING:  # NumPy and ONNX Runtime come with them
    from desktop.actions.trying import Colour, Trial, Tried

__all__ = ["MOST", "Shown", "Trying", "from_hex", "thumbnails", "to_hex", "words_of"]

MOST = 500
"""Pictures that are looked at in one go; sorting more is for the Sort page."""

_KEPT = 6
"""Answers that are kept, so that going back to a picture shows it at once; some 25 MB each at most."""


def to_hex(colour: Colour) -> str:
    """A colour (RGB, 0 to 255 each) as #RRGGBB."""
    return "#{:02X}{:02X}{:02X}".format(*colour)


def from_hex(text: str) -> Colour:
    """#RRGGBB as RGB, 0 to 255 each.

    Raises:
        ValueError: it is no such text.
    """
    value = int(text.removeprefix("#"), 16)
    return value >> 16 & 255, value >> 8 & 255, value & 255


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """An answer, ready to be shown.

    Attributes:
        tried: the picture and what is said of it.
        after: the answers as a picture; None where they say nothing of places in it.
    """

    tried: Tried
    after: Pixels | None

    @property
    def before(self) -> Pixels:
        """The picture itself."""
        return self.tried.pixels(painted=False)


class Trying:
    """A model, pictures, and the answers so far.

    Attributes:
        changed: fires on whatever thread changes something; views listen for those of their own thread.
        trial: the model; None before it is loaded.
        sources: the pictures.
        current: place of the one that is shown, -1 for none.
        colours: those that are wished for, of a model that is told some.
        left_out: how many pictures there were beyond ``MOST``, at least; 0 for none.
    """

    def __init__(self) -> None:
        self.changed: Event[None] = Event()
        self.trial: Trial | None = None
        self.sources: tuple[Source, ...] = ()
        self.current = -1
        self.colours: tuple[Colour, ...] = ()
        self.left_out = 0
        self._problems: dict[tuple[Source, tuple[Colour, ...]], str] = {}
        self._answers: OrderedDict[tuple[Source, tuple[Colour, ...]], Shown] = OrderedDict()

    # -- for a background thread --------------------------------------------------------------------------------------

    @staticmethod
    def load(folder: Path | None) -> Trial:
        """The model in ``folder``, None for the starter model.

        Raises:
            ModelError: it can't be loaded.
        """
        from desktop.actions.trying import Trial

        return Trial(folder)

    @staticmethod
    def find(paths: Sequence[Path]) -> tuple[list[Source], list[str]]:
        """What may be a picture under ``paths``, one more than ``MOST`` at most; and a sentence for each place that
        can't be looked into.
        """
        from desktop.actions.trying import find_pictures

        sources, failures = find_pictures(paths, MOST + 1)
        return sources, [str(failure.error) for failure in failures]

    @staticmethod
    def ask(trial: Trial, source: Source, colours: tuple[Colour, ...], painted: Collection[str]) -> Shown:
        """What the model says about a picture, for ``colours``; ``painted``: kinds that say something of places in it.

        Raises:
            FileError: it is no picture.
            ModelError: the model fails on it.
        """
        tried = trial.ask(source, colours or None)
        paints = any(result.kind in painted for result in tried.answer.heads.values())
        return Shown(tried, tried.pixels(painted=True) if paints else None)

    @staticmethod
    def save(shown: Shown, path: Path) -> None:
        """Write the answer, painted, as a PNG file.

        Raises:
            WorkspaceError: it can't be written.
        """
        from desktop.actions.trying import save_png

        save_png(path, shown.tried.painted())

    # -- for the thread of the view -----------------------------------------------------------------------------------

    def begin(self) -> None:
        """Another model is to be tried: forget the one before, and its answers; the pictures stay."""
        self.trial, self.colours = None, ()
        self._answers.clear()
        self._problems.clear()
        self.changed.fire(None)

    def take_model(self, trial: Trial) -> None:
        """The model has been loaded."""
        self.trial, self.colours = trial, trial.colours
        self.changed.fire(None)

    def take_pictures(self, sources: Sequence[Source]) -> None:
        """Look at these pictures, beginning with the first."""
        self.left_out = max(0, len(sources) - MOST)
        self.sources = tuple(sources[:MOST])
        self.current = 0 if self.sources else -1
        self.changed.fire(None)

    def choose(self, place: int) -> None:
        """Look at the picture at ``place``."""
        if place != self.current:
            self.current = place
            self.changed.fire(None)

    def wish(self, number: int, colour: str) -> None:
        """Wish for ``colour`` (#RRGGBB) in the region at ``number``."""
        wished = list(self.colours)
        wished[number] = from_hex(colour)
        self.colours = tuple(wished)
        self.changed.fire(None)

    def keep(self, source: Source, colours: tuple[Colour, ...], shown: Shown) -> None:
        """The model has answered about the picture ``source``, for ``colours``."""
        self._answers[source, colours] = shown
        while len(self._answers) > _KEPT:
            self._answers.popitem(last=False)

    def fail(self, source: Source, colours: tuple[Colour, ...], sentence: str) -> None:
        """Nothing can be said about the picture ``source``."""
        self._problems[source, colours] = sentence

    @property
    def problem(self) -> str:
        """Why nothing can be said about the picture that is shown, in a sentence; "" else."""
        return self._problems.get((self.sources[self.current], self.colours), "") if self.current >= 0 else ""

    @property
    def answer(self) -> Shown | None:
        """What the model says about the picture that is shown, for the colours that are wished for; None before it
        has said so.
        """
        return self._answers.get((self.sources[self.current], self.colours)) if self.current >= 0 else None


def words_of(tried: Tried) -> str:
    """How large the picture is, and how long the model took."""
    height, width = tried.picture.shape[:2]
    took = tried.milliseconds
    return f"{took:.{0 if took >= 10 else 1}f} ms for this picture · {width:,} × {height:,} pixels"


def thumbnails(
    sources: Sequence[Source],
    side: int,
    emit: Callable[[tuple[int, Pixels | None]], None],
    cancel: threading.Event,
) -> None:
    """Small pictures of ``sources``, at most ``side`` pixels, given to ``emit`` with their places one after another;
    None for what is no picture.

    Raises:
        Cancelled: ``cancel`` was set.
    """
    from desktop.actions.pictures import load_thumbnail

    for place, source in enumerate(sources):
        if cancel.is_set():
            raise Cancelled("stopped")
        try:
            emit((place, load_thumbnail(source, side)))
        except FileError:
            emit((place, None))
