"""Checking a dataset: what was found, what of it was fixed, and where the pictures lie on the map. No Qt.

The last report of each dataset is kept, with what of it was fixed, and is there again after a restart.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from desktop.pages.dataset.wording import moment
from models.errors import WorkspaceError
from models.progress import Progress

if TYPE_CHECKING:  # NumPy comes with them
    from training.datasets.outcomes import Step
    from training.datasets.quality.facts import Facts
    from training.datasets.quality.report import Report
    from training.datasets.store import DatasetStore

__all__ = ["SEVERITY_ICONS", "Checked", "Checking", "check", "fix", "gather_facts", "load", "since", "when"]

_log = logging.getLogger(__name__)

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
        time: when it was made, ISO 8601, UTC.
    """

    report: Report
    groups: Mapping[str, Sequence[int]]
    look_alikes: Sequence[tuple[int, ...]]
    last_step: int | None
    time: str = ""


@dataclass(slots=True)
class Checking:
    """What is known of checks.

    Attributes:
        checked: by dataset.
        fixed: (dataset, place of the finding) -> the step that fixed it.
        asked: datasets whose kept report was looked for.
    """

    checked: dict[int, Checked] = field(default_factory=dict)
    fixed: dict[tuple[int, int], int] = field(default_factory=dict)
    asked: set[int] = field(default_factory=set)

    def take(self, dataset: int, checked: Checked) -> None:
        """A dataset was checked anew."""
        self.checked[dataset] = checked
        self.fixed = {key: step for key, step in self.fixed.items() if key[0] != dataset}

    def restore(self, dataset: int, loaded: tuple[Checked, Mapping[int, int]] | None) -> None:
        """What was kept of a dataset, from ``load``; it does not replace what has been checked meanwhile."""
        if loaded is not None and dataset not in self.checked:
            checked, fixed = loaded
            self.take(dataset, checked)
            self.fixed |= {(dataset, place): step for place, step in fixed.items()}


def check(
    store: DatasetStore,
    dataset: int,
    *,
    cancel: threading.Event | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    on_step: Callable[[str], None] = lambda _: None,
) -> Checked:
    """Look for what is wrong with a dataset, and keep the report. For a background thread.

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
    now = datetime.now(UTC).isoformat(timespec="microseconds")
    checked = Checked(report, groups, alike, last.id if last is not None else None, now)
    _keep(store, dataset, checked)
    return checked


def _keep(store: DatasetStore, dataset: int, checked: Checked) -> None:
    """A report that can't be kept is shown all the same."""
    from models.database import open_cache
    from training.datasets.quality.kept import Kept, KeptReports

    kept = Kept(checked.report, checked.time, checked.last_step, checked.groups, checked.look_alikes)
    try:
        with contextlib.closing(open_cache()) as cache:
            KeptReports(cache).put(store.dataset(dataset), kept)
    except WorkspaceError as error:
        _log.warning("The report was not kept: %s", error)


def load(store: DatasetStore, dataset: int) -> tuple[Checked, Mapping[int, int]] | None:
    """The report that was kept of a dataset, and place of a finding -> the step that fixed it. For a background thread.

    Returns:
        None where there is none, or it is damaged.

    Raises:
        DatasetError: there is no such dataset.
        WorkspaceError: the workspace can't be used.
    """
    from models.database import open_cache
    from training.datasets.quality.kept import KeptReports

    with contextlib.closing(open_cache()) as cache:
        kept = KeptReports(cache).get(store.dataset(dataset))
    if kept is None:
        return None
    return Checked(kept.report, kept.groups, kept.look_alikes, kept.last_step, kept.time), kept.fixed


def since(checked: Checked, steps: Sequence[Step], last: int | None) -> str:
    """How much has changed since a check, in words; "" for nothing.

    Args:
        checked: what came of it.
        steps: of the dataset that are done, the last ones first; not necessarily all.
        last: the last step that is done; None for none.
    """
    if last == checked.last_step:
        return ""
    count = sum(step.id > (checked.last_step or 0) for step in steps)
    if not count:
        return "something was undone since"
    more = "or more " if count == len(steps) and len(steps) > 1 else ""
    return f"{count:,} {more}{'change' if count == 1 else 'changes'} since"


def when(checked: Checked) -> str:
    """When a check was made, in the time of this computer; "" where that is not known."""
    try:
        return moment(checked.time)
    except ValueError:
        return ""


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


def fix(store: DatasetStore, dataset: int, checked: Checked, place: int, choice: int = 0) -> int | None:
    """Put right what was found, and note that; returns the step, None when there is nothing left to change.

    Args:
        store: of datasets.
        dataset: that was checked.
        checked: what came of it.
        place: of the finding in the report.
        choice: which of its ways.

    Raises:
        DatasetError: the dataset has changed meanwhile so that it can't be done; nothing is changed.
        WorkspaceError: the workspace can't be used.
    """
    from models.database import open_cache
    from training.datasets.quality.fixes import apply_fix
    from training.datasets.quality.kept import KeptReports

    step = apply_fix(store, dataset, checked.report.findings[place].choosing(choice))
    if step is not None:
        try:
            with contextlib.closing(open_cache()) as cache:
                KeptReports(cache).mark(dataset, checked.time, place, step)
        except WorkspaceError as error:  # the step is taken; that the report does not know it costs a second look
            _log.warning("The report does not know of its fix: %s", error)
    return step
