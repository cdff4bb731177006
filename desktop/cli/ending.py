"""How a command ends: its exit status, and what Ctrl+C does.

Exit status: 0 done; 1 some items failed, the rest done; 2 wrong use (typer's own); 3 failed; 130 stopped by Ctrl+C; 141
when whoever read the output has left (``| head``).
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator

import typer

from desktop.cli.output import say
from models.errors import SortwerkError

__all__ = ["FAILED", "INTERRUPTED", "NOBODY_READS", "SOME_FAILED", "WRONG_USE", "ending", "interrupts"]

SOME_FAILED, WRONG_USE, FAILED, INTERRUPTED, NOBODY_READS = 1, 2, 3, 130, 141

_log = logging.getLogger(__name__)


@contextlib.contextmanager
def ending() -> Iterator[None]:
    """Turn whatever ends a command into its exit status and at most one sentence.

    Raises:
        typer.Exit: with the status; nothing else leaves, but typer's own words about wrong use.
    """
    try:
        yield
        sys.stdout.flush()  # here, where a reader who has left is still noticed
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    except BrokenPipeError:
        # Python flushes once more when it exits; let that go nowhere.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
        raise typer.Exit(NOBODY_READS) from None
    except SortwerkError as error:
        say(str(error))
        raise typer.Exit(FAILED) from error
    except (typer.Exit, typer.BadParameter):
        raise
    except Exception as error:
        _log.exception("A command ended unexpectedly")
        say(f"Sortwerk failed because of a fault in it ({type(error).__name__}); please report it with the log.")
        raise typer.Exit(FAILED) from error


@contextlib.contextmanager
def interrupts() -> Iterator[threading.Event]:
    """Let Ctrl+C set the event that is given, so that the work ends where it is safe, instead of anywhere."""
    cancel = threading.Event()
    before = signal.signal(signal.SIGINT, lambda *_: cancel.set())
    try:
        yield cancel
    finally:
        signal.signal(signal.SIGINT, before)
