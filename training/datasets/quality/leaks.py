"""Pictures of which one like it is trained on and another tested with: what is measured then is memory."""

from __future__ import annotations

from collections import Counter

from training.datasets.quality.facts import Facts, counted
from training.datasets.quality.finding import Finding, Offer, SetSplits
from training.datasets.records import Split

__all__ = ["find", "home_of"]

KIND = "leaks"


def find(facts: Facts) -> list[Finding]:
    """Groups (one picture saved more than once, or a group given to the items) that straddle splits.

    What is frozen stays. Where frozen sets share a group, another fix releases what is not of the strictest of them
    (test, then val) and takes it out of the splits.
    """
    groups: dict[int, list[int]] = {}
    for row, number in enumerate(facts.together.tolist()):
        groups.setdefault(number, []).append(row)
    leaks = [rows for rows in groups.values() if len({facts.splits[row] for row in rows} - {""}) > 1]
    if not leaks:
        return []
    moves: dict[int, Split] = {}
    released: dict[int, Split] = {}
    for rows in leaks:
        home = home_of([facts.splits[row] for row in rows], [bool(facts.frozen[row]) for row in rows])
        fixed = {facts.splits[row] for row in rows if facts.frozen[row]}
        kept = next((split for split in ("test", "val", "train") if split in fixed), "")
        for row in rows:
            split = facts.splits[row]
            if not facts.frozen[row] and split not in ("", home):
                moves[int(facts.ids[row])] = home
            elif facts.frozen[row] and split not in ("", kept):
                released[int(facts.ids[row])] = ""
    offers = []
    if moves:
        offers.append(Offer(SetSplits(moves), f"Move {len(moves):,} to the split of their group"))
    if released:
        words = f"Release {len(released):,} frozen and take them out of the splits"
        words += f", move {len(moves):,} to the split of their group" if moves else ""
        offers.append(Offer(SetSplits({**moves, **released}, release=True), words))
    tested = sum(facts.splits[row] in ("val", "test") for rows in leaks for row in rows)
    return [
        Finding(
            KIND,
            "error",
            facts.items([row for rows in leaks for row in rows]),
            f"{counted(len(leaks), 'group')} of look-alikes {'straddles' if len(leaks) == 1 else 'straddle'} splits, "
            f"with {counted(tested, 'picture')} for validation or test that training has as good as seen; "
            "figures would be too good.",
            groups=tuple(facts.items(rows) for rows in leaks),
            notes={int(facts.ids[row]): facts.splits[row] or "no split" for rows in leaks for row in rows},
        ).offering(offers)
    ]


def home_of(splits: list[Split], frozen: list[bool]) -> Split:
    """Where a group that straddles belongs: "" (out of all splits) beside a frozen picture, as a frozen set must not
    grow; else where most of it is, and of equal ones where less is lost: train, then val.
    """
    if any(frozen):
        return ""
    counts: Counter[Split] = Counter(split for split in splits if split)
    order: tuple[Split, ...] = ("train", "val", "test")
    return max(order, key=lambda split: (counts[split], -order.index(split)))
