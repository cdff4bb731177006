"""One item of the check-list, the names of all of them, and the limits of the document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

__all__ = [
    "BATCHES",
    "CHECKS",
    "FINITE",
    "HASHES",
    "LATENCY",
    "LOADS",
    "MEMORY",
    "METADATA",
    "MOST_BYTES",
    "MOST_MEMORY",
    "MOST_MS",
    "PARITY",
    "SHAPES",
    "SIZE",
    "TOLERANCE",
    "Check",
    "Outcome",
    "failed",
    "none",
    "passed",
]

Outcome = Literal["pass", "fail", "not applicable"]

LOADS = "Loads"
SHAPES = "Input and output shapes"
BATCHES = "Any batch size"
FINITE = "Finite numbers"
LATENCY = "Answers in time"
MEMORY = "Memory"
SIZE = "File size"
METADATA = "Metadata complete"
HASHES = "Hashes match"
PARITY = "Same answers as the original"

CHECKS = (LOADS, SHAPES, BATCHES, FINITE, LATENCY, MEMORY, SIZE, METADATA, HASHES, PARITY)
"""All items, in the order in which they are shown."""

MOST_MS = 100.0
"""Milliseconds for one picture, to be called real-time."""

MOST_MEMORY = 2 << 30
MOST_BYTES = 500 << 20
"""Of the model's files together."""

TOLERANCE = 0.05
"""How far an answer may be from the original's (``models.agreement.Agreement.difference``)."""


@dataclass(frozen=True, slots=True)
class Check:
    """One item.

    Attributes:
        name: one of ``CHECKS``.
        outcome: "pass", "fail", or "not applicable" where there is nothing to check.
        figure: what was measured or found, such as "p50 12.1 ms, p95 14.0 ms".
        advice: what to do about it, a sentence; "" when there is nothing to do.
    """

    name: str
    outcome: Outcome
    figure: str
    advice: str = ""

    def to_json(self) -> dict[str, str]:
        """Its four fields."""
        return asdict(self)

    @classmethod
    def of_json(cls, fields: Mapping[str, Any]) -> Check:
        """What ``to_json`` gave."""
        return cls(fields["name"], fields["outcome"], fields["figure"], fields["advice"])


def passed(name: str, figure: str, advice: str = "") -> Check:
    """An item that is as it should be."""
    return Check(name, "pass", figure, advice)


def failed(name: str, figure: str, advice: str) -> Check:
    """An item that is not."""
    return Check(name, "fail", figure, advice)


def none(name: str, figure: str, advice: str = "") -> Check:
    """An item that can't be checked, and why."""
    return Check(name, "not applicable", figure, advice)
