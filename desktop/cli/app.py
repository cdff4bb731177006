"""All commands as one program; ``run`` is what the entry calls."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated, TextIO

import typer

from desktop import log
from desktop.cli import COMMANDS
from desktop.cli.output import say
from models.errors import WorkspaceError
from models.workspace import folder

__all__ = ["app", "run"]

app = typer.Typer(
    name="sortwerk",
    help="Teach your computer to see. Without a command, the window opens (with the files and folders named).",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for _name in COMMANDS:
    _command = getattr(import_module(f"desktop.cli.{_name}"), _name)
    if isinstance(_command, typer.Typer):
        app.add_typer(_command, name=_name)
    else:
        app.command(_name)(_command)


def run(arguments: Sequence[str]) -> int:
    """Run one command; return the exit status (``desktop.cli.ending`` says what each means)."""
    for stream in (sys.stdout, sys.stderr):
        _show_anything(stream)
    try:
        log.start(folder())
    except WorkspaceError as error:
        logging.getLogger().addHandler(logging.NullHandler())  # else warnings would go to the terminal
        say(str(error))
    try:
        app(list(arguments), prog_name="sortwerk")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    return 0


def _show_anything(stream: TextIO) -> None:
    """Let what the terminal's encoding can't express be shown escaped, instead of ending the program."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")


def _version(asked: bool) -> None:
    if asked:
        from desktop.version import own_version

        print(f"sortwerk {own_version()}")
        raise typer.Exit


@app.callback()
def _options(
    *,
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Options before a command."""
