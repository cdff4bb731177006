"""A training from what a person asks for to the installed model: set up, looked through, started, resumed, handed over.

The window and the command line come here. What trains is another process; nothing here imports PyTorch.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop.actions.datasets import find_dataset, opened, summarise
from models.database import open_cache
from models.errors import TrainingError, WorkspaceError
from models.worker import Step
from models.workspace import reason
from training.config import PRESETS, TrainingConfig, begin, read_config, template_for, with_set
from training.datasets.heads import HeadDef
from training.datasets.store import DatasetStore
from training.datasets.versions import Version
from training.handover import HandedOver, hand_over
from training.launching.finding import Finding
from training.launching.handle import Handle
from training.launching.machine_checks import look_around
from training.launching.plan import make_plan
from training.launching.preflight import preflight
from training.launching.preparing import known_look_alikes, prepare, runs_folder
from training.launching.starting import resume, start
from training.runs.folder import RunFolder
from training.runs.state import state_of

__all__ = [
    "Finding",
    "Planned",
    "Wish",
    "check_training",
    "hand_over_run",
    "plan_training",
    "resume_training",
    "start_training",
]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asks for.

    Attributes:
        dataset: its name or number.
        template: of the task; "" for the usual one of the dataset.
        preset: how much effort is made; "" for "balanced", or for what ``config`` says.
        config: a file with a whole configuration, instead of a template's; None for none.
        settings: such as "schedule.epochs=3", in their order.
        name: of the run; "" for one made of dataset and date.
    """

    dataset: str
    template: str = ""
    preset: str = ""
    config: Path | None = None
    settings: tuple[str, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """A training that could begin.

    Attributes:
        dataset: number of the dataset.
        title: what the dataset is called.
        config: how it would be trained.
        version: the name of the frozen version it would be trained on; "" for the dataset as it is then.
        findings: what will go wrong or is worth knowing, the worst first.
        look_alikes: groups of contents that show one picture.
    """

    dataset: int
    title: str
    config: TrainingConfig
    version: str
    findings: tuple[Finding, ...]
    look_alikes: tuple[tuple[bytes, ...], ...] = ()

    @property
    def stopped_by(self) -> Finding | None:
        """Why it can't begin; None when it can."""
        return next((one for one in self.findings if one.severity == "error"), None)


def plan_training(wish: Wish) -> Planned:
    """Set a training up and look it through; nothing is written.

    Raises:
        DatasetError: there is no such dataset.
        TrainingError: a template, preset, file or setting can't be used.
        WorkspaceError: the workspace can't be used.
    """
    with opened() as store:
        dataset = find_dataset(store, wish.dataset)
        config = _configured(wish, dataset.template, dataset.heads, [*summarise(store, dataset).sources])
    return check_training(dataset.id, config)


def check_training(dataset_id: int, config: TrainingConfig, version: str = "") -> Planned:
    """Look a training through; nothing is written.

    Args:
        dataset_id: number of the dataset.
        config: how it would be trained.
        version: the name of a frozen version of it; "", or the name of none, for the dataset as it is.

    Raises:
        DatasetError: there is no such dataset.
        WorkspaceError: the workspace can't be used.
    """
    with opened() as store:
        dataset = store.dataset(dataset_id)
        frozen = _version(store, dataset_id, version)
        snapshot = store.snapshot(frozen) if frozen is not None else store.current(dataset_id)
        with contextlib.closing(open_cache()) as cache:
            groups = known_look_alikes(store, dataset, cache)
        runs = runs_folder(store.folder)
    plan = make_plan(snapshot, config, look_alikes=groups or ())
    found = preflight(plan, look_around(runs), look_alikes=groups, runs=runs)
    alike = tuple(tuple(group) for group in groups or ())
    return Planned(dataset.id, dataset.name, config, frozen.name if frozen else "", tuple(found), alike)


def start_training(planned: Planned, *, beside: bool = False) -> Handle:
    """Freeze the dataset, make the run and begin it in a process that outlives this one.

    Args:
        planned: from ``plan_training`` or ``check_training``.
        beside: whether it may run beside other trainings.

    Raises:
        TrainingError: it can't be prepared or started, or another training runs.
        EngineError: there is no engine; the sentence says how to get one.
    """
    with opened() as store:
        frozen = _version(store, planned.dataset, planned.version)
        run = prepare(store, store.dataset(planned.dataset), planned.config, frozen, look_alikes=planned.look_alikes)
    return start(run, beside=beside)


def resume_training(run: RunFolder, *, beside: bool = False) -> Handle:
    """Go on with a run from its latest checkpoint, or begin one that is only prepared; as ``start_training``."""
    return (start if state_of(run) == "prepared" else resume)(run, beside=beside)


def hand_over_run(
    run: RunFolder,
    *,
    again: bool = False,
    cancel: threading.Event | None = None,
    on_progress: Callable[[Step], None] | None = None,
) -> HandedOver:
    """Check, pack and install the model of a run, once: ``training.handover.hand_over``."""
    return hand_over(run.path, again=again, cancel=cancel, on_progress=on_progress)


def _version(store: DatasetStore, dataset: int, name: str) -> Version | None:
    return next((one for one in store.versions(dataset) if name and one.name == name), None)


def _configured(wish: Wish, template: str, heads: Sequence[HeadDef], sources: Sequence[str]) -> TrainingConfig:
    if wish.config is not None:
        config = _read(wish.config)
        if wish.preset:
            if wish.preset not in PRESETS:
                raise TrainingError(f"There is no preset {wish.preset}; the presets are: {', '.join(PRESETS)}.")
            config = PRESETS[wish.preset].apply(config)
    else:
        name = wish.template or template_for(template, heads).name
        config = begin(name, wish.preset or "balanced", heads, sources)
    for setting in wish.settings:
        config = with_set(config, setting)
    return config.model_copy(update={"name": wish.name}) if wish.name else config


def _read(path: Path) -> TrainingConfig:
    try:
        return read_config(path.read_bytes(), str(path))
    except OSError as error:
        raise WorkspaceError(f"{path} can't be read ({reason(error)}); check its name and place.") from error
