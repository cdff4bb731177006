"""What a run's small files say, typed: ``run.json``, ``person.json``, ``process.json`` and ``control.json``."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

__all__ = [
    "CodeVersion",
    "Control",
    "DatasetFacts",
    "Environment",
    "Group",
    "GroupKind",
    "HeadFacts",
    "Person",
    "Process",
    "RunInfo",
    "Want",
    "now",
]

Want: TypeAlias = Literal["run", "pause", "stop"]
GroupKind: TypeAlias = Literal["folds", "search"]


def now() -> str:
    """The time in UTC, ISO 8601 to the second, without saying that it is UTC."""
    return datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="seconds")


class _Record(BaseModel):
    """Base: frozen; a field that is not known is passed over, so that a newer Sortwerk's runs can be read."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class DatasetFacts(_Record):
    """Which version of which dataset: the dataset's id and name, the version's name and hash."""

    id: int = 0
    name: str = ""
    version: str = ""
    hash: str = ""


class HeadFacts(_Record):
    """One question of the run: its name, kind and number of categories."""

    name: str
    kind: str
    categories: int = 0


class CodeVersion(_Record):
    """Which code prepared the run.

    Attributes:
        version: of the program.
        commit: of the checkout, 40 hexadecimal digits; "" where there is none.
        sources: a hash, 16 hexadecimal digits, of the source files of ``models`` and ``training``: equal ones train
            alike.
        frozen: whether the program was an executable.
    """

    version: str = ""
    commit: str = ""
    sources: str = ""
    frozen: bool = False


class Environment(_Record):
    """On what the run was trained.

    Attributes:
        python: version of the engine's Python.
        packages: name of a distribution -> version, of those that decide what comes out.
        system: such as "Linux-6.8 x86_64".
        device: that computed, such as "cpu" or "cuda:0"; "" before it has begun.
        device_name: what the device calls itself.
        cores: logical cores of the machine.
        memory: bytes of the machine.
    """

    python: str = ""
    packages: dict[str, str] = {}
    system: str = ""
    device: str = ""
    device_name: str = ""
    cores: int = 0
    memory: int = 0


class Group(_Record):
    """The group that a run belongs to: its id, its kind, and the run's part in it ("fold 2 of 5", "trial 3")."""

    id: str
    kind: GroupKind
    role: str = ""


class RunInfo(_Record):
    """``run.json``: written when a run is prepared; the trainer adds its environment and counts its resumptions.

    Attributes:
        id: name of the folder.
        created: ISO 8601 to the second, UTC.
        dataset: the frozen version.
        heads: the questions that are trained.
        counts: split -> source -> pictures; "" is a picture without a source.
        notices: what was decided in preparing, a sentence each.
        code: that prepared it.
        environment: that trains it.
        seed: of all that is drawn.
        group: None for a run of its own.
        resumed: how often it was resumed.
    """

    version: Literal[1] = 1
    id: str
    created: str = Field(default_factory=now)
    dataset: DatasetFacts = DatasetFacts()
    heads: tuple[HeadFacts, ...] = ()
    counts: dict[str, dict[str, int]] = {}
    notices: tuple[str, ...] = ()
    code: CodeVersion = CodeVersion()
    environment: Environment = Environment()
    seed: int = 1
    group: Group | None = None
    resumed: int = 0


def _tags(tags: Any) -> Any:
    """In order, each once, none empty."""
    if isinstance(tags, list | tuple | set | frozenset):
        return tuple(dict.fromkeys(tag.strip() for tag in tags if isinstance(tag, str) and tag.strip()))
    return tags


class Person(_Record):
    """``person.json``: what a person says of the run. ``name`` is "" for the one in its configuration."""

    name: str = ""
    notes: str = ""
    tags: Annotated[tuple[str, ...], BeforeValidator(_tags)] = ()


class Process(_Record):
    """``process.json``: the process that trains, or did last.

    Attributes:
        pid: its number.
        created: when it was started, seconds since 1970, as psutil says: a number is given again, not this.
        host: of which machine.
        command: that started it.
        since: when it was told to train this run, by the clock of the events: that of processes may go otherwise.
    """

    pid: int
    created: float
    host: str = ""
    command: tuple[str, ...] = ()
    since: float = 0.0


class Control(_Record):
    """``control.json``: what the person wants of the process."""

    want: Want = "run"
