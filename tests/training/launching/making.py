"""Snapshots and plans that need no store and no files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from tests.training.datasets.making import content
from training.config import TrainingConfig
from training.datasets.heads import HeadDef
from training.datasets.records import Place, Split
from training.datasets.values import Category, Value
from training.datasets.versions import Snapshot, VersionRow
from training.engine.environment import Engine
from training.launching.machine_checks import Surroundings
from training.launching.plan import Plan, make_plan

PART = HeadDef("part", "categories", ("a", "b"), id=1)
A, B = Category("a"), Category("b")
ENGINE = Engine("torch", Path("/engine/bin/python"), "cpu", {"torch": "2.11.0", "rich": "1"}, False, Path("/engine"))
PLENTY = Surroundings(ENGINE, 1 << 40, 1 << 40)


def row(
    name: str,
    split: Split = "train",
    labels: Mapping[str, Value] | None = None,
    *,
    source: str = "",
    group: str = "",
    folder: Path = Path("/pictures"),
) -> VersionRow:
    labels = {"part": A} if labels is None else labels
    place = Place(os.fsencode(folder / f"{name}.png"))
    return VersionRow(content(name), split, labels, place, source, group, 32, 24)


def snapshot(*rows: VersionRow, heads: tuple[HeadDef, ...] = (PART,)) -> Snapshot:
    return Snapshot(heads, tuple(sorted(rows, key=lambda one: one.content)))


def plenty(train: int = 20, val: int = 6) -> list[VersionRow]:
    """Rows with which nothing is wrong."""
    found = [row(f"train {number}", "train", {"part": (A, B)[number % 2]}) for number in range(train)]
    return found + [row(f"val {number}", "val", {"part": (A, B)[number % 2]}) for number in range(val)]


def plan_of(*rows: VersionRow, config: TrainingConfig | None = None, heads: tuple[HeadDef, ...] = (PART,)) -> Plan:
    return make_plan(snapshot(*rows, heads=heads), config or TrainingConfig())
