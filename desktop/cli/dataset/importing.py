"""``sortwerk dataset import``."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desktop.cli.dataset.stopping import stopping
from desktop.cli.ending import SOME_FAILED, ending, interrupts
from desktop.cli.output import say
from desktop.cli.progress import shown
from models.errors import one_line

if TYPE_CHECKING:
    from desktop.actions.datasets import Imported, Joined

__all__ = ["import_"]


def import_(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="Folder or file of the dataset.")],
    *,
    name: Annotated[str, typer.Option(metavar="NAME", help="What to call it; else as the folder.")] = "",
    format: Annotated[  # noqa: A002 - the option's name
        str | None, typer.Option(metavar="F", help="layout, folders, csv, coco, yolo, voc, masks, ...; else found out.")
    ] = None,
    copy: Annotated[bool, typer.Option("--copy", help="Keep copies of the pictures in the workspace.")] = False,
    head: Annotated[str, typer.Option(metavar="H", help="What the question is called.")] = "",
    labels: Annotated[
        list[str] | None,
        typer.Option("--label", metavar="H=COLUMN[:KIND]", help="Of a CSV: a question and its column. Repeatable."),
    ] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option("--column", metavar="WHAT=COLUMN", help="Of a CSV: file, split, source or group."),
    ] = None,
    into: Annotated[
        str, typer.Option(metavar="DATASET", help="Add to this one, with the labels that answer its questions.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Make a dataset of a folder of any known format; prints its number. The pictures stay where they are."""
    from desktop.actions.datasets import ReadOptions

    options = ReadOptions(head, _pairs("--label", labels), _pairs("--column", columns))
    unknown = set(options.columns) - {"file", "split", "source", "group"}
    if unknown:
        raise typer.BadParameter(f"--column takes file, split, source and group, not {one_line(min(unknown))}.")
    if into and name:
        raise typer.BadParameter("--name is for a new dataset and --into for one that is there; leave one of them out.")
    with ending(), interrupts() as cancel:
        from desktop.actions.datasets import find_dataset, import_dataset, join_dataset, opened

        began = time.monotonic()
        if into:
            with stopping("nothing has come in"), opened() as store, shown(quiet=False) as on_progress:
                dataset = find_dataset(store, into)
                joined = join_dataset(
                    store,
                    dataset,
                    path,
                    format=format,
                    copy=copy,
                    options=options,
                    cancel=cancel,
                    on_progress=on_progress,
                )
            _print_joined(dataset.id, dataset.name, joined, as_json=as_json)
            if joined.unreadable:
                raise typer.Exit(SOME_FAILED)
            return
        with stopping("nothing has come in"), opened() as store, shown(quiet=False) as on_progress:
            found = import_dataset(
                store,
                path,
                name=name,
                format=format,
                copy=copy,
                options=options,
                cancel=cancel,
                on_progress=on_progress,
            )
        _print(found, time.monotonic() - began, as_json=as_json)
        if found.unreadable:
            raise typer.Exit(SOME_FAILED)


def _pairs(option: str, given: list[str] | None) -> dict[str, str]:
    found = {}
    for text in given or ():
        key, equals, value = text.partition("=")
        if not (key.strip() and equals and value.strip()):
            raise typer.BadParameter(f"{option} wants two names with = between them, not {one_line(text)}.")
        found[key.strip()] = value.strip()
    return found


def _print(found: Imported, seconds: float, *, as_json: bool) -> None:
    if as_json:
        facts = {"id": found.dataset.id, "name": found.dataset.name, "format": found.format, "items": found.items}
        counts = {"known": found.known, "unreadable": found.unreadable, "labels": dict(found.labels)}
        print(json.dumps(facts | counts | {"seconds": round(seconds, 2), "problems": list(found.problems)}, indent=2))
        return
    for sentence in found.problems:
        say(sentence)
    labels = ", ".join(f"{count:,} {one_line(head)}" for head, count in found.labels.items())
    say(f"{found.items:,} pictures came in from {found.format}: {labels or 'no labels'}.")
    print(found.dataset.id)


def _print_joined(number: int, name: str, found: Joined, *, as_json: bool) -> None:
    new, known = len(found.added.new), len(found.added.known)
    if as_json:
        facts = {"id": number, "name": name, "format": found.format, "items": new, "known": known}
        labels = {"unreadable": found.unreadable, "labels": dict(found.labels), "answers": dict(found.fit.answers)}
        print(json.dumps(facts | labels | {"problems": list(found.problems)}, indent=2))
        return
    for sentence in found.problems:
        say(sentence)
    labels_said = ", ".join(f"{count:,} {one_line(head)}" for head, count in found.labels.items())
    said = f"{new:,} pictures were added to {one_line(name)} from {found.format}: {labels_said or 'no labels'}."
    say(f"{said} {known:,} were there already." if known else said)
    print(number)
