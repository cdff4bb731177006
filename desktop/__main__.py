"""The executable's entry: ``sortwerk`` and ``python -m desktop``. Chooses a front door before loading any of them.

The first argument decides. ``--worker`` makes this a child process of the program's own. A command (``classify``,
``doctor``, ``undo``) or an option goes to the command line; anything else is paths that the window opens with, and no
argument opens it empty. A file that is named like a command is reached as ``./classify``.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

from desktop.cli import COMMANDS
from models.errors import one_line

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run with ``arguments`` (those of the process by default); return the exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["--worker"]:
        from models.worker import main as work  # a child process of the program's own; it never returns

        work()
    if given and (given[0] in COMMANDS or given[0].startswith("-")):
        from desktop.cli.app import run  # typer and rich: not for the window

        return run(given)
    missing = [path for path in given if not os.path.lexists(path)]
    if missing:
        print(  # noqa: T201 - the command line's own way to tell
            f"sortwerk: '{one_line(missing[0])}' is neither a file nor a command; see sortwerk --help.", file=sys.stderr
        )
        return 2
    gc.disable()  # until the window has been painted: of what a start makes, there is nothing to collect
    from pathlib import Path

    from desktop.window import run_window  # Qt: not for the command line

    return run_window([Path(path) for path in given])


if __name__ == "__main__":
    sys.exit(main())
