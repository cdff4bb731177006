"""How much of the dataset is labelled."""

from __future__ import annotations

from training.datasets.quality.facts import Facts, counted
from training.datasets.quality.finding import Finding, SetSplits

__all__ = ["find"]

KIND = "coverage"


def find(facts: Facts) -> list[Finding]:
    """Pictures that nobody has said anything about, and what each question lacks; the fix keeps unlabelled pictures out
    of the splits, where they teach and measure nothing.
    """
    if not facts.heads or not facts.count:
        return []
    found: list[Finding] = []
    bare = [row for row in range(facts.count) if not any(row in one.values for one in facts.heads)]
    if bare:
        moves = {int(facts.ids[row]): "" for row in bare if facts.splits[row] and not facts.frozen[row]}
        found.append(
            Finding(
                KIND,
                "hint",
                facts.items(bare),
                f"{counted(len(bare), 'picture')} of {facts.count:,} have no label at all.",
                fix=SetSplits(dict.fromkeys(moves, "")) if moves else None,
                fix_words=f"Take {len(moves):,} out of the splits" if moves else "",
            )
        )
    for one in facts.heads:
        lacking = [row for row in range(facts.count) if row not in one.values]
        if lacking and len(lacking) > len(bare):
            found.append(
                Finding(
                    KIND,
                    "hint",
                    facts.items(lacking),
                    f"{one.head.name} is unknown for {counted(len(lacking), 'picture')} of {facts.count:,} "
                    f"({len(lacking) / facts.count:.0%}).",
                    head=one.head.name,
                )
            )
    return found
