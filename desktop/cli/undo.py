"""``sortwerk undo``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from desktop.cli.ending import SOME_FAILED, ending
from desktop.cli.output import say
from desktop.cli.sorting import say_sorted, sorting_work, workspace
from models.errors import one_line

if TYPE_CHECKING:
    from models.database import Database

__all__ = ["undo"]

STATES = {"doing": "unfinished", "done": "done", "undoing": "half taken back", "undone": "taken back"}
"""How a sorting stands, in a person's words."""


def undo(
    *,
    finish: Annotated[
        bool, typer.Option("--finish", help="Finish the sorting that was interrupted, instead of taking it back.")
    ] = False,
    show_list: Annotated[bool, typer.Option("--list", help="Only list what has been sorted, the last first.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="With --list: print one JSON object a line.")] = False,
) -> None:
    """Take back the last sorting: moved files go back to their places, copies are deleted."""
    if finish and show_list:
        raise typer.BadParameter("--finish and --list can't be used together; choose one of them.")
    if as_json and not show_list:
        raise typer.BadParameter("--json goes with --list.")
    with ending(), workspace() as database:
        if show_list:
            _list_sortings(database, as_json)
        elif _undo(database, finish):
            raise typer.Exit(SOME_FAILED)


def _undo(database: Database, finish: bool) -> int:
    """Take back or finish; return how many files failed."""
    from desktop.actions import sorting

    with sorting_work() as (cancel, show):
        if finish:
            report = sorting.recover(database, finish=True, cancel=cancel, on_progress=show)
        else:
            report = sorting.undo(database, cancel=cancel, on_progress=show)
    if report is None:
        say("No sorting was interrupted." if finish else "There is no sorting to take back.")
        return 0
    target = one_line(report.sorting.target)
    return say_sorted(
        report, f"sorted into {target}" if report.sorting.state == "done" else f"taken back from {target}"
    )


def _list_sortings(database: Database, as_json: bool) -> None:
    from desktop.actions import sorting

    for one in sorting.history(database):
        if as_json:
            fields = {name: getattr(one, name) for name in ("id", "started", "state", "mode", "files", "sorted")}
            print(json.dumps(fields | {"target": str(one.target)}))
        else:
            print(f"{one.started}  {one.mode}  {one.files:>7,} files  {one_line(one.target)}  ({STATES[one.state]})")
