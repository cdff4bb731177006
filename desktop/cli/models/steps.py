"""Progress of work whose steps have names, on standard error: a line that goes on a terminal, nothing elsewhere."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.worker import Step

__all__ = ["said"]

_WIDTH = 78


@contextlib.contextmanager
def said() -> Iterator[Callable[[Step], None] | None]:
    """How to say where the work is; None where standard error is not a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    try:
        yield _say
    finally:
        _write("")


def _say(step: Step) -> None:
    share = f"{100 * step.done / step.total:3.0f} %  " if step.total else ""
    _write(f"{share}{step.words}")


def _write(text: str) -> None:
    sys.stderr.write(f"\r{text[:_WIDTH]:<{_WIDTH}}\r")
    sys.stderr.flush()
