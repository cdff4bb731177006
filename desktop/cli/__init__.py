"""The command line: parses, calls ``desktop.actions``, prints. Data on standard output, all else on standard error.

A command ``x`` is the function ``x`` in ``desktop/cli/x.py``, or a ``typer.Typer`` of that name where it has commands
of its own, and one name in ``COMMANDS``; ``app`` puts them together.
This module imports nothing: the entry (``desktop.__main__``) reads the names before it knows what will be needed.
"""

from __future__ import annotations

__all__ = ["COMMANDS"]

COMMANDS = ("classify", "correct", "models", "dataset", "train", "runs", "undo", "serve", "engine", "doctor")
"""Every command, by the name of its module and of what is in it, as ``sortwerk --help`` lists them."""
