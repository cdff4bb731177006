"""Whether a run's process lives: the trainer says so with a lock, and anybody can look."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import time
from collections.abc import Iterator

import psutil

from models.errors import TrainingError, one_line
from models.workspace import lock, reason
from training.runs.folder import RunFolder
from training.runs.info import Process

__all__ = ["holding", "is_alive", "own_process"]

_PATIENCE = 3.0
"""Seconds that a trainer tries to get its lock: somebody who looks whether it lives holds it for an instant."""

_SAME_START = 0.5
"""Seconds by which two readings of a process's start may differ."""


def own_process() -> Process:
    """This process, for ``process.json``."""
    command = tuple(one_line(part) for part in sys.orig_argv)
    created = psutil.Process().create_time()
    return Process(pid=os.getpid(), created=created, host=socket.gethostname(), command=command, since=time.time())


@contextlib.contextmanager
def holding(run: RunFolder) -> Iterator[None]:
    """Be the run's trainer while the block runs: hold the lock and be named in ``process.json``.

    The system lets go of the lock when this process dies, however it dies.

    Raises:
        TrainingError: another process trains this run, or its folder can't be written.
    """
    try:
        file = run.lock_path.open("ab")
    except OSError as error:
        raise TrainingError(f"{run.lock_path} can't be written ({reason(error)}); is the run still there?") from error
    with file:
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                lock(file)
                break
            except OSError:
                if time.monotonic() >= until:
                    raise TrainingError(
                        f"The run {one_line(run.id)} is being trained by another process; wait until it has ended."
                    ) from None
                time.sleep(0.05)
        run.set_process(own_process())
        yield


def is_alive(run: RunFolder) -> bool:
    """Whether a process trains this run now.

    A process of this machine is known by its number and start. Beyond that (another machine that shares the folder, a
    container) the lock decides.
    """
    process = run.process()
    if process is None:
        return False
    return _is_process(process) or _is_locked(run)


def _is_process(process: Process) -> bool:
    if process.host != socket.gethostname():
        return False
    try:
        found = psutil.Process(process.pid)
        if abs(found.create_time() - process.created) > _SAME_START:
            return False
        return bool(found.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def _is_locked(run: RunFolder) -> bool:
    try:
        with run.lock_path.open("rb+") as file:
            try:
                lock(file)
            except OSError:
                return True
    except OSError:
        return False
    return False
