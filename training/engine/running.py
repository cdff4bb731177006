"""Work in an engine: a child process of its interpreter that is lent the program's own sources.

    answer = run_in_engine(engine, "convert", {"path": "/models/net.pt", "target": "/tmp/net.onnx"})

Sortwerk is never installed into an engine: ``PYTHONPATH`` names the checkout, or the copy of ``models`` and
``training`` that the executable carries. What a task may be is in the tables of ``training/pytorch/worker.py`` and
``training/tensorflow/worker.py``; what both sides say is ``models/worker``.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from models.worker import Limits, Step, own_environment, run_task
from training.engine.environment import Engine

__all__ = [
    "LIMITS",
    "WORKERS",
    "end",
    "engine_environment",
    "own_sources",
    "run_in_engine",
    "run_with",
    "without_frozen_libraries",
]

WORKERS: Mapping[str, str] = {"torch": "training.pytorch.worker", "tensorflow": "training.tensorflow.worker"}
"""Name of a variant -> the module that its interpreter runs."""

LIMITS = Limits(memory=8 << 30, seconds=600.0, mapped=False)
"""For a task that says nothing else. CUDA and PyTorch's libraries map far more than they use, so that what is mapped
is not limited; what is used is."""

_DEVICES = ("CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES", "HSA_OVERRIDE_GFX_VERSION")
"""What says which device there is."""


def run_in_engine(
    engine: Engine,
    task: str,
    arguments: Mapping[str, Any],
    *,
    limits: Limits = LIMITS,
    cancel: threading.Event | None = None,
    on_progress: Callable[[Step], None] | None = None,
    about: str = "The model",
) -> Any:
    """Have ``task`` done by ``engine`` and return its result (JSON); however it ends, no process is left.

    Args:
        engine: whose interpreter does it.
        task: a name in the table ``TASKS`` of the engine's worker.
        arguments: JSON, as the task's function takes it; paths must be absolute.
        limits: of memory, time and threads.
        cancel: set it from another thread to stop.
        on_progress: called in this thread.
        about: what sentences call the thing that is worked on; they begin with it.

    Raises:
        ModelError, WorkerError, WorkspaceError, LabelError, Cancelled: as ``models.worker.run_task``.
    """
    return run_with(
        engine.python,
        WORKERS[engine.variant],
        task,
        arguments,
        own=engine.own,
        limits=limits,
        cancel=cancel,
        on_progress=on_progress,
        about=about,
    )


def run_with(
    python: Path,
    worker: str,
    task: str,
    arguments: Mapping[str, Any],
    *,
    own: bool,
    limits: Limits = LIMITS,
    cancel: threading.Event | None = None,
    on_progress: Callable[[Step], None] | None = None,
    about: str = "The model",
) -> Any:
    """As ``run_in_engine``, with an interpreter that is no engine yet, and any ``worker`` module."""
    return run_task(
        task,
        arguments,
        limits=limits.model_copy(update={"mapped": False}),
        cancel=cancel,
        on_progress=on_progress,
        command=[str(python), "-m", worker],
        environment=engine_environment(own=own, threads=limits.threads),
        about=about,
    )


def engine_environment(*, own: bool, threads: int) -> dict[str, str]:
    """The environment variables of an engine's process.

    Args:
        own: whether the person brought the interpreter, whose libraries may then lie in the person's site folder.
        threads: that numeric libraries start.
    """
    environment = own_environment(threads)
    environment |= {name: os.environ[name] for name in _DEVICES if name in os.environ}
    environment |= {"PYTHONPATH": str(own_sources()), "PYTHONDONTWRITEBYTECODE": "1"}
    if not own:
        environment["PYTHONNOUSERSITE"] = "1"
    return without_frozen_libraries(environment)


def without_frozen_libraries(environment: dict[str, str]) -> dict[str, str]:
    """``environment`` for a program that is not ours: an executable's own libraries must not be loaded into it."""
    if getattr(sys, "frozen", False):
        for name in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"):
            before = os.environ.get(f"{name}_ORIG")
            environment.pop(name, None)
            if before:
                environment[name] = before
    return environment


def own_sources() -> Path:
    """The folder in which an engine finds ``models`` and ``training``."""
    if getattr(sys, "frozen", False):
        return Path(getattr(sys, "_MEIPASS", "")) / "engine_sources"
    return Path(__file__).resolve().parents[2]


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill a process that was started in a session of its own, with all that it has started, and wait for it."""
    if sys.platform != "win32":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(OSError):
        process.kill()
    process.wait()
