"""The proof of an interpreter: what it is, whether it has what is needed, and whether it computes rightly.

An interpreter is first looked at in a child process that loads nothing, then it computes one convolution in another.
Both have time limits: what hangs is said, not waited for.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from models.errors import Cancelled, EngineError, WorkerError
from models.worker import Limits
from training.engine.running import end, engine_environment, run_with
from training.engine.variants import Variant

__all__ = ["PROOF_LIMITS", "Interpreter", "Proof", "look_at", "prove"]

PROOF_LIMITS = Limits(memory=8 << 30, seconds=300.0, threads=2, mapped=False)
"""Of the proof. Loading PyTorch for CUDA from a slow disk for the first time takes a minute or two."""

_OLDEST = (3, 11)
"""The oldest Python that the program's own sources run on."""

_LOOK = """
import importlib.metadata, json, sys
try:
    found = {one.metadata["Name"]: one.version for one in importlib.metadata.distributions() if one.metadata["Name"]}
except Exception:
    found = {}
print(json.dumps({
    "sortwerk": 1, "version": list(sys.version_info[:3]), "prefix": sys.prefix, "executable": sys.executable,
    "found": {name.lower().replace("_", "-"): version for name, version in found.items()},
}))
"""


@dataclass(frozen=True, slots=True)
class Interpreter:
    """What an interpreter says of itself.

    Attributes:
        python: where it is.
        version: of Python.
        prefix: the folder of its environment.
        found: name of a distribution -> version.
    """

    python: Path
    version: tuple[int, int, int]
    prefix: Path
    found: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Proof:
    """An interpreter that computed rightly.

    Attributes:
        versions: name of a distribution -> version.
        device: that computed.
        device_name: what it calls itself, "" for none.
        site: the folder that the distributions lie in.
        difference: largest, from NumPy.
        seconds: that it took, loading included.
    """

    versions: Mapping[str, str]
    device: str
    device_name: str
    site: Path
    difference: float
    seconds: float


def look_at(python: Path, *, seconds: float = 20.0, cancel: threading.Event | None = None) -> Interpreter:
    """Ask ``python`` what it is; nothing of PyTorch is loaded.

    Args:
        python: the interpreter, or the folder of its environment.
        seconds: that it may take.
        cancel: set it to stop.

    Raises:
        EngineError: it is no Python, too old, or silent.
        Cancelled: ``cancel`` was set.
    """
    path = _executable(python)
    said = _ask(path, seconds, cancel)
    try:
        answer = json.loads(said.strip().splitlines()[-1])
        if answer["sortwerk"] != 1:
            raise ValueError
        major, minor, patch = answer["version"]
        found = {str(name): str(version) for name, version in answer["found"].items()}
        interpreter = Interpreter(path, (int(major), int(minor), int(patch)), Path(answer["prefix"]), found)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        raise EngineError(f"{path} is no Python; choose the python of an environment that has PyTorch.") from None
    if interpreter.version < _OLDEST:
        version = ".".join(map(str, interpreter.version))
        raise EngineError(f"{path} is Python {version}, and 3.11 or newer is needed; choose another one.")
    return interpreter


def prove(
    python: Path,
    variant: Variant,
    device: str,
    *,
    own: bool = False,
    limits: Limits = PROOF_LIMITS,
    cancel: threading.Event | None = None,
) -> Proof:
    """Let ``python`` compute a convolution on ``device`` and compare it with NumPy.

    Args:
        python: an interpreter.
        variant: what it must have.
        device: "auto", "cpu", "cuda", "rocm" or "mps".
        own: whether the person brought it.
        limits: of the child.
        cancel: set it to stop.

    Raises:
        EngineError: it can't load, has no such device, computes wrongly, crashes or hangs.
        Cancelled: ``cancel`` was set.
    """
    began = time.monotonic()
    about = f"{variant.title} in {python}"
    try:
        found = run_with(
            python, variant.worker, "proof", {"device": device}, own=own, limits=limits, cancel=cancel, about=about
        )
    except WorkerError as error:
        raise EngineError(_why(error, about, limits)) from error
    return Proof(
        {str(name): str(version) for name, version in found["versions"].items()},
        str(found["device"]),
        str(found["device_name"]),
        Path(found["site"]),
        float(found["difference"]),
        time.monotonic() - began,
    )


def _why(error: WorkerError, about: str, limits: Limits) -> str:
    retry = "repair the engine, or choose another one"
    if error.reason == "time":
        return f"{about} did not compute within {limits.seconds:g} seconds; {retry}."
    if error.reason == "signal":
        return f"{about} crashed at its first computation; update the driver of the card, or {retry}."
    if error.reason == "fault":
        words = str(error).partition("(")[2].rpartition(")")[0]
        return f"{about} can't be loaded ({words[:200]}); {retry}."
    if error.reason == "exit":
        return f"{about} ended before it had computed; {retry}."
    return str(error)


def _executable(path: Path) -> Path:
    """The interpreter that a person means who points at it, or at the folder of its environment."""
    path = Path(os.path.abspath(path.expanduser()))  # noqa: PTH100 - a link to the base's python must stay one
    if path.is_dir():
        for inside in ("bin/python", "bin/python3", "Scripts/python.exe", "python.exe"):
            if (path / inside).is_file():
                return path / inside
        raise EngineError(f"There is no Python in the folder {path}; choose the python of an environment.")
    if not path.is_file():
        raise EngineError(f"{path} is not there; choose the python of an environment.")
    return path


def _ask(path: Path, seconds: float, cancel: threading.Event | None) -> str:
    environment = engine_environment(own=True, threads=1)
    del environment["PYTHONPATH"]
    until = time.monotonic() + seconds
    with tempfile.TemporaryDirectory(prefix="sortwerk-") as folder, tempfile.TemporaryFile() as said:
        try:
            process = subprocess.Popen(  # noqa: S603 - the interpreter that the person chose
                [str(path), "-c", _LOOK],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.DEVNULL,
                cwd=folder,
                env=environment,
                start_new_session=sys.platform != "win32",
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except (OSError, ValueError):
            raise EngineError(
                f"{path} can't be started as a Python; choose the python of an environment that has PyTorch."
            ) from None
        try:
            while process.poll() is None:
                if cancel is not None and cancel.is_set():
                    raise Cancelled("The work was cancelled.")
                if time.monotonic() > until:
                    raise EngineError(f"{path} does not answer within {seconds:g} seconds; choose another Python.")
                time.sleep(0.02)
        finally:
            end(process)
        said.seek(0)
        return said.read(1 << 20).decode("utf-8", "replace")
