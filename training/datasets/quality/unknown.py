"""Pictures that a question has no label for, and the labels that can be given without asking anybody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.datasets.quality.facts import Facts, HeadFacts, counted
from training.datasets.quality.finding import DropQuestion, Finding, Offer, Relabel
from training.datasets.quality.guessing import ANNOTATOR, offers
from training.datasets.quality.learning import Learned
from training.datasets.quality.uneven import FEWEST, TIMES
from training.datasets.values import Category

__all__ = ["find"]

KIND = "unknown-labels"

SURE = (0.9, 0.95, 0.98, 0.99)
"""The probability from which a label is proposed: the first of these with which the proposals are ``RIGHT``."""

NEAREST, AGREEING = 5, 3
"""Of so many nearest labelled pictures the nearest, and so many in all, must have that label."""

RIGHT = 0.95
"""The share of held-out labelled pictures for which such proposals must be right; where none of ``SURE`` does, none is
made. On the train splits of textures and parts, with 10 to 60 % of the labels kept, they were right on 0.96 or more of
the others."""

TRIED, FEWEST_TRIED = 1000, 20
"""Labelled pictures that the proposals are tried on, at most, and at least."""

_AT_ONCE = 512


def find(facts: Facts) -> list[Finding]:
    """For each question that has labels for some pictures only, one finding.

    The fix gives the labels of which the incremental head is sure where the look-alikes agree. It is left out where
    such labels, tried on pictures whose label is known, would be wrong too often. What else can be done about them, and
    about other kinds of questions, is in ``guessing``.
    """
    bare = sum(not any(row in one.values for one in facts.heads) for row in range(facts.count))
    return [finding for one in facts.heads for finding in _of_head(facts, one, bare)]


@dataclass(frozen=True, slots=True)
class _Proposals:
    labels: Mapping[int, tuple[str, float]]
    tried: int
    right: int


def _of_head(facts: Facts, one: HeadFacts, bare: int) -> list[Finding]:
    lacking = [row for row in range(facts.count) if row not in one.values]
    if not lacking:
        return []
    found = _proposals(facts, one, lacking)
    if len(lacking) == bare and not found.labels:
        return []  # ``coverage`` says so already
    given = found.labels
    rows = [*sorted(given, key=lambda row: -given[row][1]), *(row for row in lacking if row not in given)]
    words = (
        f"{one.head.name} is unknown for {counted(len(lacking), 'picture')} of {facts.count:,} "
        f"({len(lacking) / facts.count:.0%})"
    )
    left = len(lacking) - len(given)
    if given:
        words += (
            f". What was learned from the labelled ones is sure of {len(given):,} of them, and look-alikes agree "
            f"(tried on {found.tried:,} with a label: {found.right / found.tried:.0%} right)"
        )
    rest = f", {left:,} {'stays' if left == 1 else 'stay'} unknown" if left else ""
    ways = offers(facts, one, lacking)
    if not one.values:
        ways.insert(
            0, Offer(DropQuestion(one.head.name), f"Remove the question {one.head.name} that nobody has answered")
        )
    if given:
        labels = {int(facts.ids[row]): Category(name) for row, (name, _) in given.items()}
        sure = Relabel(one.head.name, labels, origin="model", annotator=ANNOTATOR)
        ways.insert(0, Offer(sure, f"Give {counted(len(given), 'label')}{rest}"))
    return [
        Finding(
            KIND,
            "hint",
            facts.items(rows),
            f"{words}.",
            head=one.head.name,
            notes={int(facts.ids[row]): f"probably {name}" for row, (name, _) in given.items()},
        ).offering(ways)
    ]


def _proposals(facts: Facts, one: HeadFacts, lacking: list[int]) -> _Proposals:
    nothing = _Proposals({}, 0, 0)
    rows = np.array([row for row in lacking if facts.embedded[row]], np.intp)
    learned = facts.learned(one) if len(rows) else None
    if learned is None:
        return nothing
    limit, tried, right = _tried(facts, learned)
    if limit is None:
        return nothing
    chances = learned.predict(facts.embeddings[rows], facts.stop)
    columns, sure = chances.argmax(axis=1), chances.max(axis=1)
    chosen = np.flatnonzero(sure >= limit)
    chosen = chosen[_agreed(facts, learned, rows[chosen], columns[chosen])]
    chosen = chosen[np.argsort(-sure[chosen], kind="stable")]
    names = one.head.categories
    given = {int(rows[at]): (names[columns[at]], float(sure[at])) for at in chosen.tolist()}
    return _Proposals(_within(given, learned, names), tried, right)


def _tried(facts: Facts, learned: Learned) -> tuple[float | None, int, int]:
    """The probability from which labels may be proposed, None for not at all; how many labelled pictures, held out,
    would have got one so, and how many of these the right one.
    """
    columns, sure = learned.probabilities.argmax(axis=1), learned.probabilities.max(axis=1)
    some = np.flatnonzero((sure >= SURE[0]) & learned.told)
    some = some[:: max(1, -(-len(some) // TRIED))]
    some = some[_agreed(facts, learned, learned.rows[some], columns[some])]
    hits = columns[some] == learned.labels[some]
    for limit in SURE:
        tried, right = int((sure[some] >= limit).sum()), int(hits[sure[some] >= limit].sum())
        if tried >= FEWEST_TRIED and right >= RIGHT * tried:
            return limit, tried, right
    return None, 0, 0


def _agreed(facts: Facts, learned: Learned, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> NDArray[np.bool_]:
    """(M,): whether the labelled pictures that are the most like ``rows`` (M,) are of ``columns`` (M,); a copy of a
    picture that has a label itself does not count for it.
    """
    peers, labels = learned.rows[learned.told], learned.labels[learned.told]
    known = set(peers.tolist())
    towards, pictured = facts.towards[peers], facts.pictured
    agreed = np.zeros(len(rows), bool)
    for start in range(0, len(rows), _AT_ONCE):
        facts.stop()
        some = rows[start : start + _AT_ONCE]
        likeness = facts.towards[some] @ towards.T
        labelled = np.array([row in known for row in some.tolist()], bool)
        likeness[(pictured[some][:, None] == pictured[peers]) & labelled[:, None]] = -np.inf
        nearest = np.argpartition(-likeness, min(NEAREST, len(peers)) - 1, axis=1)[:, :NEAREST]
        same = labels[nearest] == columns[start : start + len(some), None]
        first = np.take_along_axis(likeness, nearest, axis=1).argmax(axis=1)
        agreed[start : start + len(some)] = (same.sum(axis=1) >= AGREEING) & same[np.arange(len(some)), first]
    return agreed


def _within(
    given: Mapping[int, tuple[str, float]], learned: Learned, names: tuple[str, ...]
) -> dict[int, tuple[str, float]]:
    """The surest of ``given``, as many of each category as its balance with the others allows."""
    sizes = Counter(names[label] for label in learned.labels.tolist())
    after = sizes + Counter(name for name, _ in given.values())
    limit = TIMES * min((size for size in after.values() if size >= FEWEST), default=0)
    kept = {}
    for row, (name, sure) in given.items():
        if sizes[name] < limit:
            kept[row] = name, sure
            sizes[name] += 1
    return kept
