"""Which names a few typed letters may mean, best first. Plain Python, no Qt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

__all__ = ["Fit", "Match", "rank", "same", "tidy"]


class Fit(IntEnum):
    """How a name fits, best first."""

    PREFIX = 0
    WORD = 1
    INSIDE = 2
    LOOSE = 3
    """The letters come in this order, with others between."""


@dataclass(frozen=True, slots=True)
class Match:
    """A name that fits, and which of its letters (indices into ``name``, rising) were typed."""

    name: str
    fit: Fit
    letters: tuple[int, ...]


def tidy(text: str) -> str:
    """``text`` as a name: no space around it, single spaces in it."""
    return " ".join(text.split())


def same(one: str, other: str) -> bool:
    """Whether two names are one, to a person: case and stray spaces don't count."""
    return tidy(one).casefold() == tidy(other).casefold()


def rank(text: str, names: Iterable[str]) -> list[Match]:
    """The ``names`` that ``text`` fits: as a prefix, then at the start of a word, then inside, then loosely.

    Within each, a match further left (a loose one: a tighter one) comes first, then the shorter name, then the
    alphabet. Case does not count. Nothing fits an empty text.
    """
    wanted = tidy(text).casefold()
    if not wanted:
        return []
    found = [(order, match) for order, match in (_match(wanted, name) for name in names) if match is not None]
    return [match for _, match in sorted(found, key=lambda pair: pair[0])]


def _match(wanted: str, name: str) -> tuple[tuple[int, int, int, str], Match | None]:
    """Sort key and match of one name."""
    folded: list[str] = []
    origin: list[int] = []  # casefolding may lengthen: where in the name each folded letter comes from
    for index, letter in enumerate(name):
        for part in letter.casefold():
            folded.append(part)
            origin.append(index)
    places = _places(wanted, "".join(folded))
    if places is None:
        return (0, 0, 0, ""), None
    fit, cost, where = places
    letters = tuple(sorted({origin[i] for i in where}))
    return (fit, cost, len(name), name.casefold()), Match(name, fit, letters)


def _places(wanted: str, folded: str) -> tuple[Fit, int, Sequence[int]] | None:
    """How well, at what cost within that, and where ``wanted`` is in ``folded``; None where it isn't."""
    first = folded.find(wanted)
    if first == 0:
        return Fit.PREFIX, 0, range(len(wanted))
    at = first
    while at > 0:
        if not folded[at - 1].isalnum():
            return Fit.WORD, at, range(at, at + len(wanted))
        at = folded.find(wanted, at + 1)
    if first > 0:
        return Fit.INSIDE, first, range(first, first + len(wanted))
    loose = _loose(wanted, folded)
    return (Fit.LOOSE, loose[-1] - loose[0], loose) if loose else None


def _loose(wanted: str, folded: str) -> list[int]:
    """The tightest places that end where the first run through ``folded`` ends; none where a letter is missing."""
    end = -1
    for letter in wanted:
        end = folded.find(letter, end + 1)
        if end < 0:
            return []
    places: list[int] = []
    at = end + 1
    for letter in reversed(wanted):
        at = folded.rfind(letter, 0, at)
        places.append(at)
    return places[::-1]
