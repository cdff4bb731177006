"""How much of the dataset is labelled."""

from __future__ import annotations

from training.datasets.quality.facts import Facts, counted
from training.datasets.quality.finding import Finding, Offer, SetSplits
from training.datasets.quality.guessing import offers
from training.datasets.records import Split

__all__ = ["find"]

KIND, SET_ASIDE = "coverage", "set-aside"


def find(facts: Facts) -> list[Finding]:
    """Pictures that nobody has said anything about: in a split, where they teach and measure nothing, and in none.

    The fix takes the former out of the splits. What else can be done, and all that can be done about the latter, is to
    guess what they are (``guessing``), by the first question for which that can be done, or the trash.
    """
    if not facts.heads or not facts.count:
        return []
    bare = [row for row in range(facts.count) if not any(row in one.values for one in facts.heads)]
    divided = [row for row in bare if facts.splits[row]]
    aside = [row for row in bare if not facts.splits[row]]
    found = []
    if divided:
        words = f"{_subject(facts, divided)} no label at all, and {'is' if len(divided) == 1 else 'are'} in a split."
        said = [*_taking_out(facts, divided), *_answering(facts, divided)]
        found.append(Finding(KIND, "hint", facts.items(divided), words).offering(said))
    if aside:
        words = f"{_subject(facts, aside)} no label at all."
        found.append(Finding(SET_ASIDE, "hint", facts.items(aside), words).offering(_answering(facts, aside)))
    return found


def _subject(facts: Facts, rows: list[int]) -> str:
    return f"{counted(len(rows), 'picture')} of {facts.count:,} {'has' if len(rows) == 1 else 'have'}"


def _taking_out(facts: Facts, rows: list[int]) -> list[Offer]:
    free = [row for row in rows if not facts.frozen[row]]
    found = []
    if free:
        words = f"Take {len(free):,} out of the splits"
        found.append(Offer(SetSplits(_none(facts, free)), words))
    if len(free) < len(rows):
        words = f"Release {len(rows) - len(free):,} frozen, take {len(rows):,} out of the splits"
        found.append(Offer(SetSplits(_none(facts, rows), release=True), words))
    return found


def _none(facts: Facts, rows: list[int]) -> dict[int, Split]:
    return dict.fromkeys(facts.items(rows), "")


def _answering(facts: Facts, rows: list[int]) -> list[Offer]:
    """As ``guessing.offers``, of the question that has most to say."""
    return max((offers(facts, one, rows) for one in facts.heads), key=len)
