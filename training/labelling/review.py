"""A second look at labels, in acts and in words: a second opinion becomes the label; what a review says."""

from __future__ import annotations

from collections.abc import Collection

from models.errors import DatasetError, one_line
from training.datasets.reviews import Review, ReviewCounts
from training.datasets.store import DatasetStore
from training.datasets.wording import pictures

__all__ = ["adopt", "counts_words", "review_words"]


def adopt(store: DatasetStore, dataset_id: int, head: str, items: Collection[int], *, annotator: str) -> int | None:
    """Make the second opinion of ``annotator`` the label, as that annotator's word, as one step.

    The labels that were there become nobody's: they are in the history, and to undo brings them back.

    Raises:
        DatasetError: there is no such dataset, head or item, or ``annotator`` has no opinion on one of them.
    """
    said = store.opinions(dataset_id, head, list(items))
    values = {item: one.value for item, some in said.items() for one in some if one.annotator == annotator}
    missing = len(set(items) - values.keys())
    if missing:
        raise DatasetError(f"{one_line(annotator)} has no second opinion on {pictures(missing)}; choose others.")
    action = f"Took {one_line(annotator)}'s word for {pictures(len(values))}"
    return store.set_labels(dataset_id, head, values, annotator=annotator, action=action)


def review_words(review: Review) -> str:
    """Such as "Rejected by Ada: too dark"."""
    by = f" by {one_line(review.reviewer)}" if review.reviewer else ""
    note = f": {one_line(' '.join(review.note.split()))}" if review.note else ""
    return f"{review.state.capitalize()}{by}{note}"


def counts_words(counts: ReviewCounts) -> str:
    """How far a review is, a sentence."""
    if not counts.labelled:
        return "Nothing is labelled yet."
    done = counts.labelled - counts.open
    words = f"{done:,} of {pictures(counts.labelled)} reviewed, {counts.rejected:,} rejected"
    return f"{words}; opinions differ about {counts.disagree:,}." if counts.disagree else f"{words}."
