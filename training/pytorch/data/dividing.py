"""Which pictures train, which validate, which are judged by at the end."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from models.errors import TrainingError
from training.config import DataConfig
from training.runs.items import RunItem

__all__ = ["Divided", "divide"]


@dataclass(frozen=True, slots=True)
class Divided:
    """The items of a run by use; none of them without a label that is learned.

    Attributes:
        train: at least one.
        val: at least one: where there are too few pictures to hold some back, those of ``train``.
        test: may be ().
        note: what a person should know of it; "" for nothing.
    """

    train: tuple[RunItem, ...]
    val: tuple[RunItem, ...]
    test: tuple[RunItem, ...]
    note: str = ""


def divide(items: Sequence[RunItem], heads: Collection[str], config: DataConfig, seed: int) -> Divided:
    """Divide ``items`` by their splits; without a split an item trains.

    Where none is for validation, a share of the groups that train is held back, the same ones for the same seed.

    Raises:
        TrainingError: nothing is left to train on.
    """
    labelled = [item for item in items if any(name in item.labels for name in heads)]
    wanted = set(config.sources)
    train = [item for item in labelled if item.split in ("train", "") and (not wanted or item.source in wanted)]
    val = [item for item in labelled if item.split == "val"]
    test = [item for item in labelled if item.split == "test"]
    if not train:
        why = f"of the sources {', '.join(sorted(wanted))} " if wanted else ""
        raise TrainingError(f"No picture {why}has a label and is for training; label some, or choose other splits.")
    note = ""
    if not val:
        groups = sorted({_group(item) for item in train}, key=lambda name: _mixed(seed, name))
        held = set(groups[: round(config.holdout * len(groups)) or 1]) if len(groups) > 1 else set()
        val = [item for item in train if _group(item) in held]
        train = [item for item in train if _group(item) not in held]
        note = f"No picture is for validation: {len(val):,} of those for training are held back for it."
    if not val:
        val = train
        note = "There is a single picture or group, so what is learned is judged on itself."
    return Divided(tuple(train), tuple(val), tuple(test), note)


def _group(item: RunItem) -> str:
    return f"group {item.group}" if item.group else item.key


def _mixed(seed: int, name: str) -> bytes:
    return hashlib.sha256(f"{seed} {name}".encode("utf-8", "surrogateescape")).digest()
