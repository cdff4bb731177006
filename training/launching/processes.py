"""The trainer's process: started so that it outlives the program, with nothing of the program's in its hands."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

from models.errors import TrainingError, one_line
from models.workspace import reason
from training.engine.environment import Engine
from training.engine.running import engine_environment
from training.runs.folder import RunFolder
from training.runs.info import Process

__all__ = ["TRAINER", "launch", "reap", "trainer_command", "trainer_environment"]

TRAINER = "training.pytorch.trainer"
"""The module that the engine's interpreter runs, with the run's folder as its one argument."""

_NETWORK = (
    *(
        "HF_HOME",
        "HF_HUB_CACHE",
        "HF_HUB_OFFLINE",
        "HF_ENDPOINT",
        "TORCH_HOME",
        "XDG_CACHE_HOME",
        "TMPDIR",
        "TEMP",
        "TMP",
    ),
    *(
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "NO_PROXY",
        "http_proxy",
        "https_proxy",
        "no_proxy",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
    ),
)
"""What it sees of the environment beyond what any engine's process does: for weights that are downloaded."""

_children: list[subprocess.Popen[bytes]] = []
"""Trainers that this program has started: kept until they have ended, so that none becomes a zombie for long."""


def trainer_command(engine: Engine, run: RunFolder) -> list[str]:
    """The command that trains ``run`` in ``engine``."""
    return [str(engine.python), "-m", TRAINER, str(run.path)]


def trainer_environment(engine: Engine, threads: int) -> dict[str, str]:
    """The environment variables of a trainer; ``threads`` 0 for all cores."""
    environment = engine_environment(own=engine.own, threads=threads or os.cpu_count() or 1)
    environment |= {name: os.environ[name] for name in _NETWORK if name in os.environ}
    return environment | {"PYTHONSAFEPATH": "1", "PYTHONUNBUFFERED": "1"}  # a run's folder is no place for modules


def launch(run: RunFolder, command: Sequence[str], environment: Mapping[str, str], cwd: Path | None = None) -> Process:
    """Start ``command`` for ``run``: in a session of its own, deaf, and saying everything to the run's log.

    Raises:
        TrainingError: it can't be started.
    """
    reap()
    flags, since = 0, time.time()
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
    try:
        with run.log_path.open("ab") as log:
            child = subprocess.Popen(  # noqa: S603 - the engine's interpreter
                list(command),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=cwd or run.path,
                env=dict(environment),
                start_new_session=True,  # closing the window's terminal does not reach it
                creationflags=flags,
                close_fds=True,
            )
    except OSError as error:
        raise TrainingError(
            f"The training {one_line(run.id)} could not be started with {one_line(command[0])} ({reason(error)}); "
            "repair the engine: sortwerk engine repair torch."
        ) from error
    _children.append(child)
    try:
        created = psutil.Process(child.pid).create_time()
    except psutil.Error:
        created = 0.0  # it has ended already, and the log says why
    said = tuple(one_line(part) for part in command)
    process = Process(pid=child.pid, created=created, host=socket.gethostname(), command=said, since=since)
    run.set_process(process)
    return process


def reap() -> None:
    """Let go of trainers that have ended."""
    _children[:] = [child for child in _children if child.poll() is None]
