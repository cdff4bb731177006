"""``sortwerk models export``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from desktop.cli.ending import ending
from desktop.cli.output import say

__all__ = ["export"]


def export(
    model: Annotated[str, typer.Argument(metavar="M", help="Name or folder of the model.")],
    output: Annotated[Path, typer.Argument(metavar="OUT.ps2model", help="The package to write.")],
    *,
    without_state: Annotated[
        bool, typer.Option("--without-state", help="Leave out what it has learned from: others can't teach it further.")
    ] = False,
    with_corrections: Annotated[
        bool, typer.Option("--with-corrections", help="Pack the corrections too, with the pictures' file names.")
    ] = False,
    sign: Annotated[
        bool, typer.Option("--sign", help="Sign it with your key, which is made at the first time.")
    ] = False,
    name: Annotated[str | None, typer.Option(metavar="NAME", help="What it is called in the package.")] = None,
    author: Annotated[str | None, typer.Option(metavar="A", help="Who made it; a signature needs one.")] = None,
    version: Annotated[str | None, typer.Option(metavar="V", help="Of the model, such as 1.0.0.")] = None,
    licence: Annotated[
        str | None, typer.Option("--licence", "--license", metavar="L", help="Under which others may use it.")
    ] = None,
    description: Annotated[str | None, typer.Option(metavar="D", help="What it is for.")] = None,
) -> None:
    """Write a model as it stands now, with all it has learned, into one file for others; prints the file."""
    with ending():
        from desktop.actions.models import find_model
        from desktop.actions.packages import STATE_NOTE, ExportOptions, export_model_package
        from models.package import author_key

        options = ExportOptions(
            name=name,
            version=version,
            author=author,
            license=licence,
            description=description,
            with_state=not without_state,
            with_corrections=with_corrections,
            key=author_key() if sign and author else None,
        )
        if sign and not author:
            raise typer.BadParameter("--sign needs --author: say who you are.")
        print(export_model_package(find_model(model), output, options))
        if options.with_state:
            say(STATE_NOTE)
        if options.key is not None:
            say(f"Signed with your key {options.key.fingerprint}; tell others, so that they know it again.")
