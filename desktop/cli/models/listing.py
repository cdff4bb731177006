"""``sortwerk models``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from desktop.cli.ending import SOME_FAILED, ending
from desktop.cli.output import say
from models.errors import one_line

__all__ = ["models"]

models = typer.Typer(help="The models there are, and new ones.", no_args_is_help=True)


@models.command("list")
def list_(*, as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False) -> None:
    """List the models that --model takes: the starter model, then those made here."""
    with ending():
        from desktop.actions.models import STARTER_WORD, list_models

        installed = list_models()
        if as_json:
            fields = ("name", "heads", "learned", "problem")
            rows = [
                {"folder": one.folder and str(one.folder)} | {f: getattr(one, f) for f in fields} for one in installed
            ]
            print(json.dumps(rows, indent=2))
        else:
            width = max(len(one.name) for one in installed)
            for one in (one for one in installed if not one.problem):
                place = one_line(one.folder.name) if one.folder else STARTER_WORD
                print(f"{one.name:<{width}}  {', '.join(one.heads)}  {one.learned:,} labelled  {place}")
            for one in installed:
                if one.problem:
                    say(one.problem)
        if any(one.problem for one in installed):
            raise typer.Exit(SOME_FAILED)


@models.command("new")
def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it is called.")],
    *,
    question: Annotated[
        list[str] | None, typer.Option(metavar="Q", help="What it answers, such as part; once for each question.")
    ] = None,
    combinations: Annotated[
        Path | None, typer.Option(metavar="F.csv", help="Table of the pairs of two questions' categories that exist.")
    ] = None,
) -> None:
    """Make a model that knows nothing yet; it learns from what you say of your pictures."""
    with ending():
        from desktop.actions.models import new_model
        from models.combinations_csv import read_combinations

        table = read_combinations(combinations) if combinations is not None else None
        folder = new_model(name, question or ["category"], table)
        print(folder)
        say(f"It knows nothing yet; open the window, choose {one_line(name)}, and say what a few pictures are.")
