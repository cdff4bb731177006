"""A run's folder: where each file lies, and its small files read and written whole."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from models.errors import TrainingError, one_line
from models.workspace import atomic_file, reason
from training.config import TrainingConfig, read_config
from training.datasets.heads import HeadDef
from training.runs.event_files import EventWriter, read_events, tail
from training.runs.events import Event
from training.runs.info import Control, Person, Process, RunInfo, Want
from training.runs.items import RunItem, RunItems, read_items, write_items

__all__ = ["RunFolder"]

_Record = TypeVar("_Record", bound=BaseModel)


class RunFolder:
    """One run. Nothing is read before it is asked for, and nothing is remembered.

    Args:
        path: of the folder, made absolute; it need not be there.

    Attributes:
        path: of the folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()

    def __repr__(self) -> str:
        return f"RunFolder({str(self.path)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RunFolder) and self.path == other.path

    def __hash__(self) -> int:
        return hash(self.path)

    @classmethod
    def create(
        cls,
        path: Path,
        config: TrainingConfig,
        info: RunInfo,
        heads: Sequence[HeadDef],
        blobs: Path,
        items: Iterable[RunItem],
        person: Person | None = None,
    ) -> RunFolder:
        """Make the folder ``path`` with all that a trainer needs; it is there whole or not at all.

        Raises:
            TrainingError: it is there already, or can't be written.
        """
        making = path.with_name(f".making-{os.urandom(6).hex()}")
        new = cls(making)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            making.mkdir()
            try:
                for name in ("checkpoints", "samples", "export"):
                    (making / name).mkdir()
                _put(new.config_path, config.to_json())
                _put(new.info_path, info.model_dump_json(indent=2) + "\n")
                _put(new.person_path, (person or Person()).model_dump_json(indent=2) + "\n")
                write_items(new.items_path, heads, blobs, items)
                if path.exists():  # a rename would quietly take the place of an empty folder
                    raise FileExistsError(17, "it is there already", str(path))
                making.rename(path)
            except BaseException:
                _remove(making)
                raise
        except OSError as error:
            raise TrainingError(
                f"The run {one_line(path.name)} can't be written to {path.parent} ({reason(error)}); "
                "make room there, or choose another workspace."
            ) from error
        return cls(path)

    @property
    def id(self) -> str:
        """The folder's name."""
        return self.path.name

    @property
    def config_path(self) -> Path:
        """How it is trained; written once."""
        return self.path / "config.json"

    @property
    def info_path(self) -> Path:
        """What it is trained on, by which code."""
        return self.path / "run.json"

    @property
    def person_path(self) -> Path:
        """A person's name, notes and tags."""
        return self.path / "person.json"

    @property
    def items_path(self) -> Path:
        """The pictures with their labels; written once."""
        return self.path / "items.jsonl"

    @property
    def events_path(self) -> Path:
        """What the trainer says, only ever appended."""
        return self.path / "events.jsonl"

    @property
    def control_path(self) -> Path:
        """What the person wants of the trainer."""
        return self.path / "control.json"

    @property
    def process_path(self) -> Path:
        """The trainer's process."""
        return self.path / "process.json"

    @property
    def lock_path(self) -> Path:
        """Locked by the trainer as long as it lives."""
        return self.path / "lock"

    @property
    def log_path(self) -> Path:
        """What the trainer's process prints."""
        return self.path / "log.txt"

    @property
    def checkpoints(self) -> Path:
        """The folder of checkpoints."""
        return self.path / "checkpoints"

    @property
    def latest_checkpoint(self) -> Path:
        """From which a run goes on."""
        return self.checkpoints / "latest.ckpt"

    @property
    def best_checkpoint(self) -> Path:
        """Which is handed over."""
        return self.checkpoints / "best.ckpt"

    @property
    def samples(self) -> Path:
        """The folder of small copies of the sample pictures, ``<key>.png``."""
        return self.path / "samples"

    @property
    def export(self) -> Path:
        """The folder of the finished model."""
        return self.path / "export"

    @property
    def cache(self) -> Path:
        """The folder of decoded pictures and activations; it may be removed while nothing runs."""
        return self.path / "cache"

    def config(self) -> TrainingConfig:
        """How it is trained.

        Raises:
            TrainingError: the file is missing, damaged or of a later version. So do the other readers.
        """
        return read_config(self._read(self.config_path), str(self.config_path))

    def info(self) -> RunInfo:
        """What it is trained on, by which code."""
        return self._record(self.info_path, RunInfo)

    def set_info(self, info: RunInfo) -> None:
        """Write ``run.json`` anew.

        Raises:
            TrainingError: it can't be written. So do the other writers.
        """
        self._write(self.info_path, info)

    def person(self) -> Person:
        """What a person says of it; nothing where the file is missing or damaged."""
        try:
            return self._record(self.person_path, Person)
        except TrainingError:
            return Person()

    def set_person(self, person: Person) -> None:
        """Write ``person.json`` anew."""
        self._write(self.person_path, person)

    def process(self) -> Process | None:
        """The process that trains, or did last; None before the first, or where the file is damaged."""
        try:
            return self._record(self.process_path, Process)
        except TrainingError:
            return None

    def set_process(self, process: Process) -> None:
        """Write ``process.json`` anew."""
        self._write(self.process_path, process)

    def want(self) -> Want:
        """What the person wants; "run" where nobody has said anything that can be read."""
        try:
            return self._record(self.control_path, Control).want
        except TrainingError:
            return "run"

    def set_want(self, want: Want) -> None:
        """Tell the trainer, which looks at every step."""
        self._write(self.control_path, Control(want=want))

    def items(self) -> RunItems:
        """The pictures with their labels."""
        return read_items(self.items_path)

    def writer(self) -> EventWriter:
        """To say events with; the trainer's."""
        return EventWriter(self.events_path)

    def events(self) -> list[Event]:
        """All that was said so far."""
        return read_events(self.events_path)

    def tail(self, offset: int = 0) -> tuple[list[Event], int]:
        """What was said after ``offset`` bytes, and the offset to go on from; as ``training.runs.event_files.tail``."""
        return tail(self.events_path, offset)

    def log_text(self, most: int = 64 << 10) -> str:
        """The end of what the process printed, ``most`` bytes of it."""
        try:
            with self.log_path.open("rb") as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(max(0, size - most))
                return file.read().decode("utf-8", "replace")
        except OSError:
            return ""

    # -- inside -------------------------------------------------------------------------------------------------------

    def _read(self, path: Path) -> bytes:
        try:
            return path.read_bytes()
        except OSError as error:
            raise TrainingError(
                f"The run {one_line(self.id)} can't be read: {path.name} ({reason(error)}); it may have been moved."
            ) from error

    def _record(self, path: Path, kind: type[_Record]) -> _Record:
        try:
            return kind.model_validate_json(self._read(path))
        except ValidationError as error:
            raise TrainingError(
                f"{path} is damaged, or was written by a later Sortwerk; update this one, or remove the run."
            ) from error

    def _write(self, path: Path, record: BaseModel) -> None:
        try:
            _put(path, record.model_dump_json(indent=2) + "\n")
        except OSError as error:
            raise TrainingError(
                f"{path} can't be written ({reason(error)}); make room on the disk and try again."
            ) from error


def _put(path: Path, text: str) -> None:
    with atomic_file(path) as file:
        file.write(text.encode("utf-8"))


def _remove(folder: Path) -> None:
    import shutil  # rarely needed

    shutil.rmtree(folder, ignore_errors=True)
