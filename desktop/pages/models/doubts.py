"""Whether the answers to a dozen pictures look as if a network was fed, or read, in the wrong way. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # NumPy comes with them
    from desktop.actions.trying import Tried
    from models.heads import Result

__all__ = ["doubt"]

_FEWEST = 4  # pictures from which on anything can be said
_FLAT = 4.0  # standard deviation of the values of a picture, 0 to 255, under which it is of one colour
_GUESS = 1.5  # times the chance of a guess, under which the best answer is one

_FED = "the pixel range or the order of the colours may be wrong"


def doubt(tried: Sequence[Tried]) -> str:
    """A sentence where the answers look wrong; "" where nothing speaks against them, or there are too few."""
    if len(tried) < _FEWEST:
        return ""
    columns = [[one.answer.heads[head] for one in tried] for head in tried[0].answer.heads]
    return next((found for column in columns if (found := _of_one(column))), "")


def _of_one(results: Sequence[Result]) -> str:
    """The same for the results of one question."""
    kind = results[0].kind
    if kind == "boxes":
        return f"Nothing is found in any picture: {_FED}." if all(one.unknown for one in results) else ""
    if kind in ("categories", "mask"):
        return _of_categories(results)
    if kind == "tags":
        applies = [bool((one.probabilities >= 0.5).any()) for one in results]
        if not any(applies):
            return f"No tag applies to any picture: {_FED}, or these numbers are raw scores."
        if all(bool((one.probabilities >= 0.5).all()) for one in results):
            return f"Every tag applies to every picture: {_FED}, or these numbers are probabilities already."
        return ""
    if kind == "grade":
        same = len({tuple(one.probabilities.tolist()) for one in results}) == 1
        return f"All pictures get the same grade: the scale may be wrong, or {_FED}." if same else ""
    return _of_pictures(results)


def _of_categories(results: Sequence[Result]) -> str:
    count = len(results[0].categories)
    if count < 3:  # of two, a dozen pictures may well all be one
        return ""
    first = {one.top(1)[0].category for one in results}
    if len(first) == 1:
        return f"All pictures get the same answer ({first.pop()}): {_FED}."
    guess = _GUESS / count
    if results[0].kind == "categories" and all(one.best.confidence < guess for one in results):
        return f"Every answer is a guess: {_FED}, or these numbers are probabilities already."
    return ""


def _of_pictures(results: Sequence[Result]) -> str:
    from models.heads.image import ImageResult

    made = [one.pixels for one in results if isinstance(one, ImageResult)]
    if made and all(float(pixels.std()) < _FLAT for pixels in made):
        return "The pictures that come out are nearly of one colour: the values of black and white may be wrong."
    return ""
