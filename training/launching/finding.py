"""What will go wrong, said before anything starts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from models.errors import one_line

__all__ = ["SEVERITIES", "Finding", "Severity", "listed", "pictures"]

Severity: TypeAlias = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
"""The worst first. With an error, a training can't begin or can't come to anything."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing.

    Attributes:
        severity: how bad it is.
        kind: what it is, for tests and for a page that offers more than words ("leak").
        sentence: what is so.
        fix: what to do about it, as a sentence of its own; "" where nothing need be done.
        head: the question it is about; "" for none.
    """

    severity: Severity
    kind: str
    sentence: str
    fix: str = ""
    head: str = ""


def pictures(count: int) -> str:
    """As "1 picture" or "2,000 pictures"."""
    return f"{count:,} picture{'' if count == 1 else 's'}"


def listed(names: Iterable[str], most: int = 5) -> str:
    """A few names in a row, and how many more there are."""
    some: Collection[str] = [one_line(name) or "none" for name in names]
    shown = ", ".join(list(some)[:most])
    return f"{shown} and {len(some) - most:,} more" if len(some) > most else shown
