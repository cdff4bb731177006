"""Categories with too few pictures, with far fewer than others, missing from a split, or with none at all."""

from __future__ import annotations

from collections import Counter

from training.datasets.heads import named_categories
from training.datasets.quality.facts import Facts, HeadFacts, counted
from training.datasets.quality.finding import DropCategories, Finding, Relabel, SetSplits
from training.datasets.quality.uneven import FEWEST, find_uneven
from training.datasets.records import Split
from training.datasets.splitting import Ratios, spread

__all__ = ["find"]

UNUSED, SCARCE, ABSENT = "unused-categories", "scarce-categories", "absent-categories"


def find(facts: Facts) -> list[Finding]:
    """For each question with categories.

    There is no fix for a category that a split lacks where its pictures are frozen, or one series that must not be
    parted: a person has to release the split, or to label more.
    """
    return [finding for one in facts.heads if one.head.categories for finding in _of_head(facts, one)]


def _of_head(facts: Facts, one: HeadFacts) -> list[Finding]:
    rows: dict[str, list[int]] = {name: [] for name in one.head.categories}
    for row, value in sorted(one.values.items()):
        for name in named_categories(one.head, value):
            rows[name].append(row)
    if not any(rows.values()):
        return []
    return [*_unused(one, rows), *_few(facts, one, rows), *find_uneven(facts, one, rows), *_absent(facts, one, rows)]


def _unused(one: HeadFacts, rows: dict[str, list[int]]) -> list[Finding]:
    unused = tuple(name for name, own in rows.items() if not own)
    if not unused:
        return []
    return [
        Finding(
            UNUSED,
            "hint",
            (),
            f"No picture is labelled with {_list(unused)} of {one.head.name}.",
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
            f"{_list(few)} of {one.head.name} {'has' if len(few) == 1 else 'have'} fewer than {FEWEST} pictures; label "
            "more, or leave them out for now.",
            fix=Relabel(one.head.name, dict.fromkeys(items)),
            fix_words=f"Take the {whole} from {counted(len(items), 'picture')}",
            head=one.head.name,
        )
    ]


def _absent(facts: Facts, one: HeadFacts, rows: dict[str, list[int]]) -> list[Finding]:
    """Categories that a split lacks which exists; the fix spreads their pictures as all pictures are spread."""
    sizes: Counter[Split] = Counter(split for split in facts.splits if split)
    wanted: tuple[Split, ...] = ("train", "val", "test")
    present = [split for split in wanted if sizes[split]]
    if len(present) < 2:
        return []
    absent = [
        name
        for name, own in rows.items()
        if len(own) >= FEWEST and any(all(facts.splits[row] != split for row in own) for split in present)
    ]
    if not absent:
        return []
    free = sorted({row for name in absent for row in rows[name] if not facts.frozen[row]})
    concerned = [row for row in free if facts.splits[row]] or free
    ratios = Ratios(*(sizes[split] / sizes.total() for split in wanted))
    keys = [facts.contents[row] for row in concerned]
    names = {row: name for name in absent for row in rows[name]}
    units = [int(facts.together[row]) for row in concerned]
    spread_out = spread(keys, ratios, strata=[names[row] for row in concerned], groups=units) if concerned else []
    moves = {
        int(facts.ids[row]): split
        for row, split in zip(concerned, spread_out, strict=True)
        if split != facts.splits[row]
    }
    return [
        Finding(
            ABSENT,
            "warning",
            facts.items(concerned or sorted({row for name in absent for row in rows[name]})),
            f"{_list(absent)} of {one.head.name} {'has' if len(absent) == 1 else 'have'} no picture in one of the "
            "splits; what is not in train can't be learned, and what is not in test is not measured.",
            fix=SetSplits(moves) if moves else None,
            fix_words=f"Spread them over the splits, moves {len(moves):,}" if moves else "",
            head=one.head.name,
        )
    ]


def _list(names: object) -> str:
    some = list(names) if isinstance(names, dict | list | tuple) else []
    return ", ".join(some[:8]) + (f" and {len(some) - 8:,} more" if len(some) > 8 else "")
