"""Pictures of the training split that are used for validation where a dataset has none for it; folds likewise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import PurePath

from models.errors import DatasetError
from training.datasets.heads import HeadDef, named_categories
from training.datasets.quality.clusters import Clusters
from training.datasets.splitting import Pictures, Ratios, split
from training.datasets.versions import VersionRow
from training.series import series, series_key

__all__ = ["belonging", "hold_out", "rarest"]


def hold_out(
    rows: Sequence[VersionRow],
    head: HeadDef | None,
    share: float,
    seed: int,
    look_alikes: Sequence[Collection[bytes]] = (),
) -> tuple[frozenset[bytes], tuple[str, ...]]:
    """The contents of those of ``rows`` that are to be validated with, and what could not be had, a sentence each.

    What belongs together stays together: one group, one series by its names, and what is known to look alike.

    Args:
        rows: all pictures that may be trained on.
        head: of whose categories validation is to have its share; None for any.
        share: of the pictures, 0 to 1.
        seed: another one draws others.
        look_alikes: groups of contents that show one picture.
    """
    pictures = Pictures(
        contents=[row.content for row in rows],
        splits=["train"] * len(rows),
        frozen=[False] * len(rows),
        strata=rarest(rows, head),
        groups=belonging(rows, head, look_alikes),
        sources=[row.source for row in rows],
    )
    try:
        divided = split(pictures, "grouped", Ratios(1 - share, share, 0.0), seed=seed)
    except DatasetError:
        return frozenset(), ("There are too few pictures to hold any out for validation.",)
    held = frozenset(row.content for row, now in zip(rows, divided.splits, strict=True) if now == "val")
    return held, ()


def rarest(rows: Sequence[VersionRow], head: HeadDef | None) -> list[str | None]:
    """Of each row the rarest category that its label of ``head`` names; None without one."""
    if head is None:
        return [None] * len(rows)
    named = [named_categories(head, row.labels[head.name]) if head.name in row.labels else frozenset() for row in rows]
    counts = Counter(name for names in named for name in names)
    return [min(names, key=lambda name: (counts[name], name)) if names else None for names in named]


def belonging(
    rows: Sequence[VersionRow], head: HeadDef | None, look_alikes: Sequence[Collection[bytes]] = ()
) -> list[int]:
    """Of each row a number, the same for those that a split must not part."""
    clusters = Clusters(len(rows))
    places = {row.content: number for number, row in enumerate(rows)}
    for group in look_alikes:
        known = sorted(places[content] for content in group if content in places)
        clusters.join_pairs(known[:1] * (len(known) - 1), known[1:])
    clusters.join_equal([row.group for row in rows])
    strata = rarest(rows, head)
    for source in {row.source for row in rows}:
        # Of each source by itself: 30 of 30 numbered pictures are no series, and would be one among 60 of another
        names = {
            number: name
            for number, (row, name) in enumerate(zip(rows, strata, strict=True))
            if row.source == source and name is not None
        }
        keys = {number: series_key(PurePath(rows[number].place.source.label)) for number in names}
        found = series(keys, names)
        clusters.join_equal([found.get(number) for number in range(len(rows))])
    return [int(number) for number in clusters.numbers()]
