"""What a trainer says while it works: one typed JSON object a line in ``events.jsonl``, only ever appended.

Fields and kinds of events that are not known are passed over, so that either side may be the newer one.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

__all__ = [
    "Begun",
    "Checkpoint",
    "Classes",
    "Epoch",
    "Event",
    "Exported",
    "Failed",
    "Finished",
    "Log",
    "Paused",
    "Resources",
    "Resumed",
    "SampleAnswer",
    "Samples",
    "Skipped",
    "Step",
    "Stopped",
    "Test",
    "Unfrozen",
    "event_line",
    "read_event",
]


def _clean(value: Any) -> Any:
    """Text that UTF-8 can hold: a file's name may have bytes that are no text."""
    return value.encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value


Text: TypeAlias = Annotated[str, BeforeValidator(_clean)]
Figure: TypeAlias = float | None
"""A number; None for one that is not finite, or that there is not."""


def _finite(value: Any) -> Any:
    """None for what JSON can't hold."""
    return None if isinstance(value, float) and (value != value or value in (float("inf"), -float("inf"))) else value


Number: TypeAlias = Annotated[Figure, BeforeValidator(_finite)]


class _Event(BaseModel):
    """Base of all events. ``time``: seconds since 1970, when it was said."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    time: float = Field(default_factory=time.time)


class Begun(_Event):
    """A process begins with ``epoch`` (from 0) at ``step`` (0 in a new run; steps count over all epochs).

    ``resumed``: what was said before of later steps is void, they are done again.
    """

    event: Literal["begun"] = "begun"
    epoch: int = 0
    step: int = 0
    resumed: bool = False
    steps_per_epoch: int = 0
    epochs: int = 0
    device: Text = ""
    precision: Text = ""
    batch_size: int = 0
    train_items: int = 0
    val_items: int = 0
    parameters: int = 0
    trainable: int = 0


class Step(_Event):
    """One step of the optimiser, the ``step``-th of all (from 1): losses, learning rate, pictures a second."""

    event: Literal["step"] = "step"
    epoch: int
    step: int
    loss: Number
    losses: dict[str, Number] = {}
    rate: float = 0.0
    images_per_second: float = 0.0
    seconds_left: float | None = None


class Epoch(_Event):
    """An epoch has ended at ``step``: means of losses, figures of the validation, and the watched one."""

    event: Literal["epoch"] = "epoch"
    epoch: int
    step: int
    train: dict[str, Number] = {}
    val: dict[str, Number] = {}
    monitor: Number = None
    best: bool = False
    seconds: float = 0.0


class Classes(_Event):
    """Of one head after an epoch: [name, figure or null, images] of each category."""

    event: Literal["classes"] = "classes"
    epoch: int
    head: Text
    figures: list[tuple[Text, Number, int]]


class SampleAnswer(BaseModel):
    """What one head says to a sample picture. ``right`` is None where the truth is unknown or right has no meaning."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    said: Any = None
    confidence: Number = None
    truth: Any = None
    right: bool | None = None


class Sample(BaseModel):
    """One of the fixed validation pictures, by its ``key``, with the answers by head."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    key: str
    heads: dict[str, SampleAnswer] = {}


class Samples(_Event):
    """The answers to the sample pictures after an epoch."""

    event: Literal["samples"] = "samples"
    epoch: int
    answers: list[Sample]


class Resources(_Event):
    """What is in use: shares from 0 to 1, disk in bytes a second. ``gpu`` is None where there is none."""

    event: Literal["resources"] = "resources"
    cpu: float
    memory: float
    gpu: float | None = None
    gpu_memory: float | None = None
    disk_read: float = 0.0
    disk_write: float = 0.0


class Log(_Event):
    """A line for a person to read."""

    event: Literal["log"] = "log"
    level: Literal["debug", "info", "warning", "error"] = "info"
    text: Text


class Skipped(_Event):
    """A picture that can't be used: said once, and passed over from then on."""

    event: Literal["skipped"] = "skipped"
    path: Text
    sentence: Text


class Checkpoint(_Event):
    """A checkpoint is on the disk."""

    event: Literal["checkpoint"] = "checkpoint"
    kind: Literal["latest", "best"]
    epoch: int
    step: int


class Unfrozen(_Event):
    """From ``epoch`` on, only ``freeze_ratio`` of the backbone's layers stay."""

    event: Literal["unfrozen"] = "unfrozen"
    epoch: int
    freeze_ratio: float


class Paused(_Event):
    """Everything is on the disk, and the process ends; the run can be resumed."""

    event: Literal["paused"] = "paused"


class Resumed(_Event):
    """A new process goes on; ``Begun`` follows."""

    event: Literal["resumed"] = "resumed"


class Stopped(_Event):
    """Training has ended as the person asked; the best weights are kept, and what remains is to hand them over."""

    event: Literal["stopped"] = "stopped"


class Failed(_Event):
    """The process gives up: one sentence, and the kind of error (a class of ``models.errors``, "memory", "fault")."""

    event: Literal["failed"] = "failed"
    sentence: Text
    kind: Text = ""


class Test(_Event):
    """Figures on the test split, as "head.figure"."""

    event: Literal["test"] = "test"
    figures: dict[str, Number]


class Exported(_Event):
    """The model is written: where, and how far it lies from PyTorch at most, on how many pictures."""

    event: Literal["exported"] = "exported"
    path: Text
    largest_difference: float = 0.0
    images: int = 0


class Finished(_Event):
    """The last word of a run: why training ended, and its best epoch (from 0)."""

    event: Literal["finished"] = "finished"
    reason: Literal["epochs", "early", "stopped"] = "epochs"
    best_epoch: int | None = None
    monitor: Number = None


Event: TypeAlias = (
    Begun
    | Step
    | Epoch
    | Classes
    | Samples
    | Resources
    | Log
    | Skipped
    | Checkpoint
    | Unfrozen
    | Paused
    | Resumed
    | Stopped
    | Failed
    | Test
    | Exported
    | Finished
)
"""Whatever a trainer may say."""

_READER: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="event")])


def event_line(event: Event) -> bytes:
    """``event`` as one line of ``events.jsonl``, with its end."""
    return event.model_dump_json().encode("utf-8") + b"\n"


def read_event(line: bytes | str | Mapping[str, Any]) -> Event | None:
    """The event of one line; None for what is damaged or of a kind that is not known here."""
    try:
        return _READER.validate_python(line) if isinstance(line, Mapping) else _READER.validate_json(line)
    except ValidationError:
        return None
