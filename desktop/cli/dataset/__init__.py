"""``sortwerk dataset``: one file for each group of its commands, and a line here for each command."""

from __future__ import annotations

import typer

from desktop.cli.dataset.augmenting import augment
from desktop.cli.dataset.checking import check
from desktop.cli.dataset.dividing import split
from desktop.cli.dataset.exporting import export
from desktop.cli.dataset.importing import import_
from desktop.cli.dataset.labelling import agreement, label, next_
from desktop.cli.dataset.listing import list_, show
from desktop.cli.dataset.managing import create, remove, restore
from desktop.cli.dataset.versions import versions

__all__ = ["dataset"]

dataset = typer.Typer(help="Pictures with labels, to train and to measure with.", no_args_is_help=True)
dataset.command("list")(list_)
dataset.command("create")(create)
dataset.command("import")(import_)
dataset.command("export")(export)
dataset.command("show")(show)
dataset.command("split")(split)
dataset.command("check")(check)
dataset.command("augment")(augment)
dataset.command("label")(label)
dataset.command("next")(next_)
dataset.command("agreement")(agreement)
dataset.command("versions")(versions)
dataset.command("remove")(remove)
dataset.command("restore")(restore)
