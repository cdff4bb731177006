"""Regions of pixels as run lengths, the way COCO keeps them: down the columns, the first run outside.

Both forms: a list of run lengths, and the text that the COCO tools make of it (5 bits a character from "0" on, low bits
first, from the third run on the difference to the run two before; maskApi.c, rleToString).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["area", "bounds", "check", "from_pixels", "pack", "to_pixels", "unpack"]

_LONGEST = 7
"""Characters of one number: 35 bits hold any picture that is safe to open."""


def unpack(text: str) -> tuple[int, ...]:
    """The run lengths in a COCO text.

    Raises:
        ValueError: it is no such text.
    """
    counts: list[int] = []
    value = shift = 0
    for character in text:
        bits = ord(character) - 48
        if not 0 <= bits < 64 or shift >= 5 * _LONGEST:
            raise ValueError("its run lengths are no COCO text")
        value |= (bits & 0x1F) << shift
        shift += 5
        if not bits & 0x20:
            if bits & 0x10:
                value -= 1 << shift
            counts.append(value + counts[-2] if len(counts) > 2 else value)
            value = shift = 0
    if shift:
        raise ValueError("its run lengths are cut off")
    return tuple(counts)


def pack(counts: Sequence[int]) -> str:
    """The COCO text of run lengths."""
    text: list[str] = []
    for index, count in enumerate(counts):
        value = count - counts[index - 2] if index > 2 else count
        while True:
            bits, value = value & 0x1F, value >> 5
            more = value != (-1 if bits & 0x10 else 0)
            text.append(chr(48 + (bits | (0x20 if more else 0))))
            if not more:
                break
    return "".join(text)


def check(counts: Sequence[int], width: int, height: int) -> None:
    """Raise ``ValueError`` where the runs don't fill a picture of ``width`` x ``height`` pixels exactly."""
    if any(count < 0 for count in counts) or sum(counts) != width * height:
        raise ValueError(f"its run lengths don't fill {width} x {height} pixels")


def area(counts: Sequence[int]) -> int:
    """Pixels inside."""
    return sum(counts[1::2])


def to_pixels(counts: Sequence[int], width: int, height: int) -> NDArray[np.bool_]:
    """Bool (H, W): which pixels are inside."""
    inside = np.zeros(len(counts), np.bool_)
    inside[1::2] = True
    return np.repeat(inside, np.asarray(counts, np.int64)).reshape(width, height).T


def bounds(counts: Sequence[int], height: int) -> tuple[int, int, int, int]:
    """Left, top, width and height of what is inside, in pixels; all 0 where nothing is."""
    ends = np.cumsum(np.asarray(counts, np.int64))
    starts, stops = ends[:-1:2], ends[1::2]
    starts = starts[: len(stops)]
    some = stops > starts
    starts, stops = starts[some], stops[some]
    if not len(starts):
        return 0, 0, 0, 0
    left, right = int(starts.min() // height), int((stops.max() - 1) // height)
    over = (starts // height) != ((stops - 1) // height)  # a run that goes on in the next column touches both edges
    top = 0 if over.any() else int((starts % height).min())
    bottom = height - 1 if over.any() else int(((stops - 1) % height).max())
    return left, top, right - left + 1, bottom - top + 1


def from_pixels(inside: NDArray[np.bool_]) -> tuple[int, ...]:
    """The run lengths of bool (H, W); the counterpart of ``to_pixels``."""
    flat = inside.T.ravel()
    changes = np.flatnonzero(np.diff(flat, prepend=False))
    return tuple(np.diff(changes, prepend=0, append=len(flat)).tolist())
