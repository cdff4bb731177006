"""What exporting and augmenting say of what they have written, and the part of a dataset that both take."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias, cast

import typer

from desktop.cli.output import say

if TYPE_CHECKING:
    from desktop.actions.datasets import Sent

__all__ = ["AsJson", "one_split", "tell"]

AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def one_split(named: str | None) -> Literal["train", "val", "test"] | None:
    """The split called so; None for all. Raises ``typer.BadParameter``: there is none."""
    if named not in (None, "train", "val", "test"):
        raise typer.BadParameter("--split takes train, val or test.")
    return cast(Literal["train", "val", "test"] | None, named)


def tell(sent: Sent, format: str, *, as_json: bool) -> None:  # noqa: A002 - the option's name
    """Print the folder that was written, and say what the format can't hold; or all of it as JSON."""
    if as_json:
        facts = {"folder": str(sent.folder), "format": format, "items": sent.items}
        print(json.dumps(facts | {"problems": list(sent.problems)}, indent=2))
        return
    for sentence in sent.problems:
        say(sentence)
    print(sent.folder)
