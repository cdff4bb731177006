"""A run made ready: the dataset frozen, the pictures written down, everything recorded that it takes to repeat it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from models.database import Database
from models.errors import TrainingError, one_line
from training.config import TrainingConfig
from training.datasets.quality.kept import KeptReports
from training.datasets.records import Dataset, Split
from training.datasets.store import DatasetStore
from training.datasets.versions import Version
from training.launching.plan import Plan, make_plan
from training.runs.folder import RunFolder
from training.runs.info import DatasetFacts, Group, HeadFacts, RunInfo
from training.runs.naming import new_id
from training.runs.recording import code_version

__all__ = ["known_look_alikes", "prepare", "runs_folder"]


def runs_folder(workspace: Path) -> Path:
    """Where the runs of a workspace lie; the folder need not be there."""
    return workspace / "runs"


def prepare(
    store: DatasetStore,
    dataset: Dataset,
    config: TrainingConfig,
    version: Version | None = None,
    *,
    runs: Path | None = None,
    look_alikes: Sequence[Collection[bytes]] = (),
    splits: Mapping[bytes, Split] | None = None,
    group: Group | None = None,
) -> RunFolder:
    """Make the folder of a new run, ready to be started.

    Args:
        store: of datasets.
        dataset: what is trained on.
        config: how.
        version: of the dataset; None freezes it as it is now, or takes the version that is equal to it.
        runs: the folder of all runs; None for the workspace's.
        look_alikes: groups of contents that show one picture (``known_look_alikes``).
        splits: content -> split instead of the dataset's, such as of one fold.
        group: what the run is a part of.

    Raises:
        TrainingError: nothing can be trained on, or the folder can't be written.
        DatasetError: there is no such dataset.
        WorkspaceError: the database can't be used.
    """
    if version is not None and version.dataset != dataset.id:
        raise TrainingError(
            f"The version {one_line(version.name)} is not one of {one_line(dataset.name)}; choose one of its own."
        )
    runs = runs or runs_folder(store.folder)
    name = new_id(runs, config.name or dataset.name)
    if version is None:  # what can't be trained is no reason to freeze
        _check(make_plan(store.current(dataset.id), config, splits=splits), dataset)
    version = version or store.freeze(dataset.id, f"Training {name[:15]}")
    plan = make_plan(store.snapshot(version), config, look_alikes=look_alikes, splits=splits)
    _check(plan, dataset)
    info = RunInfo(
        id=name,
        dataset=DatasetFacts(id=dataset.id, name=dataset.name, version=version.name, hash=version.hash),
        heads=tuple(HeadFacts(name=one.name, kind=one.kind, categories=len(one.categories)) for one in plan.heads),
        counts=plan.counts,
        notices=plan.notices,
        code=code_version(),
        seed=config.compute.seed,
        group=group,
    )
    return RunFolder.create(runs / name, config, info, plan.heads, store.blobs.folder.absolute(), plan.items)


def known_look_alikes(store: DatasetStore, dataset: Dataset, cache: Database) -> list[list[bytes]] | None:
    """Groups of contents that show one picture, as the last check of the dataset's quality found them.

    Args:
        store: of datasets.
        dataset: which was checked.
        cache: from ``models.database.open_cache``.

    Returns:
        None where the dataset was never checked.

    Raises:
        WorkspaceError: a database can't be read.
    """
    kept = KeptReports(cache).get(dataset)
    if kept is None:
        return None
    contents = {item.id: item.content for item in store.items(dataset.id)} if kept.look_alikes else {}
    groups = [[contents[item] for item in group if item in contents] for group in kept.look_alikes]
    return [group for group in groups if len(group) > 1]


def _check(plan: Plan, dataset: Dataset) -> None:
    """Raise for what no trainer could begin with; all else is for ``preflight`` to say and the person to decide."""
    name = one_line(dataset.name)
    if not plan.heads:
        raise TrainingError(f"No question of {name} is to be trained; add one, or choose one to train.")
    if not plan.of("train"):
        raise TrainingError(
            f"No picture of {name} that is for training has a label to learn from; label some pictures first."
        )
