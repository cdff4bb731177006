"""``sortwerk models list``."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from desktop.cli.ending import SOME_FAILED, ending
from desktop.cli.output import say
from models.errors import one_line

__all__ = ["list_"]


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
