"""What Ctrl+C comes to in work on a dataset."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import typer

from desktop.cli.ending import INTERRUPTED
from desktop.cli.output import say
from models.errors import Cancelled

__all__ = ["stopping"]


@contextlib.contextmanager
def stopping(comes_to: str) -> Iterator[None]:
    """End the command where the block is stopped, and say so: "Stopped; nothing was written."."""
    try:
        yield
    except Cancelled as stopped:
        say(f"Stopped; {comes_to}.")
        raise typer.Exit(INTERRUPTED) from stopped
