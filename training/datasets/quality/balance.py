"""Categories with too few pictures, with far fewer than others, missing from a split, or with none at all."""

from __future__ import annotations

from training.datasets.heads import named_categories
from training.datasets.quality.absent import find_absent
from training.datasets.quality.facts import Facts, HeadFacts, counted
from training.datasets.quality.finding import DropCategories, Finding, Relabel
from training.datasets.quality.uneven import FEWEST, find_uneven, listed

__all__ = ["find"]

UNUSED, SCARCE = "unused-categories", "scarce-categories"


def find(facts: Facts) -> list[Finding]:
    """For each question with categories."""
    return [finding for one in facts.heads if one.head.categories for finding in _of_head(facts, one)]


def _of_head(facts: Facts, one: HeadFacts) -> list[Finding]:
    rows: dict[str, list[int]] = {name: [] for name in one.head.categories}
    for row, value in sorted(one.values.items()):
        for name in named_categories(one.head, value):
            rows[name].append(row)
    if not any(rows.values()):
        return []
    return [
        *_unused(one, rows),
        *_few(facts, one, rows),
        *find_uneven(facts, one, rows),
        *find_absent(facts, one, rows),
    ]


def _unused(one: HeadFacts, rows: dict[str, list[int]]) -> list[Finding]:
    unused = tuple(name for name, own in rows.items() if not own)
    if not unused:
        return []
    return [
        Finding(
            UNUSED,
            "hint",
            (),
            f"No picture is labelled with {listed(unused)} of {one.head.name}.",
            fix=DropCategories(one.head.name, unused),
            fix_words=f"Remove {counted(len(unused), 'category', 'categories')}",
            head=one.head.name,
        )
    ]


def _few(facts: Facts, one: HeadFacts, rows: dict[str, list[int]]) -> list[Finding]:
    few = {name: own for name, own in rows.items() if 0 < len(own) < FEWEST}
    if not few:
        return []
    items = facts.items(sorted({row for own in few.values() for row in own}))
    # A label that names several things says something of the others too, and goes as a whole: what is left of it
    # would say that the scarce thing is not there
    whole = "label" if one.head.kind == "categories" else "whole answer"
    return [
        Finding(
            SCARCE,
            "warning",
            items,
            f"{listed(few)} of {one.head.name} {'has' if len(few) == 1 else 'have'} fewer than {FEWEST} pictures; "
            "label more, or leave them out for now.",
            fix=Relabel(one.head.name, dict.fromkeys(items)),
            fix_words=f"Take the {whole} from {counted(len(items), 'picture')}",
            head=one.head.name,
        )
    ]
