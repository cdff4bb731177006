"""``sortwerk dataset export``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from desktop.cli.dataset.listing import Named
from desktop.cli.dataset.sent import AsJson, one_split, tell
from desktop.cli.dataset.stopping import stopping
from desktop.cli.ending import ending, interrupts
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
    as_json: AsJson = False,
) -> None:
    """Write a dataset for other programs, with copies of its pictures; says what the format can't hold."""
    wanted = one_split(split)
    with ending(), interrupts() as cancel:
        from desktop.actions.datasets import export_dataset, find_dataset, opened

        with stopping("nothing was written"), opened() as store, shown(quiet=False) as on_progress:
            sent = export_dataset(
                store,
                find_dataset(store, named),
                folder,
                format,
                split=wanted,
                cancel=cancel,
                on_progress=on_progress,
            )
        tell(sent, format, as_json=as_json)
