"""The same file more than once: in several places of one dataset, or in several datasets."""

from __future__ import annotations

from training.datasets.quality.facts import Facts, counted
from training.datasets.quality.finding import Finding, ForgetPlaces, Trash

__all__ = ["find"]

KIND, ELSEWHERE = "exact-duplicates", "other-datasets"


def find(facts: Facts) -> list[Finding]:
    """Contents that lie in several places are one item already, whose further places can be forgotten; those that
    other datasets have as well can go from this one.
    """
    found: list[Finding] = []
    several = [row for row in range(facts.count) if len(facts.places[row]) > 1]
    if several:
        items = facts.items(several)
        files = sum(len(facts.places[row]) for row in several)
        further = counted(files - len(several), "further place")
        found.append(
            Finding(
                KIND,
                "hint",
                items,
                f"{counted(len(several), 'picture')} {'lies' if len(several) == 1 else 'lie'} here more than once, as "
                f"{files:,} files with the same content; each counts once.",
                fix=ForgetPlaces(items),
                fix_words=f"Forget {further}, no file is touched",
                notes={int(facts.ids[row]): " = ".join(facts.places[row]) for row in several},
            )
        )
    shared = sorted(facts.elsewhere)
    if shared:
        names = sorted({name for row in shared for name in facts.elsewhere[row]})
        items = facts.items(shared)
        found.append(
            Finding(
                ELSEWHERE,
                "hint",
                items,
                f"{counted(len(shared), 'picture')} {'is' if len(shared) == 1 else 'are'} in other datasets as well "
                f"({', '.join(names)}); what is trained on one and tested on the other would look better than it is.",
                fix=Trash(items),
                fix_words=f"Move {len(shared):,} to the trash here",
                notes={int(facts.ids[row]): ", ".join(facts.elsewhere[row]) for row in shared},
            )
        )
    return found
