"""What an engine is: an interpreter with PyTorch or TensorFlow that has been proved, and the record that says so.

The record (``engine.json``) is written last and whole. An environment without one is half-made, whatever lies in it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from models.workspace import atomic_file

__all__ = ["RECORD", "Engine", "interpreter", "read_engine", "write_engine"]

RECORD = "engine.json"
"""The file's name in the environment's folder."""

_VERSION = 1
"""Of the record's form. Another one is passed over, and the environment made anew."""


@dataclass(frozen=True, slots=True)
class Engine:
    """An interpreter that works: its libraries are there and have computed a convolution rightly.

    Attributes:
        variant: "torch" or "tensorflow" (``training.engine.variants``).
        python: its interpreter.
        device: that it was proved on: "cpu", "cuda", "rocm" or "mps".
        versions: name of a distribution, in lower case with hyphens -> version.
        own: whether the person brought it; else the program made it, and may repair and remove it.
        folder: of the environment; an own one's is where its interpreter says that it lives.
        lock: hash of the lock file that it was made from; "" for an own one.
        proved: seconds that the proof took.
        size: bytes on the disk; 0 where not known (an own one).
        device_name: what the device calls itself ("NVIDIA H100"), "" where it has no name.
        site: the folder that its distributions lie in.
    """

    variant: str
    python: Path
    device: str
    versions: Mapping[str, str]
    own: bool
    folder: Path
    lock: str = ""
    proved: float = 0.0
    size: int = 0
    device_name: str = ""
    site: Path | None = None


def interpreter(folder: Path) -> Path:
    """Where the interpreter of the environment in ``folder`` is, on this system."""
    return folder / "Scripts" / "python.exe" if sys.platform == "win32" else folder / "bin" / "python"


def write_engine(engine: Engine, path: Path) -> None:
    """Keep ``engine`` as ``path``, whole.

    Raises:
        OSError: it can't be written.
    """
    content = {"version": _VERSION, **asdict(replace(engine, versions=dict(engine.versions)))}
    content |= {"python": str(engine.python), "folder": str(engine.folder)}
    content["site"] = str(engine.site) if engine.site else None
    with atomic_file(path) as file:
        file.write(json.dumps(content, indent=2).encode("ascii") + b"\n")


def read_engine(path: Path) -> Engine | None:
    """The engine that ``path`` records; None where there is no record, or none that this version understands."""
    try:
        content: Any = json.loads(path.read_bytes())
        if content.pop("version") != _VERSION:
            return None
        texts = ("variant", "device", "lock", "device_name")
        if not all(isinstance(content[name], str) for name in texts) or not isinstance(content["own"], bool):
            return None
        return Engine(
            content["variant"],
            Path(content["python"]),
            content["device"],
            {str(name): str(version) for name, version in content["versions"].items()},
            content["own"],
            Path(content["folder"]),
            content["lock"],
            float(content["proved"]),
            int(content["size"]),
            content["device_name"],
            Path(content["site"]) if content["site"] else None,
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
