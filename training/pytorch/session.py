"""One training while it goes on: what it is, how far it is, and where it says so."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from models.errors import TrainingError, one_line
from training.config import TrainingConfig
from training.pytorch.plans import Plan
from training.pytorch.schedule import Plateau
from training.pytorch.stopping import Watch
from training.runs.event_files import EventWriter
from training.runs.events import Event, Log
from training.runs.folder import RunFolder
from training.runs.items import RunItem

__all__ = ["Interrupted", "Progress", "Session", "bad_loss", "is_chief"]

_NAMED = 3
"""Pictures of a bad batch that are named."""


class Interrupted(Exception):
    """The person wants a pause or a stop; everything is on the disk. ``want``: which of the two."""

    def __init__(self, want: str) -> None:
        self.want = want
        super().__init__(want)


@dataclass(slots=True)
class Progress:
    """How far a training is; all of it goes into a checkpoint.

    Attributes:
        epoch: that goes on, from 0.
        batch: batches of it that are done.
        step: steps of the optimiser that are done, over all epochs.
        sums: of the heads' losses over the pictures of this epoch, and of the total loss last.
        pictures: that were learned from in this epoch.
        seconds: that this epoch took so far.
    """

    epoch: int = 0
    batch: int = 0
    step: int = 0
    sums: list[float] = field(default_factory=list)
    pictures: int = 0
    seconds: float = 0.0

    def next_epoch(self) -> None:
        """The epoch is done."""
        self.epoch, self.batch, self.sums, self.pictures, self.seconds = self.epoch + 1, 0, [], 0, 0.0


@dataclass(slots=True, eq=False)
class Session:
    """What all parts of the trainer share.

    Attributes:
        run: its folder; only the chief writes there.
        config: how it is trained.
        plan: what is learned from what.
        writer: of the events; None where this process is not the chief.
        batch_size: of one process; 0 before it is found.
        progress: how far it is.
        watch: the best epoch.
        plateau: of the learning rate.
        ended: why training has ended ("epochs", "early", "stopped"); "" while it goes on.
    """

    run: RunFolder
    config: TrainingConfig
    plan: Plan
    writer: EventWriter | None
    batch_size: int = 0
    progress: Progress = field(default_factory=Progress)
    watch: Watch = field(default_factory=Watch)
    plateau: Plateau = field(default_factory=Plateau)
    ended: str = ""

    @property
    def chief(self) -> bool:
        """Whether this process is the one that writes."""
        return self.writer is not None

    def say(self, event: Event) -> None:
        """Write an event, if this is the chief."""
        if self.writer is not None:
            self.writer.write(event)

    def log(self, text: str, level: Any = "info") -> None:
        """A line for a person to read."""
        self.say(Log(level=level, text=text))

    def state(self) -> dict[str, Any]:
        """For a checkpoint."""
        parts = {"progress": asdict(self.progress), "watch": self.watch.to_json(), "plateau": self.plateau.to_json()}
        return {**parts, "batch_size": self.batch_size, "ended": self.ended}

    def restore(self, state: Mapping[str, Any]) -> None:
        """The counterpart of ``state``."""
        self.progress = Progress(**state["progress"])
        self.watch = Watch(**state["watch"])
        self.plateau = Plateau(**state["plateau"])
        self.batch_size, self.ended = state["batch_size"], state["ended"]


def bad_loss(session: Session, items: Sequence[RunItem], places: Sequence[int], when: str) -> TrainingError:
    """The sentence for a loss that is no finite number.

    Args:
        session: of which run.
        items: the pictures that ``places`` are of.
        places: of the batch.
        when: such as "step 12 of epoch"; the epoch's number follows.
    """
    names = ", ".join(one_line(items[place].place.name) for place in places[:_NAMED])
    more = f" and {len(places) - _NAMED:,} more" if len(places) > _NAMED else ""
    best = session.watch.best_epoch
    kept = "" if best is None else f"; epoch {best + 1}, the best one, is kept"
    return TrainingError(
        f"The loss became infinite or no number in {when} {session.progress.epoch + 1} ({names}{more}){kept}; lower "
        "the learning rate, or compute in 32 bits."
    )


def is_chief() -> bool:
    """Whether this is the first of several processes that train together; always, where there is one."""
    return all(os.environ.get(name, "0") == "0" for name in ("LOCAL_RANK", "NODE_RANK", "RANK"))
