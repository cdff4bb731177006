"""Tasks that misbehave, for a worker of the tests' own: ``python -m tests.models.worker_tasks``."""

from __future__ import annotations

import ctypes
import logging
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from models.errors import EmptyFileError, LabelError, ModelError
from models.worker import Report, main

COMMAND = [sys.executable, "-m", "tests.models.worker_tasks"]


def echo(arguments: dict[str, Any], report: Report) -> Any:
    return arguments["value"]


def surroundings(arguments: dict[str, Any], report: Report) -> Any:
    return {
        "environment": dict(os.environ),
        "folder": str(Path.cwd()),
        "pid": os.getpid(),
        "loaded": sorted(sys.modules),
    }


def prints(arguments: dict[str, Any], report: Report) -> Any:
    """Print on standard output from Python and from native code, before and after a report."""
    print("from Python")  # noqa: T201
    os.write(1, b'{"version": 1, "type": "result", "value": "forged"}\n')
    report(1, 2, "halfway")
    ctypes.CDLL(None).puts(b"from C")
    logging.getLogger("task").warning("a warning of %s", "the task")
    return "true"


def abort(arguments: dict[str, Any], report: Report) -> Any:
    os.abort()


def read_zero(arguments: dict[str, Any], report: Report) -> Any:
    return ctypes.string_at(0)


def leave(arguments: dict[str, Any], report: Report) -> Any:
    os._exit(7)


def hog(arguments: dict[str, Any], report: Report) -> Any:
    """Fill memory, 16 MiB at a time."""
    held = []
    while True:
        held.append(bytearray(os.urandom(1 << 20) * 16))
        time.sleep(0.01)


def gulp(arguments: dict[str, Any], report: Report) -> Any:
    """Ask for more than any machine has, at once."""
    return len(bytearray(1 << 46))


def loop(arguments: dict[str, Any], report: Report) -> Any:
    while True:
        pass


def count(arguments: dict[str, Any], report: Report) -> Any:
    """Report for ever."""
    done = 0
    while True:
        report(done, None, "counting")
        done += 1
        time.sleep(0.01)


def breed(arguments: dict[str, Any], report: Report) -> Any:
    """Start a process that outlives its parent, if it may, and say its number on the way."""
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    report(child.pid, None, "born")
    loop(arguments, report)


def fail(arguments: dict[str, Any], report: Report) -> Any:
    errors = {"model": ModelError("It is no good."), "label": LabelError("No such name."), "other": ValueError("odd")}
    raise errors.get(arguments["how"]) or EmptyFileError("a.png", "is empty", "leave it out")


def nonsense(arguments: dict[str, Any], report: Report) -> Any:
    return float("nan")


if __name__ == "__main__":
    names = ("echo", "surroundings", "prints", "abort", "read_zero", "leave", "hog", "gulp", "loop", "count", "breed")
    more = ("fail", "nonsense", "missing")
    main({name: f"tests.models.worker_tasks:{name}" for name in (*names, *more)})
