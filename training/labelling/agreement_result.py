"""What comes out when two annotators are compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from models.errors import one_line
from training.datasets.heads import HeadDef
from training.datasets.values import Value
from training.datasets.wording import pictures

__all__ = ["Agreement", "Detail", "Disagreement", "Measure", "Pairs", "result", "said"]

Measure = Literal["kappa", "weighted kappa", "IoU", "F1"]

Pairs = Sequence[tuple[int, Value, Value]]
"""Item, what the first says, what the second says."""

FEW = 20
"""Pictures under which the words say how few they are."""


@dataclass(frozen=True, slots=True)
class Detail:
    """One category or tag.

    Attributes:
        name: of it.
        value: kappa of it against all others, or intersection over union; None where it can't be said.
        items: pictures of which either annotator names it.
    """

    name: str
    value: float | None
    items: int


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A picture about which they don't agree.

    Attributes:
        item: its id.
        score: how far they agree about it, 0 to 1; for grades 1 - their distance as a share of the scale.
        words: what each says, such as "Ada: oak, Bo: walnut".
    """

    item: int
    score: float
    words: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two annotators compared.

    Attributes:
        head: the name of the question.
        annotators: who they are.
        items: pictures that both have labelled.
        measure: what ``value`` is.
        value: at most 1; None where it can't be said, as kappa can't where both always say the same one thing.
        observed: the share of pictures about which they agree, without regard to chance, 0 to 1; of masks and boxes the
            same as ``value``.
        words: what that means, a sentence.
        details: of each category or tag that was named, in the order of the question.
        disagreements: the worst first.
    """

    head: str
    annotators: tuple[str, str]
    items: int
    measure: Measure
    value: float | None
    observed: float
    words: str
    details: tuple[Detail, ...]
    disagreements: tuple[Disagreement, ...]


def result(
    head: HeadDef,
    annotators: tuple[str, str],
    pairs: Pairs,
    measure: Measure,
    value: float | None,
    observed: float,
    words: str,
    details: Sequence[Detail],
    worst: Sequence[Disagreement],
) -> Agreement:
    """Put together; the disagreements are sorted here."""
    few = f" That is on {pictures(len(pairs))} only." if len(pairs) < FEW else ""
    order = tuple(sorted(worst, key=lambda one: (one.score, one.item)))
    return Agreement(head.name, annotators, len(pairs), measure, value, observed, words + few, tuple(details), order)


def said(annotators: tuple[str, str], one: str, other: str) -> str:
    """What each says, such as "Ada: oak; Bo: walnut."."""
    first, second = (one_line(name) or "Nobody in particular" for name in annotators)
    return f"{first}: {one_line(one)}; {second}: {one_line(other)}."
