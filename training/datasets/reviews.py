"""Second looks at labels: what a reviewer thinks of one, and what another annotator says instead. Frozen records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from training.datasets.values import Value

__all__ = ["REVIEW_FILTERS", "Opinion", "Review", "ReviewCounts", "ReviewFilter", "ReviewState"]

ReviewState = Literal["accepted", "rejected"]

ReviewFilter = Literal["open", "accepted", "rejected", "disagree"]
"""Which labels: those that nobody has reviewed, those that were accepted or rejected, and those about which a second
opinion says something else, to the letter."""

REVIEW_FILTERS: tuple[ReviewFilter, ...] = ("open", "accepted", "rejected", "disagree")


@dataclass(frozen=True, slots=True)
class Review:
    """What somebody thinks of a label. It goes when the label becomes another.

    Attributes:
        state: "accepted" or "rejected".
        note: why, in the reviewer's words; "" for none.
        reviewer: who; "" for nobody in particular.
        time: ISO 8601 to the second, UTC.
    """

    state: ReviewState
    note: str
    reviewer: str
    time: str


@dataclass(frozen=True, slots=True)
class Opinion:
    """What another annotator says, kept beside the label, with its time as in ``Review``."""

    annotator: str
    value: Value
    time: str


@dataclass(frozen=True, slots=True)
class ReviewCounts:
    """How far the review of a question is, in items that are not in the trash.

    Attributes:
        labelled: with a label.
        open: of those, the ones that nobody has reviewed.
        accepted: of those, the accepted ones.
        rejected: likewise.
        disagree: about which a second opinion says something else than the label, or than another opinion.
    """

    labelled: int
    open: int
    accepted: int
    rejected: int
    disagree: int
