"""An answer of the rehearsal as it is shown: a small painted picture, and a few words under it. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.actions.facts import Pixels

if TYPE_CHECKING:  # NumPy comes with them
    from desktop.actions.trying import Tried
    from models.heads import Result

__all__ = ["Line", "Look", "Played", "look_of", "told"]

_SHOWN = 3  # answers of one question under a picture
_SIDE = 320  # of a painted answer, pixels

Line = tuple[str, float | None]
"""An answer under a picture: words, and how sure, 0 to 1; None where the words say all."""


@dataclass(frozen=True, slots=True)
class Look:
    """One picture: its file's name, how it looks with its answer painted, and what is said of it."""

    name: str
    pixels: Pixels
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Played:
    """What a draft answers.

    Attributes:
        looks: one a picture.
        doubt: a sentence where the answers look wrong; "" else.
        milliseconds: that a picture took, at the last run of the network.
    """

    looks: tuple[Look, ...]
    doubt: str
    milliseconds: float


def look_of(tried: Tried, painted: frozenset[str]) -> Look:
    """How an answer is shown; ``painted``: kinds that say something of places in the picture."""
    from desktop.actions.trying import shrunk

    results = tried.answer.heads
    paints = any(result.kind in painted for result in results.values())
    pixels = shrunk(tried.painted() if paints else tried.picture, _SIDE)
    each = 1 if len(results) > 1 else _SHOWN
    lines = tuple(line for result in results.values() for line in told(result, each))
    return Look(tried.answer.source.name, Pixels(pixels.shape[1], pixels.shape[0], pixels.tobytes()), lines)


def told(result: Result, most: int = 1) -> list[Line]:
    """A result in at most ``most`` lines, the likeliest first; none for a picture, which is painted."""
    from models.heads.boxes import BoxesResult
    from models.heads.grade import GradeResult
    from models.heads.image import ImageResult

    if isinstance(result, ImageResult):
        return []
    if isinstance(result, GradeResult):
        return [(f"{result.value:g} of {result.high:g}", (result.value - result.low) / (result.high - result.low))]
    if isinstance(result, BoxesResult):
        if not result.shown:
            return [("nothing found", 0.0)]
        best = result.best
        more = f" and {result.shown - 1} more" if result.shown > 1 else ""
        return [(f"{best.category}{more}", best.confidence)]
    return [(score.category, score.confidence) for score in result.top(most)]
