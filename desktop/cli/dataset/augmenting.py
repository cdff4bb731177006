"""``sortwerk dataset augment``."""

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
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Write varied copies of a dataset's pictures, with their labels; the same seed writes the same."""
    if split not in (None, "train", "val", "test"):
        raise typer.BadParameter("--split takes train, val or test.")
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
                split=cast(Literal["train", "val", "test"] | None, split),
                backgrounds=backgrounds,
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
