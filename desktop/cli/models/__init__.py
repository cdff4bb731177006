"""``sortwerk models``: one file for each group of its commands, and a line here for each command."""

from __future__ import annotations

import typer

from desktop.cli.models.comparing import compare
from desktop.cli.models.exporting import export
from desktop.cli.models.importing import import_
from desktop.cli.models.listing import list_
from desktop.cli.models.making import new
from desktop.cli.models.managing import remove, rename, restore, show
from desktop.cli.models.quantizing import quantize
from desktop.cli.models.trying import try_
from desktop.cli.models.validating import validate

__all__ = ["models"]

models = typer.Typer(help="The models there are, new ones, and those of others.", no_args_is_help=True)
models.command("list")(list_)
models.command("new")(new)
models.command("show")(show)
models.command("import")(import_)
models.command("export")(export)
models.command("rename")(rename)
models.command("remove")(remove)
models.command("restore")(restore)
models.command("try")(try_)
models.command("validate")(validate)
models.command("compare")(compare)
models.command("quantize")(quantize)
