"""Facts about a picture's file, and how sizes and times are said. Imports nothing heavy."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Facts", "Pixels", "file_size", "time_words"]


@dataclass(frozen=True, slots=True)
class Pixels:
    """An image as bytes: RGB, 8 bits a channel, ``width * 3`` bytes a row, top row first."""

    width: int
    height: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Facts:
    """What is worth knowing about a picture's file; sizes in pixels and bytes."""

    format: str
    width: int
    height: int
    has_alpha: bool
    bits: int
    size: int


def file_size(size: int) -> str:
    """``size`` bytes in the unit a person would use, such as "31.8 MB" (1 MB = 1,000,000 bytes)."""
    if size < 1000:
        return f"{size} bytes"
    value = float(size)
    for unit in ("kB", "MB", "GB"):
        value /= 1000
        if value < 1000:
            return f"{value:.1f} {unit}" if value < 100 else f"{value:.0f} {unit}"
    return f"{value / 1000:,.1f} TB"


def time_words(seconds: float) -> str:
    """A time to come: "40 seconds", "6 minutes", "2.5 hours"."""
    if seconds < 90:
        whole = max(1, round(seconds))
        return f"{whole} second{'' if whole == 1 else 's'}"
    return f"{round(seconds / 60)} minutes" if seconds < 5400 else f"{seconds / 3600:.1f} hours"
