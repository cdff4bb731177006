"""Blurred pictures, among pictures of their kind."""

from __future__ import annotations

import numpy as np

from training.datasets.quality.facts import Facts, counted
from training.datasets.quality.finding import Finding, Trash
from training.datasets.quality.unusual import deviations, rare

__all__ = ["find"]

KIND = "blur"

DEVIATIONS = 2.0
"""How much less sharp than its kind a picture is, as ``unusual.deviations`` counts, mean of the three measures."""

EDGE = 0.36
"""The steepness (``signals``) from which nothing is called blurred, however sharp its kind is."""


def find(facts: Facts) -> list[Finding]:
    """Pictures without a sharp edge that are much less sharp than their category is."""
    rows = np.flatnonzero(facts.measured)
    own, peers = facts.signals[rows], facts.peers[rows]
    sharper = deviations(own["laplacian"], peers) - deviations(own["softness"], peers) + deviations(own["edge"], peers)
    less = -sharper / 3
    blurred = rare((less > DEVIATIONS) & (own["edge"] < EDGE), peers)
    order = np.argsort(-less[blurred], kind="stable")
    rows, less = rows[blurred][order], less[blurred][order]
    if not len(rows):
        return []
    items = facts.items(rows)
    return [
        Finding(
            KIND,
            "warning",
            items,
            f"{counted(len(rows), 'picture')} {'is' if len(rows) == 1 else 'are'} blurred beside others of the "
            "same category; look whether what is asked about can still be seen.",
            fix=Trash(items),
            fix_words=f"Move {len(rows):,} to the trash",
            scores=tuple(less.tolist()),
        )
    ]
