"""``sortwerk dataset augment``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from desktop.cli.dataset.listing import Named
from desktop.cli.dataset.sent import AsJson, one_split, tell
from desktop.cli.dataset.stopping import stopping
from desktop.cli.ending import ending, interrupts
from desktop.cli.progress import shown

__all__ = ["augment"]


def augment(
    named: Named,
    *,
    folder: Annotated[Path, typer.Option("--out", metavar="DIR", help="To make; not there yet, or empty.")],
    preset: Annotated[
        str | None,
        typer.Option(
            metavar="P",
            help="none, light, textures, parts, furniture, furniture-colour, cards, camera; else as in the window.",
        ),
    ] = None,
    count: Annotated[int, typer.Option(metavar="N", help="Copies of each picture.")] = 1,
    seed: Annotated[int | None, typer.Option(metavar="S", help="Another one varies otherwise.")] = None,
    format: Annotated[  # noqa: A002 - the option's name
        str, typer.Option(metavar="F", help="layout, which loses nothing; folders, csv, coco, yolo, voc, masks, ...")
    ] = "layout",
    size: Annotated[
        int | None, typer.Option(metavar="PX", help="Longer side to bring pictures to first; 0 for full size.")
    ] = None,
    split: Annotated[str | None, typer.Option(metavar="S", help="Only of train, val or test.")] = None,
    backgrounds: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Pictures to be put behind things that have a mask.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write varied copies of a dataset's pictures, with their labels; the same seed writes the same."""
    wanted = one_split(split)
    with ending(), interrupts() as cancel:
        from desktop.actions.augmenting import augment_dataset

        with stopping("nothing was written"), shown(quiet=False) as on_progress:
            sent = augment_dataset(
                named,
                folder,
                preset=preset,
                format=format,
                count=count,
                seed=seed,
                side=size,
                split=wanted,
                backgrounds=backgrounds,
                cancel=cancel,
                on_progress=on_progress,
            )
        tell(sent, format, as_json=as_json)
