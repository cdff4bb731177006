"""The labelled examples most like a picture, as the inspector explains an answer by them. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from desktop.pages.sort.state import SortState
from models.sources import Source

__all__ = ["Near", "nearest"]

_MOST = 5


@dataclass(frozen=True, slots=True)
class Near:
    """One labelled example.

    Attributes:
        category: what it is.
        similarity: -1 to 1.
        source: of its picture; None when that isn't at hand.
        said: whether a person has said so; else the model came with it.
    """

    category: str
    similarity: float
    source: Source | None
    said: bool


def nearest(page: SortState, number: int, head: str) -> list[Near]:
    """The examples nearest to an item as far as ``head`` is asked, the nearest first. For a background thread."""
    learner, answer = page.learner, page.items[number].answer
    if learner is None or answer is None:
        return []
    found = learner.nearest(answer.content_hash, head, _MOST)
    places = learner.places([one.key for one in found], head)
    return [
        Near(one.category, one.similarity, _source(page, one.key, places.get(one.key)), one.key in places)
        for one in found
    ]


def _source(page: SortState, content: bytes, place: str | None) -> Source | None:
    for number in page.files_of(content):
        return page.items[number].source
    return Source(Path(place)) if place is not None and Path(place).is_file() else None
