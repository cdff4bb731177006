"""One picture saved more than once: other sizes, formats, brightness, edges cut off."""

from __future__ import annotations

from training.datasets.quality.facts import Facts, counted
from training.datasets.quality.finding import Finding, Offer, Trash

__all__ = ["find"]

KIND = "near-duplicates"

_TO_KEEP = {"test": 0, "val": 1, "train": 2, "": 3}


def find(facts: Facts) -> list[Finding]:
    """Groups that show one picture; the fix keeps the best of each group.

    The best is one of a frozen test set, then one with more labels, of the test, validation or train split, and then
    with the most pixels. What is frozen stays, unless the fix that says so is chosen.
    """
    if not facts.near_groups:
        return []
    groups = [sorted(group, key=lambda row: _worth(facts, row)) for group in facts.near_groups]
    groups.sort(key=lambda group: -len(group))
    every = [row for group in groups for row in group[1:]]
    spare = [row for row in every if not facts.frozen[row]]
    offers = []
    if spare:
        offers.append(Offer(Trash(facts.items(spare)), f"Keep the best of each, move {len(spare):,} to the trash"))
    if len(every) > len(spare):
        frozen = f"Keep the best of each, move {len(every):,} to the trash, {len(every) - len(spare):,} of them frozen"
        offers.append(Offer(Trash(facts.items(every)), frozen))
    count = sum(map(len, groups))
    return [
        Finding(
            KIND,
            "warning",
            facts.items([row for group in groups for row in group]),
            f"{counted(count, 'picture')} are {counted(len(groups), 'picture')} saved more than once, at other sizes, "
            "compressions or brightness.",
            groups=tuple(facts.items(group) for group in groups),
        ).offering(offers)
    ]


def _worth(facts: Facts, row: int) -> tuple[bool, int, int, int, int]:
    """Sorts the one to keep first."""
    labels = sum(row in one.values for one in facts.heads)
    pixels = int(facts.signals["width"][row]) * int(facts.signals["height"][row])
    return not facts.frozen[row], -labels, _TO_KEEP[facts.splits[row]], -pixels, row
