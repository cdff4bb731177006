"""Categories that a split lacks which exists, and the ways to bring them there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from training.datasets.quality.clusters import Clusters
from training.datasets.quality.facts import Facts, HeadFacts, counted
from training.datasets.quality.finding import Finding, Offer, Relabel, SetSplits
from training.datasets.quality.uneven import FEWEST, listed
from training.datasets.records import Split
from training.datasets.splitting import Ratios, spread

__all__ = ["KIND", "find_absent"]

KIND = "absent-categories"

_ORDER: tuple[Split, ...] = ("train", "val", "test")


def find_absent(facts: Facts, one: HeadFacts, rows: Mapping[str, list[int]]) -> list[Finding]:
    """One finding at most, for the categories of ``FEWEST`` pictures and more.

    The fix spreads their pictures as all pictures are spread. Others release what is frozen of them, cut what is one
    series into blocks by the names of its files (neighbours and look-alikes stay together, and each block is a group
    of its own from then on), or leave the categories out for now.

    Args:
        facts: all that is known.
        one: the question.
        rows: category -> rows whose label names it.
    """
    sizes: Counter[Split] = Counter(split for split in facts.splits if split)
    present = [split for split in _ORDER if sizes[split]]
    if len(present) < 2:
        return []
    absent = {
        name: own
        for name, own in rows.items()
        if len(own) >= FEWEST and any(all(facts.splits[row] != split for row in own) for split in present)
    }
    if not absent:
        return []
    ratios = Ratios(*(sizes[split] / sizes.total() for split in _ORDER))
    every = sorted({row for own in absent.values() for row in own})
    free = [row for row in every if not facts.frozen[row]]
    concerned = [row for row in free if facts.splits[row]] or free or every
    return [
        Finding(
            KIND,
            "warning",
            facts.items(concerned),
            f"{listed(absent)} of {one.head.name} {'has' if len(absent) == 1 else 'have'} no picture in one of the "
            "splits; what is not in train can't be learned, and what is not in test is not measured.",
            head=one.head.name,
        ).offering(_offers(facts, one, absent, concerned, every, ratios, len(present)))
    ]


def _offers(
    facts: Facts,
    one: HeadFacts,
    absent: Mapping[str, list[int]],
    concerned: Sequence[int],
    every: Sequence[int],
    ratios: Ratios,
    present: int,
) -> list[Offer]:
    spreading = []
    if not facts.frozen[concerned].any():
        moves = _spread(facts, absent, concerned, ratios)
        if moves:
            spreading.append(Offer(SetSplits(moves), f"Spread them over the splits, moves {len(moves):,}"))
    frozen = int(facts.frozen[every].sum())
    if frozen:
        moves = _spread(facts, absent, every, ratios)
        if moves:
            words = f"Release {frozen:,} frozen and spread them over the splits, moves {len(moves):,}"
            spreading.append(Offer(SetSplits(moves, release=True), words))
    enough = all(len({int(facts.together[row]) for row in own}) >= present for own in absent.values())
    cut = None if enough else _cut(facts, absent, ratios, present)
    whole = "label" if one.head.kind == "categories" else "whole answer"
    leave_out = f"Leave them out for now: take the {whole} from {counted(len(every), 'picture')}"
    leaving = Offer(Relabel(one.head.name, dict.fromkeys(facts.items(every))), leave_out)
    # To spread what is too few units would leave a split without it still, and comes last then
    found = [*spreading, leaving] if enough else [cut, leaving, *spreading]
    return [offer for offer in found if offer is not None]


def _spread(facts: Facts, absent: Mapping[str, list[int]], rows: Sequence[int], ratios: Ratios) -> dict[int, Split]:
    names = {row: name for name, own in absent.items() for row in own}
    splits = spread(
        [facts.contents[row] for row in rows],
        ratios,
        strata=[names[row] for row in rows],
        groups=[int(facts.together[row]) for row in rows],
    )
    return {int(facts.ids[row]): split for row, split in zip(rows, splits, strict=True) if split != facts.splits[row]}


def _cut(facts: Facts, absent: Mapping[str, list[int]], ratios: Ratios, present: int) -> Offer | None:
    """Blocks of what is one series; None where all of it looks alike and nothing can be parted."""
    clusters = Clusters(facts.count)
    for group in facts.near_groups:
        clusters.join_pairs(group[:1] * (len(group) - 1), group[1:])
    alike = clusters.numbers()
    moves: dict[int, Split] = {}
    groups: dict[int, str] = {}
    frozen = 0
    for name, own in absent.items():
        if len({int(facts.together[row]) for row in own}) >= present:
            continue
        units: dict[int, list[int]] = {}
        for row in sorted(own, key=lambda row: _natural(facts.names[row])):
            units.setdefault(int(alike[row]), []).append(row)
        if len(units) < present:
            continue
        for split, rows in _blocks(list(units.values()), ratios).items():
            for row in rows:
                item = int(facts.ids[row])
                groups[item] = f"{facts.groups[row] or name} / {split}"
                if facts.splits[row] != split:
                    moves[item] = split
                    frozen += bool(facts.frozen[row])
    if not moves:
        return None
    words = f"Cut the series into a block for each split, by the names of its files, moves {len(moves):,}"
    words += f", {frozen:,} of them frozen" if frozen else ""
    return Offer(SetSplits(moves, release=frozen > 0, groups=groups), words)


def _blocks(units: Sequence[Sequence[int]], ratios: Ratios) -> dict[Split, list[int]]:
    """Units in their order, a stretch for each split that has a share, one unit at least."""
    wanted = [(split, share) for split, share in zip(_ORDER, ratios.shares, strict=True) if share > 0]
    count = sum(map(len, units))
    blocks: dict[Split, list[int]] = {split: [] for split, _ in wanted}
    place, due, done = 0, wanted[0][1] * count, 0
    for number, unit in enumerate(units):
        left = len(wanted) - place - 1
        split = wanted[place][0]
        if left and blocks[split] and (done + len(unit) / 2 > due or len(units) - number <= left):
            place += 1
            split = wanted[place][0]
            due += wanted[place][1] * count
        blocks[split] += unit
        done += len(unit)
    return blocks


def _natural(name: str) -> list[tuple[int, str]]:
    """Sorts "10" after "9"."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"(\d+)", name)]
