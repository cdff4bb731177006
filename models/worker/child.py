"""The child's side: read one task, do it, say how it went, end.

File descriptor 1 speaks the protocol and nothing else: it is put aside before anything is loaded, and what native
libraries print on standard output goes to standard error, which the parent keeps for its log.
"""

from __future__ import annotations

import contextlib
import importlib
import logging
import os
import sys
import threading
from collections.abc import Mapping
from typing import NoReturn, Protocol

from models.errors import Cancelled, SortwerkError
from models.worker.messages import (
    LONGEST_LINE,
    Cancel,
    Error,
    Limits,
    Log,
    Message,
    Progress,
    ProtocolError,
    Result,
    Started,
    Task,
    read,
    write,
)

__all__ = ["TASKS", "Report", "run"]

TASKS: Mapping[str, str] = {
    "examine": "models.formats.onnx:examine_task",
    "check_package": "models.package.checking:check_task",
    "compare": "models.reference:compare_task",
    "measure": "models.validation.child:measure_task",
    "quantize": "models.quantization.child:quantize_task",
    "validate": "models.validation.child:validate_task",
}
"""Name of a task -> "module:function", imported in the child only. A function takes its arguments (a dict of JSON) and
a ``Report``, and returns JSON or raises a ``SortwerkError``."""

_SPARE_SPACE = 4 << 30
"""Bytes of address space beside twice the memory: libraries map far more than they use. ONNX Runtime with a small
network was measured at 0.6 GB mapped for 0.2 GB used; the parent watches what is used."""

_SPARE_SECONDS = 10
"""Of processor time, beside what all threads could use in the time allowed: for a child whose parent is gone."""


class Report(Protocol):
    """How a task says how far it is."""

    def __call__(self, done: float, total: float | None = None, words: str = "") -> None:
        """``done`` of ``total``, None while not known. Raises ``Cancelled`` when the task is to stop."""


class _Voice(logging.Handler):
    """The line to the parent: one message at a time, from any thread. As a logging handler it forwards warnings."""

    def __init__(self, descriptor: int) -> None:
        super().__init__(logging.WARNING)
        self._descriptor = descriptor
        self._speaking = threading.Lock()
        self.cancelled = threading.Event()

    def say(self, message: Message) -> None:
        rest = memoryview(write(message))
        with self._speaking:
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]

    def emit(self, record: logging.LogRecord) -> None:
        with contextlib.suppress(Exception):  # a log that can't be written stops no work
            self.say(Log(level=record.levelno, text=self.format(record)[:4000]))

    def report(self, done: float, total: float | None = None, words: str = "") -> None:
        if self.cancelled.is_set():
            raise Cancelled("The work was cancelled.")
        self.say(Progress(done=done, total=total, words=words))


def run(tasks: Mapping[str, str] = TASKS) -> NoReturn:
    """Be a worker on this process's standard streams, then end the process: 0, also when the task has failed.

    Args:
        tasks: what it can do, in the form of ``TASKS``.
    """
    hearing, speaking = _streams()
    voice = _Voice(speaking)
    logging.getLogger().addHandler(voice)
    voice.say(Started(pid=os.getpid()))
    voice.say(_do(_Lines(hearing), voice, tasks))
    os._exit(0)  # nothing that was loaded is torn down: that may crash, too. The parent removes the child's folder.


def _do(ears: _Lines, voice: _Voice, tasks: Mapping[str, str]) -> Message:
    """Hear a task and do it; the last message."""
    try:
        task = read(ears.next() or b"")
        if not isinstance(task, Task):
            raise ProtocolError("begins with something else than a task")
        threading.Thread(target=_listen, args=(ears, voice), name="listening", daemon=True).start()
        place = tasks.get(task.name)
        if place is None:
            return Error(sentence=f"The helper program has no task {task.name}; update Sortwerk.", kind="protocol")
        _limit(task.limits)
        module, _, function = place.partition(":")
        result = Result(value=getattr(importlib.import_module(module), function)(task.arguments, voice.report))
        write(result)  # what is no JSON is a fault of the task
    except ProtocolError as error:
        return Error(sentence=f"The program that asked {error}; update Sortwerk.", kind="protocol")
    except SortwerkError as error:
        return Error(sentence=str(error), kind=type(error).__name__)
    except MemoryError:
        return Error(sentence="It needs more memory than it may have.", kind="memory")
    except BaseException as error:
        logging.getLogger(__name__).exception("Unexpected trouble in a task")
        return Error(sentence=f"{type(error).__name__}: {error}"[:300], kind="fault")
    return result


def _listen(ears: _Lines, voice: _Voice) -> None:
    """Wait for the word to stop. When the parent is gone, nobody waits for the result: end."""
    while True:
        line = ears.next()
        if line is None:
            os._exit(1)
        with contextlib.suppress(ProtocolError):
            if isinstance(read(line), Cancel):
                voice.cancelled.set()


class _Lines:
    """Lines from a descriptor, without the buffers of Python, whose locks a blocked thread would hold at the end."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._rest = b""

    def next(self) -> bytes | None:
        """The next line; None at the end."""
        while b"\n" not in self._rest:
            piece = os.read(self._descriptor, 1 << 16)
            if not piece or len(self._rest) > LONGEST_LINE:
                return None
            self._rest += piece
        line, _, self._rest = self._rest.partition(b"\n")
        return line


def _streams() -> tuple[int, int]:
    """Descriptors of our own for what was standard input and output, which then lead to nothing and to standard error.

    In a windowed executable Python has no ``sys.stdin``; the descriptors are there all the same.
    """
    hearing, speaking = os.dup(0), os.dup(1)
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(hearing, os.O_BINARY)
        msvcrt.setmode(speaking, os.O_BINARY)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return hearing, speaking


def _limit(limits: Limits) -> None:
    """Hard stops of the system's own, well above what the parent watches."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    wanted: list[tuple[int, int]] = []
    if limits.memory is not None and limits.mapped:
        wanted.append((resource.RLIMIT_AS, 2 * limits.memory + _SPARE_SPACE))
    if limits.seconds is not None:
        wanted.append((resource.RLIMIT_CPU, int(limits.seconds * (os.cpu_count() or 1)) + _SPARE_SECONDS))
    for what, most in wanted:
        _, hard = resource.getrlimit(what)
        if hard == resource.RLIM_INFINITY or most < hard:
            with contextlib.suppress(OSError, ValueError):  # macOS refuses some; the parent watches all the same
                resource.setrlimit(what, (most, most))
