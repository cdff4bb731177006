"""Runs for tests: tiny, and without a dataset store."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from training.config import TrainingConfig
from training.datasets.heads import HeadDef
from training.datasets.values import Category, Grade, Value
from training.runs.events import Event
from training.runs.folder import RunFolder
from training.runs.info import DatasetFacts, Group, HeadFacts, Person, RunInfo
from training.runs.items import RunItem

HEADS = (
    HeadDef("part", "categories", ("a", "b"), id=1),
    HeadDef("quality", "grade", options={"low": 1, "high": 10}, id=2),
)


def item(number: int, label: Value | None = None) -> RunItem:
    labels: dict[str, Value] = {"part": label or Category("ab"[number % 2])}
    if number % 3 == 0:
        labels["quality"] = Grade(1 + number % 9)
    split = ("train", "val", "test")[number % 3]
    return RunItem(
        f"{number:064x}", f"/pictures/{number}.png", split=split, source="real", width=32, height=24, labels=labels
    )  # type: ignore[arg-type]


def make_run(
    runs: Path,
    name: str = "20261125-043000-test",
    *,
    config: TrainingConfig | None = None,
    events: Sequence[Event] = (),
    person: Person | None = None,
    dataset: str = "bricks",
    group: Group | None = None,
    created: str = "2026-11-25T04:30:00",
) -> RunFolder:
    info = RunInfo(
        id=name,
        created=created,
        dataset=DatasetFacts(id=1, name=dataset, version="first", hash="0f" * 32),
        heads=tuple(HeadFacts(name=head.name, kind=head.kind, categories=len(head.categories)) for head in HEADS),
        group=group,
    )
    items = [item(number) for number in range(12)]
    run = RunFolder.create(runs / name, config or TrainingConfig(), info, HEADS, runs / "blobs", items, person)
    if events:
        with run.writer() as writer:
            for event in events:
                writer.write(event)
    return run
