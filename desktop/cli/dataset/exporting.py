"""``sortwerk dataset export``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal, cast

import typer

from desktop.cli.dataset.listing import Named
from desktop.cli.dataset.stopping import stopping
from desktop.cli.ending import ending, interrupts
from desktop.cli.output import say
from desktop.cli.progress import shown

__all__ = ["export"]


def export(
    named: Named,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="To make; not there yet, or empty.")],
    *,
    format: Annotated[  # noqa: A002 - the option's name
        str, typer.Option(metavar="F", help="layout, which loses nothing; folders, csv, coco, yolo, voc, masks, ...")
    ] = "layout",
    split: Annotated[str | None, typer.Option(metavar="S", help="Only train, val or test.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Write a dataset for other programs, with copies of its pictures; says what the format can't hold."""
    if split not in (None, "train", "val", "test"):
        raise typer.BadParameter("--split takes train, val or test.")
    with ending(), interrupts() as cancel:
        from desktop.actions.datasets import export_dataset, find_dataset, opened

        with stopping("nothing was written"), opened() as store, shown(quiet=False) as on_progress:
            sent = export_dataset(
                store,
                find_dataset(store, named),
                folder,
                format,
                split=cast(Literal["train", "val", "test"] | None, split),
                cancel=cancel,
                on_progress=on_progress,
            )
        if as_json:
            facts = {"folder": str(sent.folder), "format": format, "items": sent.items}
            print(json.dumps(facts | {"problems": list(sent.problems)}, indent=2))
        else:
            for sentence in sent.problems:
                say(sentence)
            print(sent.folder)
