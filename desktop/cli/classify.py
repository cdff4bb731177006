"""``sortwerk classify``: parses and refuses; ``once`` and ``watch`` do it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desktop.cli import once, watch
from desktop.cli.ending import SOME_FAILED, ending

if TYPE_CHECKING:
    from desktop.actions.sorting_plan import Mode

__all__ = ["classify"]


def classify(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH", help="Files, folders and zips.")],
    *,
    model: Annotated[
        str | None, typer.Option(metavar="M", help="Name or folder of the model; else the starter model.")
    ] = None,
    top_k: Annotated[int, typer.Option(metavar="K", min=1, max=1000, help="Categories to show of each file.")] = 5,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object a line, as each file is done.")
    ] = False,
    csv: Annotated[Path | None, typer.Option("--csv", metavar="F", help="Write a CSV file instead.")] = None,
    sort_into: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Then copy the files into DIR, in a folder for each category.")
    ] = None,
    move: Annotated[bool, typer.Option("--move", help="With --sort-into: move the files instead.")] = False,
    plan: Annotated[bool, typer.Option("--plan", help="With --sort-into: only show what would be done.")] = False,
    go_on: Annotated[
        bool, typer.Option("--watch", help="Then go on with files that come or change, until Ctrl+C.")
    ] = False,
) -> None:
    """Say what each picture is: its category, and how sure the model is of it."""
    if as_json and csv:
        raise typer.BadParameter("--json and --csv can't be used together; choose one of them.")
    if sort_into is None and (move or plan):
        raise typer.BadParameter(f"--{'move' if move else 'plan'} says how to sort; say where with --sort-into DIR.")
    if go_on and csv:
        raise typer.BadParameter("--watch never ends, and a CSV file is written whole; use --json instead of --csv.")
    if go_on and plan:
        raise typer.BadParameter("--plan shows a plan and ends, --watch goes on; choose one of them.")
    mode: Mode = "move" if move else "copy"
    with ending():
        from desktop.actions.models import find_model

        asked = once.Asked(tuple(paths), find_model(model), top_k, as_json)
        if go_on:
            failed = watch.classify_and_watch(asked, sort_into, mode)
        elif sort_into is None:
            failed = once.classify_all(asked, csv)
        else:
            failed = once.classify_and_sort(asked, csv, sort_into, mode, only_plan=plan)
        if failed:
            raise typer.Exit(SOME_FAILED)
