"""What came of each run, read once: a thousand runs are listed without reading a thousand files of events again."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from models.workspace import atomic_file
from training.runs.events import Begun, Epoch, Event, Exported, Failed, Finished, Skipped, Test
from training.runs.folder import RunFolder

__all__ = ["Summaries", "Summary", "summarise"]

_VERSION = 1
_FILE = ".summaries.json"


class Summary(BaseModel):
    """What the events of a run come to.

    Attributes:
        epochs: that are done.
        best: the best epoch, from 0; None before there is one.
        monitor: the watched figure of it.
        figures: of the validation in that epoch: "loss" and "head.figure".
        test: of the test split, likewise.
        seconds: that the epochs took.
        device: that computed.
        failure: why it has failed, one sentence; "" when it has not, or has gone on since.
        reason: why training ended; "" before.
        exported: where the model is; "" before.
        skipped: pictures that could not be used.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")
    epochs: int = 0
    best: int | None = None
    monitor: float | None = None
    figures: dict[str, float | None] = {}
    test: dict[str, float | None] = {}
    seconds: float = 0.0
    device: str = ""
    failure: str = ""
    reason: str = ""
    exported: str = ""
    skipped: int = 0


def summarise(events: Iterable[Event]) -> Summary:
    """What ``events``, all of a run in order, come to. Epochs that were done again count once, as they were last."""
    epochs: dict[int, Epoch] = {}
    found = Summary()
    for event in events:
        match event:
            case Begun():
                epochs = {number: one for number, one in epochs.items() if one.step <= event.step}
                found = found.model_copy(update={"device": event.device, "failure": ""})
            case Epoch():
                epochs[event.epoch] = event
            case Test():
                found = found.model_copy(update={"test": event.figures})
            case Failed():
                found = found.model_copy(update={"failure": event.sentence})
            case Finished():
                found = found.model_copy(update={"reason": event.reason})
            case Exported():
                found = found.model_copy(update={"exported": event.path})
            case Skipped():
                found = found.model_copy(update={"skipped": found.skipped + 1})
    best = next((one for one in reversed(epochs.values()) if one.best), None)
    return found.model_copy(
        update={
            "epochs": len(epochs),
            "seconds": sum(one.seconds for one in epochs.values()),
            "best": best.epoch if best else None,
            "monitor": best.monitor if best else None,
            "figures": best.val if best else {},
        }
    )


class Summaries:
    """The summaries of a folder of runs, kept in it by the size and time of each file of events.

    Nothing is lost with the file that keeps them: it is made anew where it is missing or damaged.

    Args:
        runs: the folder of all runs.
    """

    def __init__(self, runs: Path) -> None:
        self._path = runs / _FILE
        self._kept = self._read()
        self._changed = False

    def get(self, run: RunFolder) -> Summary:
        """What came of ``run``; its events are read only if there are new ones."""
        stamp = _stamp(run.events_path)
        kept = self._kept.get(run.id)
        if kept is not None and kept[0] == stamp:
            return kept[1]
        found = summarise(run.events())
        self._kept[run.id] = (stamp, found)
        self._changed = True
        return found

    def keep(self) -> None:
        """Write down what was read anew, for the next start; a disk that is full costs only time then."""
        if not self._changed:
            return
        runs = {name: {"stamp": list(stamp), "summary": one.model_dump()} for name, (stamp, one) in self._kept.items()}
        here = {name: one for name, one in runs.items() if (self._path.parent / name).is_dir()}
        try:
            with atomic_file(self._path) as file:
                file.write(json.dumps({"version": _VERSION, "runs": here}, separators=(",", ":")).encode())
        except OSError:
            return
        self._changed = False

    def _read(self) -> dict[str, tuple[tuple[int, int], Summary]]:
        try:
            data = json.loads(self._path.read_bytes())
            if data["version"] != _VERSION:
                return {}
            return {
                str(name): ((int(one["stamp"][0]), int(one["stamp"][1])), Summary.model_validate(one["summary"]))
                for name, one in data["runs"].items()
            }
        except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, ValidationError):
            return {}


def _stamp(path: Path) -> tuple[int, int]:
    """Size and time of a file; (0, 0) where there is none."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_size, found.st_mtime_ns
