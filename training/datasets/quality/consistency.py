"""One picture, two opinions: copies of a picture with different labels."""

from __future__ import annotations

from collections import Counter

from training.datasets.quality.facts import Facts, HeadFacts, counted
from training.datasets.quality.finding import Finding, Relabel
from training.datasets.values import Category, Grade, Tags, Value

__all__ = ["find"]

KIND = "label-consistency"

_SIMPLE = (Category, Tags, Grade)
"""Labels that must be equal on equal pictures. Boxes and masks of two sizes never are."""


def find(facts: Facts) -> list[Finding]:
    """For each question, groups that show one picture and do not agree; the fix is what most of the group say, and
    no label where there is no majority.
    """
    return [finding for one in facts.heads for finding in _of_head(facts, one)]


def _of_head(facts: Facts, one: HeadFacts) -> list[Finding]:
    groups: list[list[int]] = []
    labels: dict[int, Value | None] = {}
    for group in facts.same_groups:
        said = {row: one.values[row] for row in group if isinstance(one.values.get(row), _SIMPLE)}
        counts = Counter(said.values())
        if len(counts) < 2:
            continue
        groups.append(list(said))
        best, times = counts.most_common(1)[0]
        agreed = best if 2 * times > len(said) else None
        labels |= {int(facts.ids[row]): agreed for row, value in said.items() if value != agreed}
    if not groups:
        return []
    rows = [row for group in groups for row in group]
    return [
        Finding(
            KIND,
            "error",
            facts.items(rows),
            f"{counted(len(groups), 'picture')} saved more than once {'has' if len(groups) == 1 else 'have'} different "
            f"labels of {one.head.name}; one of them must be wrong.",
            fix=Relabel(one.head.name, labels),
            fix_words=f"Label {len(labels):,} as most of their copies, or not at all",
            groups=tuple(facts.items(group) for group in groups),
            head=one.head.name,
            notes={int(facts.ids[row]): _words(one.values[row]) for row in rows},
        )
    ]


def _words(value: Value) -> str:
    if isinstance(value, Category):
        return value.name
    if isinstance(value, Tags):
        return ", ".join(sorted(value.names)) or "none"
    return f"{value.value:g}" if isinstance(value, Grade) else ""
