"""``sortwerk models show``, ``rename``, ``remove`` and ``restore``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from desktop.cli.ending import FAILED, SOME_FAILED, ending
from desktop.cli.output import say
from models.errors import one_line

if TYPE_CHECKING:
    from desktop.actions.models import Installed

__all__ = ["remove", "rename", "restore", "show"]

Named = Annotated[str, typer.Argument(metavar="M", help="Name or folder of the model.")]


def show(
    model: Named, *, as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False
) -> None:
    """Show what is known of a model: what it answers, how well, who made it."""
    with ending():
        from desktop.actions.models import find_installed

        one = find_installed(model)
        if as_json:
            card = asdict(one.card) | {"accuracy": [figure.model_dump(mode="json") for figure in one.card.accuracy]}
            document = {"folder": one.folder and str(one.folder), "name": one.name, "learned": one.learned}
            print(json.dumps(document | {"problem": one.problem} | card, indent=2))
        else:
            for line in _lines(one):
                print(one_line(line))
        if one.problem:
            if not as_json:
                say(one.problem)
            raise typer.Exit(FAILED)


def rename(model: Named, name: Annotated[str, typer.Argument(metavar="NEW", help="What it is to be called.")]) -> None:
    """Call a model otherwise."""
    with ending():
        from desktop.actions.models import rename_model

        say(f"It is called {one_line(rename_model(model, name).name)} now.")


def remove(
    model: Named, *, yes: Annotated[bool, typer.Option("--yes", help="Remove it without asking.")] = False
) -> None:
    """Remove a model; for 30 days it can be brought back."""
    with ending():
        from desktop.actions.models import find_installed, remove_model

        one = find_installed(model)
        if not yes and not _agreed(f"Remove {one_line(one.name)}?"):
            say("Nothing was removed; add --yes to do so.")
            raise typer.Exit(SOME_FAILED)
        token = remove_model(model).token
        print(token)
        say(f"It is removed; bring it back with: sortwerk models restore {token}")


def restore(
    token: Annotated[
        str | None, typer.Argument(metavar="[TOKEN]", help="What remove printed; the model removed last without.")
    ] = None,
) -> None:
    """Bring a removed model back; prints its folder."""
    with ending():
        from desktop.actions.models import restore_model

        print(restore_model(token))


def _agreed(question: str) -> bool:
    """Whether the person says yes; no when there is nobody to ask."""
    try:
        return typer.confirm(question, err=True)
    except typer.Abort:
        say("")  # behind the question
        return False


def _lines(one: Installed) -> Iterator[str]:
    card = one.card
    yield f"{one.name}  {card.version}".rstrip()
    yield from (text for text in (card.description,) if text)
    for question in card.questions:
        count = f", {question.categories:,} categories" if question.categories else ""
        yield f"answers    {question.name} ({question.kind}{count})"
    for figure in card.accuracy:
        head = f"{figure.head}: " if figure.head else ""
        yield f"measured   {head}{figure.metric} {figure.value:.3g} on {figure.images:,} pictures ({figure.split})"
    yield f"learns     {'yes' if card.learns else 'no'}, {one.learned:,} labelled here"
    yield f"author     {card.author or 'not stated'}"
    yield f"licence    {card.license or 'not stated'}"
    signed = f"by the holder of the key {card.fingerprint}" if card.signature == "valid" else "no"
    yield f"signed     {signed}"
    if card.imported:
        yield f"imported   {card.imported}"
    yield f"size       {card.size / 1e6:.1f} MB, {card.format}"
    yield f"folder     {one.folder or 'comes with the program'}"
