"""``sortwerk dataset create``, ``remove`` and ``restore``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from desktop.cli.dataset.listing import Named
from desktop.cli.ending import SOME_FAILED, ending
from desktop.cli.output import say
from models.errors import one_line

if TYPE_CHECKING:
    from training.datasets.heads import HeadDef

__all__ = ["create", "remove", "restore"]


def create(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What to call it.")],
    *,
    template: Annotated[str, typer.Option(metavar="T", help="Template whose questions it asks.")] = "",
    heads: Annotated[
        list[str] | None,
        typer.Option("--head", metavar="NAME:KIND[:A,B,C]", help="A question, with its categories. Repeatable."),
    ] = None,
) -> None:
    """Make a dataset without pictures; prints its number."""
    with ending():
        from desktop.actions.datasets import create_dataset, opened

        asked = [_head(text) for text in heads or ()]
        with opened() as store:
            print(create_dataset(store, name, asked, template).id)


def remove(
    named: Named, *, yes: Annotated[bool, typer.Option("--yes", help="Remove it without asking.")] = False
) -> None:
    """Remove a dataset, but none of its pictures; for 30 days it can be brought back."""
    with ending():
        from desktop.actions.datasets import find_dataset, opened, remove_dataset

        with opened() as store:
            found = find_dataset(store, named)
            if not yes and not _agreed(f"Remove {one_line(found.name)}?"):
                say("Nothing was removed; add --yes to do so.")
                raise typer.Exit(SOME_FAILED)
            remove_dataset(store, found)
        print(found.id)
        say(f"It is removed; bring it back with: sortwerk dataset restore {found.id}")


def restore(
    named: Annotated[
        str | None, typer.Argument(metavar="[D]", help="Name or number; the dataset removed last without.")
    ] = None,
) -> None:
    """Bring a removed dataset back; prints its number."""
    with ending():
        from desktop.actions.datasets import opened, restore_dataset

        with opened() as store:
            print(restore_dataset(store, named).id)


def _head(text: str) -> HeadDef:
    from training.datasets.heads import HeadDef

    name, _, rest = text.partition(":")
    kind, _, listed = rest.partition(":")
    names = (one.strip() for one in listed.split(","))
    return HeadDef(name.strip(), kind.strip() or "categories", tuple(one for one in names if one))


def _agreed(question: str) -> bool:
    """Whether the person says yes; no when there is nobody to ask."""
    try:
        return typer.confirm(question, err=True)
    except typer.Abort:
        say("")  # behind the question
        return False
