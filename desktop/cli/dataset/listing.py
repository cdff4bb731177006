"""``sortwerk dataset list`` and ``show``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from desktop.cli.ending import ending
from models.errors import one_line

if TYPE_CHECKING:
    from desktop.actions.datasets import Summary

__all__ = ["Named", "list_", "show"]

Named = Annotated[str, typer.Argument(metavar="D", help="Name or number of the dataset.")]
_MOST = 20


def list_(
    *,
    trashed: Annotated[bool, typer.Option("--trashed", help="Those in the trash instead.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """List the datasets."""
    with ending():
        from desktop.actions.datasets import opened

        with opened() as store:
            found = [(one, store.count(one.id)) for one in store.datasets(trashed=trashed)]
        if as_json:
            rows = [
                {"id": one.id, "name": one.name, "items": count, "heads": [head.name for head in one.heads]}
                | {"created": one.created, "trashed": one.trashed}
                for one, count in found
            ]
            print(json.dumps(rows, indent=2))
            return
        width = max((len(one_line(one.name)) for one, _ in found), default=0)
        for one, count in found:
            heads = ", ".join(one_line(head.name) for head in one.heads)
            print(f"{one.id:>4}  {one_line(one.name):<{width}}  {count:,} pictures  {heads}")


def show(
    named: Named, *, as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False
) -> None:
    """Show what is in a dataset: its questions, and how many pictures have which answer."""
    with ending():
        from desktop.actions.datasets import find_dataset, opened, summarise

        with opened() as store:
            found = summarise(store, find_dataset(store, named))
        if as_json:
            print(json.dumps(_document(found), indent=2))
        else:
            for line in _lines(found):
                print(one_line(line))


def _document(found: Summary) -> dict[str, Any]:
    one = found.dataset
    heads = [
        {"name": head.name, "kind": head.kind, "categories": list(head.categories), "options": dict(head.options)}
        | {"labelled": found.labelled[head.name], "counts": dict(found.counts.get(head.name, {}))}
        for head in one.heads
    ]
    facts = {"id": one.id, "name": one.name, "template": one.template, "created": one.created, "items": found.items}
    return facts | {"splits": dict(found.splits), "sources": dict(found.sources), "heads": heads}


def _lines(found: Summary) -> Iterator[str]:
    yield f"{found.dataset.name}  {found.items:,} pictures"
    yield "splits     " + ", ".join(f"{split or 'none'} {count:,}" for split, count in found.splits.items() if count)
    if set(found.sources) != {""}:
        yield "sources    " + ", ".join(f"{name or 'none'} {count:,}" for name, count in found.sources.items())
    for head in found.dataset.heads:
        yield f"asks       {head.name} ({head.kind}): {found.labelled[head.name]:,} labelled"
        counts = sorted(found.counts.get(head.name, {}).items(), key=lambda pair: (-pair[1], pair[0]))
        for name, count in counts[:_MOST]:
            yield f"           {count:>7,}  {name}"
        if len(counts) > _MOST:
            yield f"           and {len(counts) - _MOST:,} more"
