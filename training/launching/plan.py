"""What a training would be trained on: the questions and pictures that a configuration chooses from a dataset."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from training.config import TrainingConfig
from training.datasets.heads import HeadDef
from training.datasets.records import SPLITS, Split
from training.datasets.versions import Snapshot, VersionRow
from training.launching.holding_out import hold_out
from training.runs.items import RunItem

__all__ = ["Plan", "make_plan"]


@dataclass(frozen=True)
class Plan:
    """What is trained on what.

    Attributes:
        config: how.
        heads: the questions that are trained.
        items: the pictures that are used, in the order of their contents.
        notices: what was decided, a sentence each.
        unlabelled: pictures of a split that answer none of the questions, and stay out.
        unsplit: pictures that are in no split, and stay out.
        unwanted: training pictures of sources that the configuration does not name, which stay out.
        held_out: whether validation was held out of the training pictures.
        sources: those of all pictures for training with a label, also of the unwanted ones, in order.
    """

    config: TrainingConfig
    heads: tuple[HeadDef, ...]
    items: tuple[RunItem, ...]
    notices: tuple[str, ...] = ()
    unlabelled: int = 0
    unsplit: int = 0
    unwanted: int = 0
    held_out: bool = False
    sources: tuple[str, ...] = ()
    _by_split: dict[Split, tuple[RunItem, ...]] = field(default_factory=dict, repr=False, compare=False)

    def of(self, split: Split) -> tuple[RunItem, ...]:
        """The pictures of one split."""
        if split not in self._by_split:
            self._by_split[split] = tuple(item for item in self.items if item.split == split)
        return self._by_split[split]

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """Split -> source -> pictures."""
        found: dict[str, dict[str, int]] = {}
        for (split, source), count in sorted(Counter((item.split, item.source) for item in self.items).items()):
            found.setdefault(split, {})[source] = count
        return {split: found[split] for split in SPLITS if split in found}


def make_plan(
    snapshot: Snapshot,
    config: TrainingConfig,
    *,
    look_alikes: Sequence[Collection[bytes]] = (),
    splits: Mapping[bytes, Split] | None = None,
) -> Plan:
    """What ``config`` would train of ``snapshot``. Nothing is written.

    Where no picture is for training, all that are in no split are; where none is for validation, some of those for
    training are held out, by groups.

    Args:
        snapshot: a version, or a dataset as it is (``DatasetStore.current``).
        config: how.
        look_alikes: groups of contents that show one picture, so that none is on both sides of the hold-out.
        splits: content -> split instead of the dataset's, such as of one fold; what it lacks stays as it is.
    """
    heads = tuple(head for head in snapshot.heads if config.head(head.name).train)
    names = {head.name for head in heads}
    given = splits or {}
    split_of = {row.content: given.get(row.content, row.split) for row in snapshot.rows}
    notices: list[str] = []
    if "train" not in split_of.values() and "" in split_of.values():
        split_of = {content: split or "train" for content, split in split_of.items()}
        notices.append("The dataset is not divided, so all pictures that are in no split are trained on.")
    answered = [row for row in snapshot.rows if names & row.labels.keys()]
    sources = {row.source for row in answered if split_of[row.content] == "train"}
    unwanted = {row.content for row in answered if not _wanted(row, split_of[row.content], config)}
    used = [row for row in answered if split_of[row.content] and row.content not in unwanted]
    held_out = False
    if not any(split_of[row.content] == "val" for row in used):
        free = [row for row in used if split_of[row.content] == "train"]
        head = next((one for one in heads if one.categories), None)
        held, more = hold_out(free, head, config.data.holdout, config.compute.seed, look_alikes)
        split_of |= dict.fromkeys(held, "val")
        held_out = bool(held)
        notices += more
        if held:
            kept = ", groups kept whole" if any(row.group for row in free) else ""
            notices.append(
                f"The dataset has no pictures for validation, so {len(held):,} of {len(free):,} for training are held "
                f"out for it{kept}."
            )
    return Plan(
        config,
        heads,
        tuple(_item(row, split_of[row.content], names) for row in used),
        tuple(notices),
        unlabelled=sum(bool(split_of[row.content]) and not names & row.labels.keys() for row in snapshot.rows),
        unsplit=sum(not split_of[row.content] for row in snapshot.rows),
        unwanted=len(unwanted),
        held_out=held_out,
        sources=tuple(sorted(sources)),
    )


def _wanted(row: VersionRow, split: Split, config: TrainingConfig) -> bool:
    """What is judged with stays, whatever is trained on."""
    return split != "train" or not config.data.sources or row.source in config.data.sources


def _item(row: VersionRow, split: Split, names: set[str]) -> RunItem:
    labels = {name: value for name, value in row.labels.items() if name in names}
    path = os.fsdecode(row.place.path)
    return RunItem(
        row.content.hex(), path, row.place.member, split, row.source, row.group, row.width, row.height, labels
    )
