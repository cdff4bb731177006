"""The runs in a row each: how they stand, what they came to, how long they took. No Qt; the background reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.pages.train.figures import PRIMARY
from desktop.pages.train.history import History

if TYPE_CHECKING:  # pydantic comes with them
    from training.runs.folder import RunFolder
    from training.runs.info import RunInfo

__all__ = ["ACTIVE", "RESUMABLE", "Entry", "Head", "RunReader", "advanced"]

ACTIVE = frozenset(("running", "pausing", "stopping"))
"""States of a run whose process lives; as ``training.runs.state.ACTIVE``, which pydantic comes with."""

RESUMABLE = frozenset(("paused", "lost", "failed", "prepared"))
"""States from which a run can go on."""


@dataclass(frozen=True, slots=True)
class Head:
    """A question of a run."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One run.

    Attributes:
        id: the name of its folder.
        path: of the folder.
        name: what a person calls it.
        state: as ``training.runs.state``.
        dataset: name of the dataset.
        version: name of its version.
        heads: the questions.
        figures: head -> primary figure in the epoch that is kept; None while there is none.
        train: pictures that it learns from.
        val: pictures that it is measured on while it learns.
        test: pictures of the test split.
        epoch: that is going on or was the last, counted from 1; 0 before.
        epochs: planned.
        seconds: that it has worked.
        created: ISO 8601, UTC.
        preset: the effort.
        template: the task.
        tags: a person's.
        notes: a person's.
        role: its part in a group, "" for none.
        group: the group's id.
        sentence: why it failed.
        problem: why its files can't be read; all else is empty then.
    """

    id: str
    path: Path
    name: str
    state: str = "prepared"
    dataset: str = ""
    version: str = ""
    heads: tuple[Head, ...] = ()
    figures: Mapping[str, float | None] = field(default_factory=dict)
    train: int = 0
    val: int = 0
    test: int = 0
    epoch: int = 0
    epochs: int = 0
    seconds: float = 0.0
    created: str = ""
    preset: str = ""
    template: str = ""
    tags: tuple[str, ...] = ()
    notes: str = ""
    role: str = ""
    group: str = ""
    sentence: str = ""
    problem: str = ""

    @property
    def active(self) -> bool:
        """Whether a process trains it now."""
        return self.state in ACTIVE

    @property
    def resumable(self) -> bool:
        """Whether it can go on."""
        return self.state in RESUMABLE and not self.problem


def advanced(entry: Entry, history: History, state: str | None = None) -> Entry:
    """``entry`` as far as ``history`` has come."""
    planned = history.begun.epochs if history.begun is not None else entry.epochs
    return replace(
        entry,
        state=state or entry.state,
        figures={head.name: history.figure_at_best(f"{head.name}.{PRIMARY[head.kind]}") for head in entry.heads},
        epoch=history.epoch,
        epochs=planned,
        seconds=history.worked,
        sentence=history.sentence,
    )


@dataclass(slots=True)
class RunReader:
    """Reads runs for the table; events of a run are read again only where there are more.

    One thread at a time.
    """

    _known: dict[Path, tuple[int, Entry]] = field(default_factory=dict)

    def read(self, run: RunFolder) -> Entry:
        """The row of one run."""
        from models.errors import TrainingError
        from training.runs.state import state_of

        size = _size(run.events_path)
        known = self._known.get(run.path)
        try:
            person = run.person()
            if known is not None and known[0] == size:
                entry = known[1]
            else:
                info, config = run.info(), run.config()
                entry = advanced(_entry(run, info, config.name, config.preset, config.template), _read_all(run))
                if not entry.epochs:
                    entry = replace(entry, epochs=config.schedule.epochs)
                self._known[run.path] = (size, entry)
            name = person.name or entry.name
            return replace(entry, state=state_of(run), name=name, tags=person.tags, notes=person.notes)
        except TrainingError as error:
            return Entry(run.id, run.path, run.id, state="failed", problem=str(error))

    def read_all(self, folder: Path) -> list[Entry]:
        """All runs of a folder, the latest first."""
        from training.runs.folder import RunFolder

        try:
            paths = sorted(one for one in folder.iterdir() if one.is_dir() and not one.name.startswith("."))
        except OSError:
            return []
        return [self.read(RunFolder(path)) for path in reversed(paths)]


def _read_all(run: RunFolder) -> History:
    history = History()
    offset = 0
    while True:
        events, after = run.tail(offset)
        if after == offset:
            return history
        history.feed(events)
        offset = after


def _entry(run: RunFolder, info: RunInfo, name: str, preset: str, template: str) -> Entry:
    counts = {split: sum(by_source.values()) for split, by_source in info.counts.items()}
    return Entry(
        id=run.id,
        path=run.path,
        name=name or info.dataset.name or run.id,
        dataset=info.dataset.name,
        version=info.dataset.version,
        heads=tuple(Head(one.name, one.kind) for one in info.heads),
        train=counts.get("train", 0),
        val=counts.get("val", 0),
        test=counts.get("test", 0),
        created=info.created,
        preset=preset,
        template=template,
        role=info.group.role if info.group is not None else "",
        group=info.group.id if info.group is not None else "",
    )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
