"""Checking, fixing, dividing and freezing a dataset: what the command line and the window ask for."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from desktop.actions.datasets import find_dataset, opened
from models.database import open_cache
from models.embedding import Backbone
from models.errors import DatasetError, one_line
from models.library import BUNDLED
from models.progress import Progress
from training.datasets.quality.finding import Finding
from training.datasets.quality.fixes import apply_fix
from training.datasets.quality.gathering import gather
from training.datasets.quality.report import Report, check
from training.datasets.quality.table import CHECKS
from training.datasets.records import Dataset
from training.datasets.resplitting import Resplit, resplit
from training.datasets.splitting import HOWS, How, Ratios
from training.datasets.store import DatasetStore
from training.datasets.versions import Diff, Version, diff

__all__ = [
    "KINDS",
    "Checked",
    "check_dataset",
    "compare_versions",
    "divide",
    "find_how",
    "finding_to_json",
    "fix_findings",
    "freeze_version",
    "list_versions",
    "report_to_json",
]

KINDS: tuple[str, ...] = tuple(kind for one in CHECKS for kind in one.kinds)
"""What a check can find, by the names that the command line takes."""

Told = Callable[[int, int, str], None]
"""Is told how many steps of how many are done, and what comes next."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A dataset and what was found in it; ``fixed`` are steps that were taken, with their findings."""

    dataset: Dataset
    report: Report
    fixed: tuple[tuple[Finding, int], ...] = ()


def check_dataset(
    name: str,
    *,
    kinds: Collection[str] | None = None,
    fix: Collection[str] = (),
    with_map: bool = False,
    cancel: threading.Event | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    on_step: Told | None = None,
) -> Checked:
    """Look for what is wrong with a dataset, and fix what is named.

    Args:
        name: of the dataset.
        kinds: what to look for; None for everything.
        fix: kinds of findings whose fixes are carried out, the worst first, each a step that can be undone.
        with_map: whether to draw the map of pictures.
        cancel: set it to stop.
        on_progress: told how many files have been looked at.
        on_step: told which check runs.

    Raises:
        Cancelled: ``cancel`` was set; nothing was fixed then.
        DatasetError: there is no such dataset or kind.
        ModelError: the backbone can't be run.
        WorkspaceError: the workspace can't be used.
    """
    unknown = [one for one in (*(kinds or ()), *fix) if one not in KINDS]
    if unknown:
        raise DatasetError(f"{one_line(unknown[0])} is nothing that is looked for; choose from {', '.join(KINDS)}.")
    with _opened(name) as (store, dataset), contextlib.closing(open_cache()) as cache:
        backbone = Backbone(BUNDLED / "backbone", threads=1)
        facts = gather(store, dataset.id, cache, backbone, cancel=cancel, on_progress=on_progress)
        report = check(facts, kinds=kinds, with_map=with_map, on_step=on_step)
        return Checked(dataset, report, fix_findings(store, dataset.id, report.findings, fix))


def fix_findings(
    store: DatasetStore, dataset_id: int, findings: Sequence[Finding], kinds: Collection[str]
) -> tuple[tuple[Finding, int], ...]:
    """Carry out the fixes of ``kinds``; return them with their steps, without those that had nothing to change."""
    steps = ((one, apply_fix(store, dataset_id, one)) for one in findings if one.kind in kinds)
    return tuple((one, step) for one, step in steps if step is not None)


def find_how(name: str) -> How:
    """A way to divide by its name.

    Raises:
        DatasetError: there is none.
    """
    for one in HOWS:
        if one == name:
            return one
    raise DatasetError(f"{one_line(name)} is no way to divide pictures; choose from {', '.join(HOWS)}.")


def divide(
    name: str,
    how: How,
    ratios: Ratios,
    *,
    head: str | None = None,
    seed: int = 0,
    freeze_test: bool = False,
    cancel: threading.Event | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> tuple[Dataset, Resplit]:
    """Divide a dataset into train, val and test; "grouped" and "source" look for near duplicates first.

    Raises:
        Cancelled: ``cancel`` was set; nothing was changed.
        DatasetError: there is no such dataset, or it can't be divided so.
        ModelError: the backbone can't be run.
        WorkspaceError: the workspace can't be used.
    """
    with _opened(name) as (store, dataset):
        alike: list[tuple[int, ...]] = []
        if how in ("grouped", "source"):
            with contextlib.closing(open_cache()) as cache:
                backbone = Backbone(BUNDLED / "backbone", threads=1)
                facts = gather(store, dataset.id, cache, backbone, cancel=cancel, on_progress=on_progress)
                alike = [facts.items(group) for group in facts.near_groups]
        done = resplit(store, dataset.id, how, ratios, head=head, seed=seed, look_alikes=alike, freeze_test=freeze_test)
        return dataset, done


def freeze_version(name: str, title: str) -> Version:
    """Keep a dataset as it is now. Raises ``DatasetError`` and ``WorkspaceError``."""
    with _opened(name) as (store, dataset):
        return store.freeze(dataset.id, title)


def list_versions(name: str) -> list[Version]:
    """What was kept of a dataset. Raises ``DatasetError`` and ``WorkspaceError``."""
    with _opened(name) as (store, dataset):
        return store.versions(dataset.id)


def compare_versions(name: str, before: str, after: str | None) -> Diff:
    """What differs between two versions, each by its hash's beginning or its name; None for the dataset as it is now.

    Raises:
        DatasetError: there is no such dataset or version.
        WorkspaceError: the workspace can't be used.
    """
    with _opened(name) as (store, dataset):
        versions = store.versions(dataset.id)
        old = store.snapshot(_version(versions, before))
        new = store.snapshot(_version(versions, after)) if after is not None else store.current(dataset.id)
        return diff(old, new)


def finding_to_json(finding: Finding) -> dict[str, Any]:
    """For ``json.dumps``."""
    return {
        "kind": finding.kind,
        "severity": finding.severity,
        "head": finding.head,
        "words": finding.words,
        "fix": finding.fix_words,
        "other_fixes": [offer.words for offer in finding.others],
        "items": list(finding.items),
        "scores": [round(score, 6) for score in finding.scores],
        "groups": [list(group) for group in finding.groups],
        "notes": {str(item): note for item, note in finding.notes.items()},
    }


def report_to_json(checked: Checked) -> str:
    """The whole report as one JSON document."""
    whole = {
        "dataset": {"id": checked.dataset.id, "name": checked.dataset.name},
        "pictures": len(checked.report.ids),
        "findings": [finding_to_json(one) for one in checked.report.findings],
        "fixed": [{"kind": one.kind, "step": step} for one, step in checked.fixed],
    }
    return json.dumps(whole, indent=2)


@contextlib.contextmanager
def _opened(name: str) -> Iterator[tuple[DatasetStore, Dataset]]:
    with opened() as store:
        yield store, find_dataset(store, name)


def _version(versions: Sequence[Version], wanted: str) -> Version:
    found = [one for one in versions if one.name == wanted or one.hash.startswith(wanted.casefold())]
    if len(found) == 1:
        return found[0]
    if found:
        raise DatasetError(f"Several versions are meant by {one_line(wanted)}; give more of the hash.")
    raise DatasetError(f"There is no version {one_line(wanted)}; list them with versions D list.")
