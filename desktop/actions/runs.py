"""The runs of the workspace: found, listed, summed up, compared, described, and put into the trash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models import workspace
from models.errors import TrainingError, one_line
from models.workspace import reason
from training.config import TrainingConfig, diff
from training.handover import HandedOver, handed_over
from training.launching.handle import Handle
from training.launching.preparing import runs_folder
from training.launching.starting import resume
from training.runs.events import Epoch, Failed, Finished, Test
from training.runs.folder import RunFolder
from training.runs.info import Person, RunInfo
from training.runs.state import ACTIVE, state_of

__all__ = [
    "Compared",
    "RunFacts",
    "RunFolder",
    "all_runs",
    "compare_runs",
    "find_run",
    "note_run",
    "pause_run",
    "remove_run",
    "restore_run",
    "run_facts",
    "stop_run",
]

_TRASH = ".trash"


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What there is to say about a run.

    Attributes:
        id: name of its folder.
        name: for people.
        state: how it stands.
        info: what it was trained on, and with what.
        person: what a person says of it.
        config: how it is trained.
        epochs: that are done.
        best: the best epoch, from 1; None before there is one.
        figures: of the validation in that epoch, as "head.figure".
        test: of the test split, likewise; {} without.
        failure: why it has failed; "" when it has not.
        reason: why training ended; "" before.
        model: what became of its model; None before it was handed over.
    """

    id: str
    name: str
    state: str
    info: RunInfo
    person: Person
    config: TrainingConfig
    epochs: int = 0
    best: int | None = None
    figures: dict[str, float | None] = field(default_factory=dict)
    test: dict[str, float | None] = field(default_factory=dict)
    failure: str = ""
    reason: str = ""
    model: HandedOver | None = None

    def to_json(self) -> dict[str, Any]:
        """For ``--json``."""
        model = self.model
        return {
            "run": self.id,
            "name": self.name,
            "state": self.state,
            "created": self.info.created,
            "dataset": self.info.dataset.model_dump(),
            "heads": [one.model_dump() for one in self.info.heads],
            "counts": self.info.counts,
            "preset": self.config.preset,
            "template": self.config.template,
            "epochs": self.epochs,
            "best_epoch": self.best,
            "figures": self.figures,
            "test": self.test,
            "reason": self.reason,
            "failure": self.failure,
            "notes": self.person.notes,
            "tags": list(self.person.tags),
            "model": str(model.folder) if model is not None and model.folder is not None else None,
            "package": str(model.package) if model is not None else None,
            "largest_difference": model.largest_difference if model is not None else None,
        }


@dataclass(frozen=True, slots=True)
class Compared:
    """Runs beside the first of them.

    Attributes:
        runs: as asked for.
        settings: path -> its value in each run, of those that are not the same in all.
        figures: figure -> its value in each run.
    """

    runs: tuple[RunFacts, ...]
    settings: dict[str, tuple[Any, ...]]
    figures: dict[str, tuple[float | None, ...]]


def all_runs() -> list[RunFolder]:
    """The runs of the workspace, the latest first.

    Raises:
        WorkspaceError: the workspace can't be used.
    """
    try:
        folders = sorted(runs_folder(workspace.folder()).iterdir(), reverse=True)
    except OSError:
        return []
    return [RunFolder(path) for path in folders if not path.name.startswith(".") and (path / "run.json").is_file()]


def find_run(named: str) -> RunFolder:
    """The run of that id or name, or the only one whose id begins so or has it in it; "last" is the latest.

    Raises:
        TrainingError: there is none, or there are several.
    """
    there = all_runs()
    word = named.strip()
    if word == "last" and there:
        return there[0]
    for fits in (
        lambda run: run.id == word,
        lambda run: _name(run).casefold() == word.casefold(),
        lambda run: bool(word) and word in run.id,
    ):
        found = [run for run in there if fits(run)]
        if len(found) == 1:
            return found[0]
        if found:
            ids = ", ".join(run.id for run in found[:5])
            raise TrainingError(f"Several runs are called {one_line(word)}; name one by its id: {ids}.")
    raise TrainingError(f"There is no run {one_line(word)}; list them with: sortwerk runs list.")


def run_facts(run: RunFolder) -> RunFacts:
    """What its folder says.

    Raises:
        TrainingError: a file of it is missing or damaged.
    """
    state, config, person = state_of(run), run.config(), run.person()
    events = run.events()
    epochs = [event for event in events if isinstance(event, Epoch)]
    best = next((one for one in reversed(epochs) if one.best), epochs[-1] if epochs else None)
    test = next((one for one in reversed(events) if isinstance(one, Test)), None)
    last = events[-1] if events else None
    return RunFacts(
        run.id,
        person.name or config.name or run.id,
        state,
        run.info(),
        person,
        config,
        epochs=max((one.epoch + 1 for one in epochs), default=0),
        best=best.epoch + 1 if best is not None else None,
        figures=dict(best.val) if best is not None else {},
        test=dict(test.figures) if test is not None else {},
        failure=last.sentence if isinstance(last, Failed) and state == "failed" else "",
        reason=last.reason if isinstance(last, Finished) else "",
        model=handed_over(run.path),
    )


def compare_runs(runs: Sequence[RunFolder]) -> Compared:
    """How runs differ, and what came of it.

    Raises:
        TrainingError: a file of one is missing or damaged.
    """
    facts = tuple(run_facts(run) for run in runs)
    first = facts[0].config.model_dump(mode="json")
    paths = {path for one in facts[1:] for path, _, _ in diff(facts[0].config, one.config)}
    settings = {
        path: (_at(first, path), *(_at(one.config.model_dump(mode="json"), path) for one in facts[1:]))
        for path in sorted(paths)
    }
    names = sorted({name for one in facts for name in one.test or one.figures})
    return Compared(
        facts, settings, {name: tuple((one.test or one.figures).get(name) for one in facts) for name in names}
    )


def pause_run(run: RunFolder) -> Handle:
    """Ask a training to finish its step, keep everything and end. Raises ``TrainingError``: it does not run."""
    handle = Handle(run)
    handle.pause()
    return handle


def stop_run(run: RunFolder) -> Handle:
    """Ask a training to end and hand over the best; one that was paused goes on just for that.

    Raises:
        TrainingError: it has ended already, or never began.
        EngineError: there is no engine to go on with.
    """
    handle = resume(run) if state_of(run) in ("paused", "lost") else Handle(run)
    handle.stop()
    return handle


def note_run(run: RunFolder, *, name: str | None = None, notes: str | None = None, tags: Sequence[str] = ()) -> Person:
    """Keep what a person says of a run; None leaves what is there, and tags are added.

    Raises:
        TrainingError: it can't be written.
    """
    before = run.person()
    person = Person(
        name=before.name if name is None else name,
        notes=before.notes if notes is None else notes,
        tags=(*before.tags, *tags),
    )
    run.set_person(person)
    return person


def remove_run(run: RunFolder) -> None:
    """Put a run into the trash, ``.trash`` beside it; its installed model stays.

    Raises:
        TrainingError: it is being trained, or can't be moved.
    """
    if state_of(run) in ACTIVE:
        raise TrainingError(f"The run {one_line(run.id)} is being trained; stop it first: sortwerk runs stop {run.id}.")
    trash = run.path.parent / _TRASH
    try:
        trash.mkdir(exist_ok=True)
        run.path.rename(trash / run.id)
    except OSError as error:
        raise TrainingError(f"{run.path} can't be moved ({reason(error)}); close programs that use it.") from error


def restore_run(path: Path) -> None:
    """Take a run out of the trash, back to ``path``, where it was.

    Raises:
        TrainingError: it is not in the trash, or can't be moved.
    """
    try:
        (path.parent / _TRASH / path.name).rename(path)
    except OSError as error:
        raise TrainingError(
            f"{path} can't be brought back from {_TRASH} beside it ({reason(error)}); move it by hand."
        ) from error


def _name(run: RunFolder) -> str:
    try:
        return run.person().name or run.config().name
    except TrainingError:
        return ""


def _at(config: Any, path: str) -> Any:
    for part in path.split("."):
        config = config.get(part) if isinstance(config, dict) else None
    return config
