"""ONNX, the format that is opened. A foreign file is parsed and run for the first time in a child process.

    facts = examine(Path("foreign.onnx"))

What goes wrong there, a crash of the runtime included, comes back as one sentence.
"""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from models.errors import ModelError, UnreadableFileError, WorkerError, one_line
from models.files import open_regular, trouble
from models.formats.facts import OnnxFacts, Sample, Tensor
from models.formats.format import Format, Members
from models.worker import Limits, Report, run_task

__all__ = ["FORMATS", "LARGEST", "OnnxFacts", "Sample", "Tensor", "examine", "examine_onnx", "examine_task"]

LARGEST = 512 << 20
"""Bytes of a file that is looked at."""

_SECONDS = 120.0
_MEMORY = 2 << 30
"""Bytes for running it, beside twice the file's size: once as it lies in memory, once as the runtime has it."""

_PROTOBUF_STARTS = frozenset({0x08, 0x12, 0x1A, 0x22, 0x28, 0x32, 0x3A, 0x42})
"""Tags of ModelProto's fields 1 to 8, with their wire types (onnx.proto)."""

_NEWEST_IR = 127


def _matches(path: Path, head: bytes, members: Members) -> bool:
    """The version of the format first, as every writer begins, and then another field of a model."""
    return len(head) > 2 and head[0] == 0x08 and 1 <= head[1] <= _NEWEST_IR and head[2] in _PROTOBUF_STARTS


FORMATS = (Format("onnx", "an ONNX model", (".onnx",), _matches),)


def examine(path: Path, *, cancel: threading.Event | None = None) -> OnnxFacts:
    """What the ONNX file at ``path`` is and does, found out by a child process.

    The child may use 2 GiB of memory beside twice the file's size, and 120 seconds.

    Raises:
        ModelError: it can't be read, is no ONNX or one that is refused, or harmed the child.
        Cancelled: ``cancel`` was set.
    """
    path = path.absolute()
    limits = Limits(memory=_MEMORY + 2 * _size(path), seconds=_SECONDS)
    name = one_line(path.name)
    try:
        found = run_task("examine", {"path": str(path)}, limits=limits, cancel=cancel, about=name)
        return OnnxFacts.model_validate(found)
    except WorkerError as error:
        raise ModelError(str(error)) from error
    except ValidationError as error:
        raise ModelError(f"{name} confused the program that looked at it; don't use it.") from error


def examine_task(arguments: dict[str, Any], report: Report) -> Any:
    """The task "examine" of a worker: a ``path`` to the JSON of ``OnnxFacts``. Raises ``ModelError``."""
    return examine_onnx(Path(arguments["path"]), report).model_dump(mode="json")


def examine_onnx(path: Path, report: Report | None = None) -> OnnxFacts:
    """As ``examine``, in this very process: for a file that is trusted, or a process that may crash.

    Raises:
        ModelError: it can't be read, is no ONNX, or one that is refused.
        Cancelled: by ``report``.
    """
    from models.formats.onnx_graph import read_model  # these load onnx and ONNX Runtime: not for the window's process
    from models.formats.onnx_run import run_first

    say = report or _say_nothing
    say(0, 3, "Reading the model")
    _size(path)
    try:
        with open_regular(path) as file:
            content = file.read(LARGEST + 1) or b""
    except UnreadableFileError as error:
        raise ModelError(str(error)) from error
    except (OSError, ValueError) as error:
        raise ModelError(str(trouble(path, error))) from error
    name = one_line(path.name)
    if not content:
        raise ModelError(f"{name} is empty (0 bytes); get the model again.")
    say(1, 3, "Checking what is in it")
    facts = read_model(content, name, hashlib.sha256(content).hexdigest())
    del content
    say(2, 3, "Running it for the first time")
    facts = run_first(path, facts)
    say(3, 3, "Done")
    return facts


def _size(path: Path) -> int:
    try:
        size = path.stat().st_size
    except (OSError, ValueError) as error:
        raise ModelError(str(trouble(path, error))) from error
    if size > LARGEST:
        raise ModelError(
            f"{one_line(path.name)} is larger than {LARGEST >> 20} MiB; use a smaller model, or quantise it first."
        )
    return size


def _say_nothing(done: float, total: float | None = None, words: str = "") -> None:
    """For a caller that does not ask how far it is."""
