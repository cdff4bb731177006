"""Categories with far more pictures than others have, and which of these can go without much being lost."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from training.datasets.quality.facts import Facts, HeadFacts, counted
from training.datasets.quality.finding import Finding, Relabel, Trash
from training.datasets.quality.thinning import most_unlike

__all__ = ["FEWEST", "TIMES", "find_uneven"]

KIND = "class-balance"

FEWEST = 5
"""Pictures under which a category can hardly be learned."""

TIMES = 20
"""How many times more pictures the largest category may have than another."""


def find_uneven(facts: Facts, one: HeadFacts, rows: Mapping[str, list[int]]) -> list[Finding]:
    """One finding at most; the fix takes the surplus of the largest categories out, and keeps what is the most unlike.

    Pictures for validation and test stay, and so does what is frozen and what names another category as well. Pictures
    that answer other questions too lose this label only. Where all must stay, a person has to label more of the others
    or to weight the categories in training; there is no fix then.

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
    surplus = _surplus(facts, rows, TIMES * min(sizes.values()))
    spare = sorted(row for own in surplus.values() for row in own)
    items = facts.items(spare)
    others = any(row in other.values for other in facts.heads if other is not one for row in spare)
    what = " and ".join(f"{len(own):,} of {name}" for name, own in surplus.items())
    if len(surplus) > 3:
        what = f"{len(spare):,} of {len(surplus)} categories"
    if others:
        words = f"Take the label from {what}, keep it on the most different; they answer other questions too, and stay"
    else:
        words = f"Move {what} to the trash, keep the most different"
    return [
        Finding(
            KIND,
            "hint",
            items or facts.items(rows[most]),
            f"{most} of {one.head.name} has {counted(len(rows[most]), 'picture')}, over {TIMES} times as many as "
            f"{_list(small)}; label more of these, weight the categories in training, or do with fewer.",
            fix=(Relabel(one.head.name, dict.fromkeys(items)) if others else Trash(items)) if items else None,
            fix_words=words if items else "",
            head=one.head.name,
        )
    ]


def _surplus(facts: Facts, rows: Mapping[str, list[int]], limit: int) -> dict[str, list[int]]:
    """Category -> rows that can go so that it has ``limit``, or as near to that as what must stay allows."""
    named = [row for own in rows.values() for row in own]
    several = set(np.flatnonzero(np.bincount(named, minlength=facts.count) > 1).tolist())
    found = {}
    for name, own in sorted(rows.items(), key=lambda entry: -len(entry[1])):
        free = [
            row for row in own if row not in several and not facts.frozen[row] and facts.splits[row] in ("", "train")
        ]
        stay = np.setdiff1d(own, free).astype(np.intp)
        room = max(limit - len(stay), 0)
        if len(own) > limit and room < len(free):
            kept = most_unlike(facts.towards, np.array(free, np.intp), stay, room, stop=facts.stop)
            found[name] = np.setdiff1d(free, kept).tolist()
    return found


def _list(names: list[str]) -> str:
    return ", ".join(names[:8]) + (f" and {len(names) - 8:,} more" if len(names) > 8 else "")
