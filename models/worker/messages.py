"""What a child process and its parent say to each other: one JSON object a line, typed and versioned.

Parent to child: one ``Task``, later perhaps ``Cancel``. Child to parent: ``Started``, any number of ``Progress`` and
``Log``, and last a ``Result`` or an ``Error``. Fields and types of message that are not known are passed over, so that
either side may be the newer one; another version of the whole is refused.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

__all__ = [
    "LONGEST_LINE",
    "VERSION",
    "Cancel",
    "Error",
    "Limits",
    "Log",
    "Message",
    "Progress",
    "ProtocolError",
    "Result",
    "Started",
    "Task",
    "read",
    "write",
]

VERSION = 1
"""Raised when an older reader would misunderstand what is said, not when something is added."""

LONGEST_LINE = 16 << 20
"""Bytes of one message. A child that says more in one breath is out of its mind."""


class ProtocolError(Exception):
    """What was said is no message of this protocol; ``str()`` is the end of a sentence."""


class Message(BaseModel):
    """Base of all messages. ``type`` in the JSON is the name in lower case."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    type: ClassVar[str]


class Limits(BaseModel):
    """What a child may use up.

    Attributes:
        memory: bytes that are really in use, of the child and its own children together; None for any.
        seconds: by the clock on the wall; None for any.
        threads: how many the numeric libraries in it start.
        grace: seconds a child has to stop by itself when it is told to.
        mapped: whether the system also stops it far above ``memory`` in address space; CUDA maps more than any limit.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")
    memory: int | None = Field(default=2 << 30, ge=1)
    seconds: float | None = Field(default=120.0, gt=0)
    threads: int = Field(default=2, ge=1)
    grace: float = Field(default=1.0, ge=0)
    mapped: bool = True


class Task(Message):
    """What is to be done: a name of the child's table of tasks, and what the function takes (JSON)."""

    type = "task"
    name: str
    arguments: dict[str, Any]
    limits: Limits = Limits()


class Cancel(Message):
    """Stop, and say ``Error`` of kind "Cancelled"."""

    type = "cancel"


class Started(Message):
    """The child runs and is about to load what the task needs."""

    type = "started"
    pid: int


class Progress(Message):
    """``done`` of ``total`` (None while not known), and what is going on in a few words."""

    type = "progress"
    done: float
    total: float | None = None
    words: str = ""


class Log(Message):
    """A line for the parent's log; ``level`` as in ``logging``."""

    type = "log"
    level: int
    text: str


class Result(Message):
    """The task is done; ``value`` is JSON."""

    type = "result"
    value: Any = None


class Error(Message):
    """The task has failed; ``kind`` is a class of ``models.errors``, or "fault", "memory", "protocol"."""

    type = "error"
    sentence: str
    kind: str


_TYPES: Mapping[str, type[Message]] = {one.type: one for one in (Task, Cancel, Started, Progress, Log, Result, Error)}


def write(message: Message) -> bytes:
    """``message`` as one line, with its line feed.

    Raises:
        ValueError: a value in it is not JSON, such as NaN.
        TypeError: likewise.
    """
    fields: dict[str, Any] = {"version": VERSION, "type": message.type, **message.model_dump()}
    return json.dumps(fields, allow_nan=False).encode("ascii") + b"\n"  # file names that are no UTF-8 survive ASCII


def read(line: bytes) -> Message | None:
    """The message in ``line``; None for a type that this side does not know.

    Raises:
        ProtocolError: it is no message, or one of another version.
    """
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        raise ProtocolError("speaks no language this program knows") from None
    if not isinstance(fields, dict) or "type" not in fields:
        raise ProtocolError("speaks no language this program knows")
    if fields.get("version") != VERSION:
        said = str(fields.get("version"))[:20]
        raise ProtocolError(f"speaks version {said} of the language between them, and this program speaks {VERSION}")
    kind: Literal[""] | Any = fields["type"]
    known = _TYPES.get(kind) if isinstance(kind, str) else None
    if known is None:
        return None
    try:
        return known.model_validate(fields)
    except ValidationError as error:
        raise ProtocolError(f"says {kind} with fields that don't fit ({error.error_count()} of them)") from None
