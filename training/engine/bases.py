"""The Python that an environment is made from: the program's own, one of the system's, or one that uv fetches."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from models.errors import EngineError
from training.engine.proving import look_at
from training.engine.uv import Uv
from training.engine.variants import Variant, pythons

__all__ = ["Base", "choose_base"]

_PREFERRED = "3.12"
"""Of those to be fetched."""


@dataclass(frozen=True, slots=True)
class Base:
    """A Python.

    Attributes:
        request: what uv is asked for: a path, or a version that it fetches.
        minor: its minor version, such as "3.12".
    """

    request: str
    minor: str


def choose_base(variant: Variant, uv: Uv) -> Base:
    """The Python for ``variant``.

    Raises:
        EngineError: there is no build of the variant for this computer.
        Cancelled: the work was cancelled.
    """
    allowed = pythons(variant)
    own = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if not getattr(sys, "frozen", False) and own in allowed:
        return Base(str(getattr(sys, "_base_executable", sys.executable)), own)
    for minor in sorted(allowed, key=lambda text: (text != own, text != _PREFERRED)):
        try:
            found = uv.run("python", "find", minor, "--system", "--no-python-downloads", "--no-project")
            path = next(line for line in reversed(found) if line.strip())
            version = look_at(Path(path.strip())).version
        except (EngineError, StopIteration):
            continue
        if f"{version[0]}.{version[1]}" == minor:
            return Base(path.strip(), minor)
    minor = _PREFERRED if _PREFERRED in allowed else allowed[-1]
    return Base(minor, minor)
