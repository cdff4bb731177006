"""Pictures with next to nothing in them: one colour, or almost."""

from __future__ import annotations

import numpy as np

from training.datasets.quality.facts import Facts, counted
from training.datasets.quality.finding import Finding, Trash
from training.datasets.quality.unusual import rare

__all__ = ["find"]

KIND = "low-information"

FLAT = 2.0
"""Standard deviation of the brightness (0 to 255) of a flat picture."""

FEW_BITS = 0.3
"""Entropy of the histogram of brightness of a picture with hardly anything on its ground;
a drawing in two colours has more."""


def find(facts: Facts) -> list[Finding]:
    """Flat and all but empty pictures, the emptiest first."""
    rows = np.flatnonzero(facts.measured)
    own = facts.signals[rows]
    empty = rare((own["deviation"] < FLAT) | (own["entropy"] < FEW_BITS), facts.peers[rows])
    rows, own = rows[empty], own[empty]
    if not len(rows):
        return []
    order = np.argsort(own["entropy"], kind="stable")
    items = facts.items(rows[order])
    return [
        Finding(
            KIND,
            "hint",
            items,
            f"{counted(len(items), 'picture')} {'holds' if len(items) == 1 else 'hold'} next to nothing, one colour or "
            f"almost; {'it teaches' if len(items) == 1 else 'they teach'} nothing.",
            fix=Trash(items),
            fix_words=f"Move {len(items):,} to the trash",
            scores=tuple((8 - own["entropy"][order]).astype(float).tolist()),
        )
    ]
