"""Pictures that are too dark, too bright, or clipped."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from training.datasets.quality.facts import Facts, counted
from training.datasets.quality.finding import Finding, Trash
from training.datasets.quality.unusual import rare

__all__ = ["find"]

KIND = "exposure"

DARK_BELOW = 45
"""The brightness (0 to 255) under which 98 % of a dark picture lies."""

BRIGHT_ABOVE = 200
"""The brightness above which 98 % of a bright picture lies."""

CLIPPED = 0.5
"""The share of a picture that is plain black or white in one that is clipped."""


def find(facts: Facts) -> list[Finding]:
    """Three findings at most. What a quarter of a category is, such as on white ground, is no fault in it."""
    rows = np.flatnonzero(facts.measured)
    own = facts.signals[rows]
    dark = own["high"] < DARK_BELOW
    bright = own["low"] > BRIGHT_ABOVE
    clipped = (np.maximum(own["dark"], own["bright"]) > CLIPPED) & ~dark & ~bright
    return [
        *_finding(facts, rows, dark, 255 - own["high"], "so dark that little can be seen"),
        *_finding(facts, rows, bright, own["low"], "so bright that little can be seen"),
        *_finding(
            facts, rows, clipped, np.maximum(own["dark"], own["bright"]), "plain black or white for the most part"
        ),
    ]


def _finding(
    facts: Facts, rows: NDArray[np.intp], flags: NDArray[np.bool_], badness: NDArray[np.floating], what: str
) -> list[Finding]:
    chosen = np.flatnonzero(rare(flags, facts.peers[rows]))
    if not len(chosen):
        return []
    chosen = chosen[np.argsort(-badness[chosen], kind="stable")]
    items = facts.items(rows[chosen])
    return [
        Finding(
            KIND,
            "hint",
            items,
            f"{counted(len(items), 'picture')} {'is' if len(items) == 1 else 'are'} {what}; see whether they can teach "
            "anything.",
            fix=Trash(items),
            fix_words=f"Move {len(items):,} to the trash",
            scores=tuple(badness[chosen].astype(float).tolist()),
        )
    ]
