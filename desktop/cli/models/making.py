"""``sortwerk models new``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from desktop.cli.ending import ending
from desktop.cli.output import say
from models.errors import one_line

__all__ = ["new"]


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
