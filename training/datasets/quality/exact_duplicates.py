"""The same file more than once: in several places of one dataset, or in several datasets."""

from __future__ import annotations

from training.datasets.quality.facts import Facts, counted
from training.datasets.quality.finding import Finding, Trash

__all__ = ["find"]

KIND = "exact-duplicates"


def find(facts: Facts) -> list[Finding]:
    """Contents that lie in several places are one item already, so there is nothing to do; those that other datasets
    have as well can go from this one.
    """
    found: list[Finding] = []
    several = [row for row in range(facts.count) if len(facts.places[row]) > 1]
    if several:
        files = sum(len(facts.places[row]) for row in several)
        found.append(
            Finding(
                KIND,
                "hint",
                facts.items(several),
                f"{counted(len(several), 'picture')} lie here more than once, as {files:,} files with the same "
                "content; each counts once.",
                notes={int(facts.ids[row]): " = ".join(facts.places[row]) for row in several},
            )
        )
    shared = sorted(facts.elsewhere)
    if shared:
        names = sorted({name for row in shared for name in facts.elsewhere[row]})
        items = facts.items(shared)
        found.append(
            Finding(
                KIND,
                "hint",
                items,
                f"{counted(len(shared), 'picture')} are in other datasets as well ({', '.join(names)}); what is "
                "trained on one and tested on the other would look better than it is.",
                fix=Trash(items),
                fix_words=f"Move {len(shared):,} to the trash here",
                notes={int(facts.ids[row]): ", ".join(facts.elsewhere[row]) for row in shared},
            )
        )
    return found
