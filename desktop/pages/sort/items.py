"""What one file of the Sort page is, and the words its lists are called by. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from models.sources import Failure, Source

if TYPE_CHECKING:  # NumPy comes with it; the page is painted before that is loaded
    from models.answer import Answer

__all__ = ["PENDING", "UNKNOWN", "Filter", "Item", "Order"]

PENDING = "\x00pending"
UNKNOWN = "\x00unknown"


class Filter(Enum):
    """Which items are shown; the value is what its button says."""

    ALL = "All"
    UNSURE = "Unsure"
    UNKNOWN = "Unknown"
    CORRECTED = "Corrected"
    CHANGED = "Changed"
    FAILED = "Failed"


class Order(Enum):
    """How the items of a category are ordered; the value is what its menu says."""

    SUREST = "Surest first"
    LEAST_SURE = "Least sure first"
    ALIKE = "Look-alikes together"
    NAME = "Name"


@dataclass(slots=True)
class Item:
    """One file of the page: found, then answered or failed.

    Attributes:
        source: the file.
        answer: what is said about it.
        failure: why there is no answer.
        group: what it is shown under: a category, ``UNKNOWN`` or ``PENDING``.
        confidence: in that category, of the head that is shown; 1 where a person has said.
        changed: the last correction of others has given it another category.
    """

    source: Source
    answer: Answer | None = None
    failure: Failure | None = None
    group: str = PENDING
    confidence: float = 0.0
    changed: bool = False

    def show(self, head: str) -> None:
        """Let group and confidence be what the answer says as far as ``head`` is asked."""
        if self.answer is None:
            return
        category = self.answer.category(head)
        self.group = UNKNOWN if category is None else category
        self.confidence = 1.0 if head in self.answer.labels else self.answer.answered(head).confidence

    def filters(self, head: str) -> tuple[Filter, ...]:
        """The filters that let it through, beside ``ALL``, as far as ``head`` is asked."""
        if self.answer is None:
            return (Filter.FAILED,) if self.failure is not None else ()
        found = []
        if self.answer.is_unsure(head):
            found.append(Filter.UNSURE)
        if self.group == UNKNOWN:
            found.append(Filter.UNKNOWN)
        if head in self.answer.labels:
            found.append(Filter.CORRECTED)
        elif self.changed:
            found.append(Filter.CHANGED)
        return tuple(found)
