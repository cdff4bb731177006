"""The parent's side: start a child process, give it one task, watch it, and make a sentence of whatever goes wrong."""

from __future__ import annotations

import contextlib
import logging
import math
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psutil

from models.errors import (
    Cancelled,
    EngineError,
    LabelError,
    ModelError,
    SortwerkError,
    TrainingError,
    WorkerError,
    WorkspaceError,
)
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
    Task,
    read,
    write,
)

__all__ = ["INHERITED", "Step", "own_command", "own_environment", "run_task"]

_log = logging.getLogger(__name__)

_ROOT = Path(__file__).resolve().parents[2]
"""Where ``models`` is a folder: from source."""

_DEFAULT = Limits()

_LOOK = 0.05
"""Seconds between two looks at memory, clock and ``cancel``."""

_LAST_WORDS = 8 << 10
"""Bytes of standard error, its end, that are kept."""

INHERITED = (
    *("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "HOME", "USER", "LOGNAME", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"),
    *("SYSTEMROOT", "WINDIR", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "PATHEXT", "COMSPEC", "NUMBER_OF_PROCESSORS"),
)
"""What a child process gets to see of the environment: no keys, no workspace."""

_KINDS: Mapping[str, Callable[[str], SortwerkError]] = {
    one.__name__: one for one in (Cancelled, EngineError, LabelError, ModelError, TrainingError, WorkspaceError)
}
"""Errors of a task that are raised again as what they were."""


@dataclass(frozen=True, slots=True)
class Step:
    """How far a task is: ``done`` of ``total`` (None while not known), and what goes on in a few words."""

    done: float
    total: float | None
    words: str


def own_command() -> list[str]:
    """How the program starts a worker of its own: itself, frozen or from source."""
    return [sys.executable, "--worker"] if getattr(sys, "frozen", False) else [sys.executable, "-m", "models.worker"]


def own_environment(threads: int) -> dict[str, str]:
    """What a worker of the program's own gets to see of the environment, and ``threads`` for its libraries."""
    environment = {name: os.environ[name] for name in INHERITED if name in os.environ}
    environment |= {f"{library}_NUM_THREADS": str(threads) for library in ("OMP", "OPENBLAS", "MKL")}
    environment |= {"PYTHONUTF8": "1", "PYTHONFAULTHANDLER": "1"}
    if not getattr(sys, "frozen", False):
        environment["PYTHONPATH"] = str(_ROOT)
    return environment


def run_task(
    task: str,
    arguments: Mapping[str, Any],
    *,
    limits: Limits = _DEFAULT,
    cancel: threading.Event | None = None,
    on_progress: Callable[[Step], None] | None = None,
    command: Sequence[str] | None = None,
    environment: Mapping[str, str] | None = None,
    about: str = "The model",
) -> Any:
    """Have ``task`` done by a child process, wait for it, and return its result (JSON).

    The child runs in an empty folder of its own, which is its temporary folder too and goes when it has ended; paths in
    ``arguments`` must be absolute. However this ends, no process of the child's is left. Safe from several threads.

    Args:
        task: a name in the child's table of tasks (``models.worker.TASKS``).
        arguments: JSON, as the task's function takes it.
        limits: of memory and time; past them the child is killed.
        cancel: set it from another thread to stop; the child has ``limits.grace`` seconds to do so by itself.
        on_progress: called in this thread.
        command: that starts the child; None: ``own_command()``.
        environment: of the child; None: ``own_environment()``. ``SORTWERK_HOME`` and ``TMPDIR`` are set in any case.
        about: what sentences call the thing that is worked on; they begin with it.

    Raises:
        ModelError: as the task raised it; likewise ``WorkspaceError`` and ``LabelError``.
        WorkerError: the child crashed, ended, went past a limit, could not be started or understood; or the task failed
            in another way.
        Cancelled: ``cancel`` was set.
    """
    if cancel is not None and cancel.is_set():
        raise Cancelled("The work was cancelled.")
    with tempfile.TemporaryDirectory(prefix="sortwerk-", ignore_cleanup_errors=True) as folder:
        whole = dict(own_environment(limits.threads) if environment is None else environment)
        whole |= dict.fromkeys(("SORTWERK_HOME", "TMPDIR", "TEMP", "TMP"), folder)
        try:
            child = _Child(list(command or own_command()), whole, folder, about)
        except OSError as error:
            raise WorkerError(
                f"The helper program for {about} could not be started ({error.strerror}); install Sortwerk again.",
                "start",
            ) from error
        try:
            child.say(Task(name=task, arguments=dict(arguments), limits=limits))
            return child.result(limits, cancel, on_progress)
        finally:
            child.end()


class _Child:
    """A running child process; two threads read what it says and what it prints."""

    def __init__(self, command: list[str], environment: Mapping[str, str], folder: str, about: str) -> None:
        self._about = about
        self._heard: queue.Queue[bytes | None] = queue.Queue()
        self._printed = b""
        windows = sys.platform == "win32"
        self._process = subprocess.Popen(  # noqa: S603 - the program itself, or the engine that the person chose
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            cwd=folder,
            env=environment,
            start_new_session=not windows,  # a group that can be killed, which Ctrl+C in the terminal does not reach
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._ear, mouth, prints = (_there(one) for one in self._pipes())
        self._threads = [
            threading.Thread(target=self._hear, args=(mouth,), name="worker-says", daemon=True),
            threading.Thread(target=self._keep, args=(prints,), name="worker-prints", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def say(self, message: Message) -> None:
        """Tell the child; one that has ended already hears nothing."""
        rest = memoryview(write(message))
        with contextlib.suppress(OSError):
            while rest:
                rest = rest[self._ear.write(rest) :]

    def result(self, limits: Limits, cancel: threading.Event | None, on_progress: Callable[[Step], None] | None) -> Any:
        """Wait for the result; as ``run_task``."""
        until = math.inf if limits.seconds is None else time.monotonic() + limits.seconds
        stop, look = math.inf, 0.0
        while True:
            now = time.monotonic()
            if now >= look:
                look = now + _LOOK
                if limits.memory is not None and self._memory() > limits.memory:
                    raise self._too_much_memory(limits)
            if now >= stop:
                raise Cancelled("The work was cancelled.")
            if now >= until:
                raise WorkerError(
                    f"{self._about} was not done within {limits.seconds:g} seconds; use a smaller one.",
                    "time",
                )
            if cancel is not None and cancel.is_set() and stop == math.inf:
                self.say(Cancel())
                stop = now + limits.grace
            try:
                line = self._heard.get(timeout=_LOOK)
            except queue.Empty:
                continue
            if line is None:
                raise self._ended(limits)
            message = self._understand(line)
            if isinstance(message, Progress) and on_progress is not None:
                on_progress(Step(message.done, message.total, message.words))
            elif isinstance(message, Log):
                _log.log(message.level, "A worker: %s", message.text)
            elif isinstance(message, Result):
                return message.value
            elif isinstance(message, Error):
                raise self._failed(message, limits)

    def end(self) -> None:
        """Kill what is left of the child and its children, and wait for it and for the threads."""
        process = self._process
        others = self._family()[1:]
        if sys.platform != "win32":
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
        for one in others:
            with contextlib.suppress(psutil.Error):
                one.kill()
        with contextlib.suppress(OSError):
            process.kill()
        process.wait()
        for thread in self._threads:
            thread.join(5)
        for stream in self._pipes():
            _there(stream).close()
        if self._printed:
            _log.debug("A worker printed: %s", self._words())

    # -- inside -------------------------------------------------------------------------------------------------------

    def _pipes(self) -> tuple[IO[bytes] | None, IO[bytes] | None, IO[bytes] | None]:
        return self._process.stdin, self._process.stdout, self._process.stderr

    def _hear(self, stream: IO[bytes]) -> None:
        rest = bytearray()
        while piece := stream.read(1 << 16):
            rest += piece
            if b"\n" in piece:
                *lines, rest = rest.split(b"\n")
                for line in lines:
                    self._heard.put(bytes(line))
            elif len(rest) > LONGEST_LINE:
                self._heard.put(b"")  # what is no message ends it
                return
        self._heard.put(None)

    def _keep(self, stream: IO[bytes]) -> None:
        while piece := stream.read(1 << 16):
            self._printed = (self._printed + piece)[-_LAST_WORDS:]

    def _understand(self, line: bytes) -> Message | None:
        try:
            return read(line)
        except ProtocolError as error:
            raise WorkerError(f"The helper program for {self._about} {error}; update Sortwerk.", "protocol") from None

    def _family(self) -> list[psutil.Process]:
        """The child and its children; on Windows, the interpreter of an environment is a child of its launcher."""
        try:
            first = psutil.Process(self._process.pid)
            return [first, *first.children(recursive=True)]
        except psutil.Error:
            return []

    def _memory(self) -> int:
        total = 0
        for one in self._family():
            with contextlib.suppress(psutil.Error):
                total += one.memory_info().rss
        return total

    def _failed(self, error: Error, limits: Limits) -> SortwerkError:
        if error.kind in _KINDS:
            return _KINDS[error.kind](error.sentence)
        if error.kind == "memory":
            return self._too_much_memory(limits)
        if error.kind == "fault":
            return WorkerError(
                f"{self._about} could not be worked on because of a fault in Sortwerk ({error.sentence}); "
                "please report it with the log.",
                "fault",
            )
        return WorkerError(error.sentence, "protocol" if error.kind == "protocol" else "task")

    def _too_much_memory(self, limits: Limits) -> WorkerError:
        allowed = f"the {limits.memory / 2**30:.2g} GiB" if limits.memory is not None else "what"
        return WorkerError(f"{self._about} needs more memory than {allowed} it may have; use a smaller one.", "memory")

    def _ended(self, limits: Limits) -> WorkerError:
        """The child says nothing more and has given no result: it has ended, or soon will."""
        try:
            status = self._process.wait(5)
        except subprocess.TimeoutExpired:
            return WorkerError(f"{self._about} silenced the program that looked at it; don't use it.", "exit")
        self._threads[1].join(5)
        words = self._words()
        _log.warning("A worker ended with status %d and printed: %s", status, words)
        if any(sign in words for sign in ("std::bad_alloc", "MemoryError")):
            return self._too_much_memory(limits)
        crash = _crash(status)
        if crash == "SIGKILL":
            return WorkerError(
                f"{self._about} was stopped by the system, most likely for want of memory; close other programs and "
                "try again.",
                "memory",
            )
        if crash == "SIGXCPU":
            return WorkerError(f"{self._about} took too much of the processor's time; use a smaller one.", "time")
        if crash:
            return WorkerError(
                f"{self._about} crashed the program that looked at it (signal {crash}); don't use it.", "signal"
            )
        return WorkerError(
            f"{self._about} ended the program that looked at it (exit status {status}); look into the log for why.",
            "exit",
        )

    def _words(self) -> str:
        return self._printed.decode("utf-8", "replace").strip()


def _there(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise OSError("a pipe is missing")
    return stream


def _crash(status: int) -> str:
    """The signal or exception that an exit status stands for; "" for an ordinary one."""
    if status < 0:
        try:
            return signal.Signals(-status).name
        except ValueError:
            return str(-status)
    return f"0x{status:08X}" if status >= 0xC0000000 else ""  # NTSTATUS of severity error, on Windows
