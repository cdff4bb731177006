"""Counts as a person reads them."""

from __future__ import annotations

__all__ = ["GONE", "pictures"]

GONE = "The file is not where it was; look for it in another folder, or put the picture into the trash."
"""The note of an item that is missing."""


def pictures(count: int) -> str:
    """A count and its noun: 1 picture, 3,600 pictures."""
    return f"{count:,} picture{'' if count == 1 else 's'}"
