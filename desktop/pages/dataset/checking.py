"""Checking a dataset: what was found, what of it was fixed, and where the pictures lie on the map. No Qt."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from models.progress import Progress

if TYPE_CHECKING:  # NumPy comes with them
    from training.datasets.quality.facts import Facts
    from training.datasets.quality.finding import Finding
    from training.datasets.quality.report import Report
    from training.datasets.store import DatasetStore

__all__ = ["SEVERITY_ICONS", "Checked", "Checking", "check", "fix", "gather_facts"]

SEVERITY_ICONS: Mapping[str, str] = {"error": "circle-alert", "warning": "triangle-alert", "hint": "info"}
"""How bad -> icon."""


@dataclass(frozen=True, slots=True, eq=False)
class Checked:
    """What came of a check.

    Attributes:
        report: findings and map.
        groups: question -> for each picture on the map the place of its category, -1 for none.
        look_alikes: items that show one picture.
        last_step: the last step of the dataset then; None for none.
    """

    report: Report
    groups: Mapping[str, Sequence[int]]
    look_alikes: Sequence[tuple[int, ...]]
    last_step: int | None


@dataclass(slots=True)
class Checking:
    """What was checked since the program started.

    Attributes:
        checked: by dataset.
        fixed: (dataset, place of the finding) -> the step that fixed it.
    """

    checked: dict[int, Checked] = field(default_factory=dict)
    fixed: dict[tuple[int, int], int] = field(default_factory=dict)

    def take(self, dataset: int, checked: Checked) -> None:
        """A dataset was checked anew."""
        self.checked[dataset] = checked
        self.fixed = {key: step for key, step in self.fixed.items() if key[0] != dataset}


def check(
    store: DatasetStore,
    dataset: int,
    *,
    cancel: threading.Event | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    on_step: Callable[[str], None] = lambda _: None,
) -> Checked:
    """Look for what is wrong with a dataset. For a background thread.

    Raises:
        Cancelled: ``cancel`` was set.
        DatasetError: there is no such dataset.
        ModelError: the backbone can't be run.
        WorkspaceError: the workspace can't be used.
    """
    from training.datasets.quality.report import check as run
    from training.datasets.values import Category

    last = store.next_undo(dataset)
    facts = gather_facts(store, dataset, cancel=cancel, on_progress=on_progress)
    report = run(facts, with_map=True, on_step=lambda _done, _total, words: on_step(words))
    groups = {}
    for one in facts.heads:
        if one.head.kind == "categories":
            places = {name: place for place, name in enumerate(one.head.categories)}
            values = (one.values.get(row) for row in range(facts.count))
            groups[one.head.name] = [places.get(v.name, -1) if isinstance(v, Category) else -1 for v in values]
    alike = [facts.items(group) for group in facts.near_groups]
    return Checked(report, groups, alike, last.id if last is not None else None)


def gather_facts(
    store: DatasetStore,
    dataset: int,
    *,
    cancel: threading.Event | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Facts:
    """Look at all files of a dataset that were not looked at before; as ``check``."""
    from models.database import open_cache
    from models.embedding import Backbone
    from models.library import BUNDLED
    from training.datasets.quality.gathering import gather

    with contextlib.closing(open_cache()) as cache:
        backbone = Backbone(BUNDLED / "backbone", threads=1)
        return gather(store, dataset, cache, backbone, cancel=cancel, on_progress=on_progress)


def fix(store: DatasetStore, dataset: int, finding: Finding) -> int | None:
    """Put right what was found; returns the step."""
    from training.datasets.quality.fixes import apply_fix

    return apply_fix(store, dataset, finding)
