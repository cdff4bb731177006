"""How much of the dataset is labelled."""

from __future__ import annotations

from training.datasets.quality.facts import Facts, counted
from training.datasets.quality.finding import Finding, SetSplits

__all__ = ["find"]

KIND = "coverage"


def find(facts: Facts) -> list[Finding]:
    """Pictures that nobody has said anything about; the fix keeps them out of the splits, where they teach and measure
    nothing. Once they are, there is none: what they are a person must say, as far as ``unknown`` does not.
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
                f"{counted(len(bare), 'picture')} of {facts.count:,} {'has' if len(bare) == 1 else 'have'} no label at "
                "all.",
                fix=SetSplits(dict.fromkeys(moves, "")) if moves else None,
                fix_words=f"Take {len(moves):,} out of the splits" if moves else "",
            )
        )
    return found
