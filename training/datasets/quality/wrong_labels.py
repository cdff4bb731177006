"""Labels that are probably wrong, by what a classifier and the nearest pictures say that have not seen them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from training.datasets.quality.confident import Suspects, confident_errors
from training.datasets.quality.facts import Facts, HeadFacts, counted
from training.datasets.quality.finding import Finding, Relabel
from training.datasets.values import Category

__all__ = ["find"]

KIND, DOUBTFUL = "wrong-labels", "doubtful-labels"

ODDS = 20.0
"""How many times better another category must fit: about the odds against a wrong label where 5 % are wrong. Of those
planted in the train splits 0.75 to 0.88 lie over it, and 0.7 of what does is one."""

NEIGHBOURS = 10
"""The pictures most like one that are asked whether any of them has its label."""

ALIKE = 0.1
"""Likeness under which a neighbour of the same label is no support for it."""

_AT_ONCE = 128
"""Suspects whose likeness to all pictures is held in memory together: 50 MB with 100,000."""


def find(facts: Facts) -> list[Finding]:
    """For each question with categories two findings at most: labels that no look-alike supports either, and labels
    that the classifier alone doubts.
    """
    return [finding for one in facts.heads if one.head.kind == "categories" for finding in _of_head(facts, one)]


def _of_head(facts: Facts, one: HeadFacts) -> list[Finding]:
    learned = facts.learned(one)
    if learned is None:
        return []
    rows, labels = learned.rows, learned.labels
    suspects = confident_errors(learned.probabilities, labels, odds=ODDS)
    alone = unsupported(facts.towards[rows], labels, suspects, stop=facts.stop)
    return [
        *_finding(facts, one, rows, labels, suspects, alone, KIND),
        *_finding(facts, one, rows, labels, suspects, ~alone, DOUBTFUL),
    ]


def unsupported(
    towards: NDArray[np.float32],
    labels: NDArray[np.intp],
    suspects: Suspects,
    *,
    stop: Callable[[], None] = lambda: None,
) -> NDArray[np.bool_]:
    """(M,): of which suspects none of the nearest pictures has the label.

    Args:
        towards: float32 (N, D), of length 1.
        labels: (N,).
        suspects: rows of the two.
        stop: called now and then; may raise to end the work.
    """
    alone = np.zeros(len(suspects.rows), bool)
    for start in range(0, len(alone), _AT_ONCE):
        stop()
        rows = suspects.rows[start : start + _AT_ONCE]
        likeness = towards[rows] @ towards.T
        likeness[np.arange(len(rows)), rows] = -np.inf
        nearest = np.argpartition(-likeness, min(NEIGHBOURS, len(labels) - 1), axis=1)[:, :NEIGHBOURS]
        alike = np.take_along_axis(likeness, nearest, axis=1) > ALIKE
        alone[start : start + len(rows)] = ~((labels[nearest] == labels[rows][:, None]) & alike).any(axis=1)
    return alone


def _finding(
    facts: Facts,
    one: HeadFacts,
    rows: NDArray[np.intp],
    labels: NDArray[np.intp],
    suspects: Suspects,
    chosen: NDArray[np.bool_],
    kind: str,
) -> list[Finding]:
    if not chosen.any():
        return []
    own = suspects.rows[chosen]
    names = one.head.categories
    items = facts.items(rows[own])
    proposed = [names[column] for column in suspects.proposed[chosen].tolist()]
    given: Sequence[str] = [names[column] for column in labels[own].tolist()]
    sure = kind == KIND
    count = counted(len(items), "label")
    words = f"{count} of {one.head.name} {'is' if len(items) == 1 else 'are'} " + (
        "probably wrong: what was learned from the other pictures says so, and no look-alike has the same."
        if sure
        else "doubtful: what was learned from the other pictures says something else. Look at each."
    )
    return [
        Finding(
            kind,
            "warning" if sure else "hint",
            items,
            words,
            fix=Relabel(one.head.name, {item: Category(name) for item, name in zip(items, proposed, strict=True)}),
            fix_words=f"Relabel {len(items):,} as proposed",
            scores=tuple(suspects.odds[chosen].tolist()),
            head=one.head.name,
            notes={item: f"{was}, probably {name}" for item, was, name in zip(items, given, proposed, strict=True)},
        )
    ]
