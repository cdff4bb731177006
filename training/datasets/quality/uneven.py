"""Categories with far more pictures than others have, and which of these can go without much being lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from training.datasets.quality.facts import Facts, HeadFacts, counted
from training.datasets.quality.finding import Finding, Offer, Relabel, Trash
from training.datasets.quality.thinning import most_unlike

__all__ = ["FEWEST", "TIMES", "find_uneven", "listed"]

KIND = "class-balance"

FEWEST = 5
"""Pictures under which a category can hardly be learned."""

TIMES = 20
"""How many times more pictures the largest category may have than another."""


def find_uneven(facts: Facts, one: HeadFacts, rows: Mapping[str, list[int]]) -> list[Finding]:
    """One finding at most; the fix takes the surplus of the largest categories out, and keeps what is the most unlike.

    Pictures for validation and test stay, and so does what is frozen and what names another category as well, unless
    the fix that says so is chosen. Pictures that answer other questions too lose this label only. The last fix leaves
    the small categories out.

    Args:
        facts: all that is known.
        one: the question.
        rows: category -> rows whose label names it.
    """
    sizes = {name: len(own) for name, own in rows.items() if len(own) >= FEWEST}
    most = max(rows, key=lambda name: len(rows[name]))
    small = [name for name, size in sizes.items() if size * TIMES < len(rows[most])]
    if not small:
        return []
    limit = TIMES * min(sizes.values())
    offers = [_offer(facts, one, _surplus(facts, rows, limit), "")]
    offers.append(_offer(facts, one, _surplus(facts, rows, limit, fixed=True), ", also for validation, test or frozen"))
    if one.head.kind != "categories":
        every = _surplus(facts, rows, limit, fixed=True, several=True)
        offers.append(_offer(facts, one, every, ", also where they name others"))
    found = list({offer.fix.count: offer for offer in reversed(offers) if offer is not None}.values())[::-1]
    spared = facts.items(sorted({row for name in small for row in rows[name]}))
    whole = "label" if one.head.kind == "categories" else "whole answer"
    words = f"Leave {listed(small)} out for now: take the {whole} from {counted(len(spared), 'picture')}"
    concerned = next((offer.fix.items for offer in found if isinstance(offer.fix, Trash)), ())
    concerned = concerned or next((tuple(offer.fix.labels) for offer in found if isinstance(offer.fix, Relabel)), ())
    return [
        Finding(
            KIND,
            "hint",
            concerned or facts.items(rows[most]),
            f"{most} of {one.head.name} has {counted(len(rows[most]), 'picture')}, over {TIMES} times as many as "
            f"{listed(small)}; label more of these, weight the categories in training, or do with fewer.",
            head=one.head.name,
        ).offering([*found, Offer(Relabel(one.head.name, dict.fromkeys(spared)), words)])
    ]


def _offer(facts: Facts, one: HeadFacts, surplus: Mapping[str, list[int]], which: str) -> Offer | None:
    spare = sorted({row for own in surplus.values() for row in own})
    if not spare:
        return None
    items = facts.items(spare)
    what = " and ".join(f"{len(own):,} of {name}" for name, own in surplus.items() if own)
    if len(surplus) > 3:
        what = f"{len(spare):,} of {len(surplus)} categories"
    if any(row in other.values for other in facts.heads if other is not one for row in spare):
        rest = "they answer other questions too, and stay"
        words = f"Take the label from {what}{which}, keep it on the most different; {rest}"
        return Offer(Relabel(one.head.name, dict.fromkeys(items)), words)
    return Offer(Trash(items), f"Move {what} to the trash{which}, keep the most different")


def _surplus(
    facts: Facts, rows: Mapping[str, list[int]], limit: int, *, fixed: bool = False, several: bool = False
) -> dict[str, list[int]]:
    """Category -> rows that can go so that it has ``limit``, or as near to that as what must stay allows.

    Args:
        facts: all that is known.
        rows: by category.
        limit: pictures.
        fixed: whether pictures for validation and test and frozen ones may go.
        several: whether pictures that name another category may go, unless that has too few itself.
    """
    named = [row for own in rows.values() for row in own]
    others = set(np.flatnonzero(np.bincount(named, minlength=facts.count) > 1).tolist())
    if several:
        others = {row for own in rows.values() if len(own) <= limit for row in own}
    found = {}
    for name, own in sorted(rows.items(), key=lambda entry: -len(entry[1])):
        free = [
            row
            for row in own
            if row not in others and (fixed or (not facts.frozen[row] and facts.splits[row] in ("", "train")))
        ]
        stay = np.setdiff1d(own, free).astype(np.intp)
        room = max(limit - len(stay), 0)
        if len(own) > limit and room < len(free):
            kept = most_unlike(facts.towards, np.array(free, np.intp), stay, room, stop=facts.stop)
            found[name] = np.setdiff1d(free, kept).tolist()
    return found


def listed(names: Iterable[str]) -> str:
    """The first eight of some names, and how many more there are."""
    some = list(names)
    return ", ".join(some[:8]) + (f" and {len(some) - 8:,} more" if len(some) > 8 else "")
