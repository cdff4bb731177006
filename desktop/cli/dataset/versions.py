"""``sortwerk dataset versions``."""

from __future__ import annotations

from typing import Annotated

import typer

from desktop.cli.dataset.listing import Named
from desktop.cli.ending import ending
from models.errors import DatasetError, one_line

__all__ = ["versions"]


def versions(
    named: Named,
    act: Annotated[str, typer.Argument(metavar="list|create|diff", help="What to do.")] = "list",
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME...]", help="create: the version's name; diff: one or two versions, by name or hash."
        ),
    ] = None,
) -> None:
    """List, keep or compare versions of a dataset; "diff V" compares V with the dataset as it is now."""
    with ending():
        given = names or []
        wanted = {"list": (0, 0), "create": (1, 1), "diff": (1, 2)}
        if act not in wanted:
            raise DatasetError(f"{one_line(act)} is nothing that can be done with versions; use list, create or diff.")
        least, most = wanted[act]
        if not least <= len(given) <= most:
            raise DatasetError(f"versions D {act} takes {least if least == most else '1 or 2'} names; give as many.")
        if act == "list":
            _list(named)
        elif act == "create":
            _create(named, given[0])
        else:
            _diff(named, given[0], given[1] if len(given) > 1 else None)


def _list(dataset: str) -> None:
    from desktop.actions.quality import list_versions

    for one in list_versions(dataset):
        print(f"{one.hash[:12]}  {one.created}  {one.items:>7,}  {one_line(one.name)}")


def _create(dataset: str, name: str) -> None:
    from desktop.actions.quality import freeze_version

    one = freeze_version(dataset, name)
    print(f"{one.hash}  {one.items:,} items  {one_line(one.name)}")


def _diff(dataset: str, before: str, after: str | None) -> None:
    from desktop.actions.quality import compare_versions

    found = compare_versions(dataset, before, after)
    for what, count in (
        ("added", len(found.added)),
        ("removed", len(found.removed)),
        ("in another split", len(found.resplit)),
        ("relabelled", len(found.relabelled)),
        ("described differently", len(found.described)),
        ("questions changed", len(found.heads)),
    ):
        print(f"{count:>7,}  {what}")
