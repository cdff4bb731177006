"""Trainings started and resumed, one at a time unless a person wants more; and found again after a restart."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from models.errors import TrainingError, one_line
from models.workspace import lock, reason
from training.engine.availability import require
from training.engine.environment import Engine
from training.launching.handle import Handle
from training.launching.processes import launch, trainer_command, trainer_environment
from training.runs.events import Paused
from training.runs.folder import RunFolder
from training.runs.info import Environment
from training.runs.recording import PACKAGES, own_environment_facts
from training.runs.state import ACTIVE, last_word, state_of

__all__ = ["active", "find", "resume", "start"]

_FINISHING = 30.0
"""Seconds that a process which has said that it pauses is given to end."""


def start(
    run: RunFolder,
    *,
    engine: Engine | None = None,
    beside: bool = False,
    command: Sequence[str] | None = None,
    environment: Mapping[str, str] | None = None,
) -> Handle:
    """Train a prepared run in a process that outlives this one.

    Args:
        run: prepared.
        engine: that trains; None for the installed one.
        beside: whether it may run beside other trainings of the same folder of runs.
        command: that trains it instead of the engine's, such as on a cluster.
        environment: of that command; without ``command`` it is added to the usual one.

    Raises:
        TrainingError: it was started before, another one runs, or it can't be started.
        EngineError: there is no engine.
    """
    with _alone(run):
        state = state_of(run)
        if state != "prepared":
            raise TrainingError(f"The run {one_line(run.id)} was started before; resume it, or prepare a new one.")
        return _begin(run, engine, beside, command, environment)


def resume(
    run: RunFolder,
    *,
    engine: Engine | None = None,
    beside: bool = False,
    command: Sequence[str] | None = None,
    environment: Mapping[str, str] | None = None,
) -> Handle:
    """Go on with a run that was paused, has failed or was lost, from its latest checkpoint; as ``start``.

    Raises:
        TrainingError: it runs, has finished or was never started; or as ``start``.
        EngineError: there is no engine.
    """
    with _alone(run):
        state = state_of(run)
        if state in ACTIVE:
            raise TrainingError(f"The run {one_line(run.id)} is being trained already; there is nothing to resume.")
        if state == "finished":
            raise TrainingError(f"The run {one_line(run.id)} has finished; begin a new one with more epochs instead.")
        if isinstance(last_word(run.events_path), Paused):
            Handle(run).wait(_FINISHING)
        return _begin(run, engine, beside, command, environment)


def find(runs: Path) -> list[Handle]:
    """The trainings that run now, whoever has started them, by id."""
    return [Handle(run) for run in active(runs)]


def active(runs: Path) -> list[RunFolder]:
    """The runs in the folder ``runs`` whose process lives, by id."""
    try:
        folders = sorted(path for path in runs.iterdir() if not path.name.startswith("."))
    except OSError:
        return []
    found = [RunFolder(path) for path in folders if (path / "process.json").is_file()]
    return [run for run in found if state_of(run) in ACTIVE]


def _begin(
    run: RunFolder,
    engine: Engine | None,
    beside: bool,
    command: Sequence[str] | None,
    environment: Mapping[str, str] | None,
) -> Handle:
    others = [] if beside else [other for other in active(run.path.parent) if other != run]
    if others:
        raise TrainingError(
            f"{one_line(_name(others[0]))} is being trained; wait for it, pause or stop it, or start this one beside "
            "it."
        )
    config = run.config()
    said = dict(environment or {})
    if command is None:
        engine = engine or require("torch")
        command = trainer_command(engine, run)
        said = trainer_environment(engine, config.compute.threads) | said
        run.set_info(run.info().model_copy(update={"environment": _facts(engine)}))
    run.set_want("run")
    launch(run, command, said)
    return Handle(run)


def _facts(engine: Engine) -> Environment:
    """What is known of the engine before it has begun; the trainer knows better, and says it then."""
    packages = {name: engine.versions[name] for name in PACKAGES if name in engine.versions}
    return own_environment_facts(engine.device, engine.device_name, packages).model_copy(update={"python": ""})


def _name(run: RunFolder) -> str:
    with contextlib.suppress(TrainingError):
        return run.person().name or run.config().name or run.id
    return run.id


@contextlib.contextmanager
def _alone(run: RunFolder) -> Iterator[None]:
    """Nobody else starts a training of the same folder of runs while the block runs."""
    path = run.path.parent / ".starting.lock"
    try:
        file = path.open("ab")
    except OSError as error:
        raise TrainingError(f"{path} can't be written ({reason(error)}); is the run still there?") from error
    with file:
        try:
            lock(file)
        except OSError:
            raise TrainingError("Another training is being started just now; try again in a moment.") from None
        yield
