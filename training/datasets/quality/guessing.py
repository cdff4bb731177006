"""The likeliest answers for pictures that have none, which a person looks at later; and what else can be done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from training.datasets.quality.facts import Facts, HeadFacts, counted
from training.datasets.quality.finding import Offer, Relabel, Trash
from training.datasets.values import Boxes, Category, Grade, Tags, Value

__all__ = ["ANNOTATOR", "Guesses", "guess", "offers"]

ANNOTATOR = "Sortwerk"
"""Who gives these labels; their origin is "model", so that whoever looks at them can tell."""

NEAREST = 5
"""The labelled pictures most like one, whose answers make a guess where nothing can be learned."""

_AT_ONCE = 512

_NOTHING: Mapping[str, Value] = MappingProxyType({"tags": Tags(frozenset()), "boxes": Boxes(())})
"""Kind of question -> the answer that nothing is there."""


@dataclass(frozen=True, slots=True)
class Guesses:
    """What pictures probably are.

    Attributes:
        labels: row -> the likeliest answer.
        right: the share of labelled pictures, held out, for which it would be right; None where nobody tried.
    """

    labels: Mapping[int, Value]
    right: float | None


def offers(facts: Facts, one: HeadFacts, rows: Sequence[int]) -> list[Offer]:
    """What can be done about ``rows`` that a question has no answer for, the mildest first: guesses, with the origin
    "model", that are neither learned from nor measured by until somebody has said the same; that there is nothing to
    find, where that is an answer; the trash, always.
    """
    found: list[Offer] = []
    items = facts.items(rows)
    guesses = guess(facts, one, rows)
    if guesses.labels:
        labels = {int(facts.ids[row]): value for row, value in guesses.labels.items()}
        right = "" if guesses.right is None else f"; {guesses.right:.0%} of such guesses were right on labelled ones"
        words = f"Guess {one.head.name} of {len(labels):,}, for a person to look at{right}"
        found.append(Offer(Relabel(one.head.name, labels, origin="model", annotator=ANNOTATOR), words))
    nothing = _NOTHING.get(one.head.kind)
    if nothing is not None:
        words = f"Say that there is none of {one.head.name} on {counted(len(items), 'picture')}"
        found.append(Offer(Relabel(one.head.name, dict.fromkeys(items, nothing)), words))
    found.append(Offer(Trash(items), f"Move {len(items):,} to the trash"))
    return found


def guess(facts: Facts, one: HeadFacts, rows: Sequence[int]) -> Guesses:
    """Of those of ``rows`` that have an embedding: what the incremental head says, and where labels are too few for it
    or no categories, what the look-alikes have.
    """
    wanted = np.array([row for row in rows if facts.embedded[row]], np.intp)
    learned = facts.learned(one) if len(wanted) else None
    if learned is None:
        return Guesses(_as_nearest(facts, one, wanted), None)
    columns = learned.predict(facts.embeddings[wanted], facts.stop).argmax(axis=1)
    names = one.head.categories
    held_out = learned.probabilities[learned.told].argmax(axis=1) == learned.labels[learned.told]
    labels = {row: Category(names[column]) for row, column in zip(wanted.tolist(), columns.tolist(), strict=True)}
    return Guesses(labels, float(held_out.mean()))


def _as_nearest(facts: Facts, one: HeadFacts, wanted: NDArray[np.intp]) -> dict[int, Value]:
    known = [
        row
        for row, value in sorted(one.values.items())
        if facts.embedded[row] and row not in one.guessed and isinstance(value, Category | Tags | Grade)
    ]
    if not known:
        return {}
    peers = facts.towards[known]
    count = min(NEAREST, len(known))
    found: dict[int, Value] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        facts.stop()
        some = wanted[start : start + _AT_ONCE]
        likeness = facts.towards[some] @ peers.T
        nearest = np.argsort(-likeness, axis=1, kind="stable")[:, :count]
        for row, places in zip(some.tolist(), nearest.tolist(), strict=True):
            found[row] = _agreed([one.values[known[place]] for place in places])
    return found


def _agreed(values: Sequence[Value]) -> Value:
    """What most say, the nearest among equals; the middle of grades; tags that more than half have."""
    grades = [value.value for value in values if isinstance(value, Grade)]
    if grades:
        return Grade(median(grades))
    tags = [value.names for value in values if isinstance(value, Tags)]
    if tags:
        counts = Counter(name for names in tags for name in names)
        return Tags(frozenset(name for name, times in counts.items() if 2 * times > len(tags)))
    return Counter(values).most_common(1)[0][0]
