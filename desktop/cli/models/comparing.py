"""``sortwerk models compare``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desktop.cli.ending import SOME_FAILED, ending, interrupts
from desktop.cli.models.steps import said
from desktop.cli.output import say
from models.errors import one_line

if TYPE_CHECKING:
    from training.ranking import Comparison, Standing

__all__ = ["compare"]

_COLUMNS = (
    "accuracy",
    "95 %",
    "macro F1",
    "balanced",
    "log-loss",
    "ECE",
    "p50 ms",
    "p95 ms",
    "net ms",
    "MB",
    "RAM MB",
    "p",
)


def compare(
    models: Annotated[list[str], typer.Argument(metavar="M1 M2...", help="Names or folders of two or more models.")],
    *,
    on: Annotated[
        str,
        typer.Option(
            "--on",
            metavar="DIR|CSV|D",
            help="Labelled pictures: a folder for each category, a table, or a dataset by name or number.",
        ),
    ],
    head: Annotated[
        str | None, typer.Option(metavar="H", help="The question to compare; else the first of each model.")
    ] = None,
    split: Annotated[str | None, typer.Option(metavar="S", help="Only this split, such as test.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="F", help="Write a CSV file, a row for each model.")
    ] = None,
) -> None:
    """Say which of some models is better on labelled pictures, and whether that can be chance."""
    if len(models) < 2:
        raise typer.BadParameter("Comparing takes two or more models; name another one.", param_hint="M1 M2...")
    with ending(), interrupts() as cancel, said() as on_progress:
        from desktop.actions import compare as action
        from desktop.actions.labelled import find_labelled
        from desktop.actions.models import find_model

        folders = [find_model(named) for named in models]
        labelled = find_labelled(on)
        found = action.compare_models(folders, labelled, head=head, split=split, cancel=cancel, on_progress=on_progress)
        if csv is not None:
            action.write_csv(found, csv)
        if as_json:
            print(json.dumps(action.as_json(found), indent=2))
        else:
            _show(found)
        for problem in found.problems:
            say(problem)
        for one in found.standings:
            if one.problem:
                say(f"{one.name} was not timed: {one.problem}")
        if found.left_out:
            say(f"{found.left_out:,} pictures can't be read and were left out.")
            raise typer.Exit(SOME_FAILED)


def _show(found: Comparison) -> None:
    rows = [_row(one) for one in found.standings]
    names = [one_line(one.name) for one in found.standings]
    first = max(map(len, names))
    widths = [max(len(row[place]) for row in (_COLUMNS, *rows)) for place in range(len(_COLUMNS))]
    for name, row in zip(["", *names], [_COLUMNS, *rows], strict=True):
        cells = "  ".join(f"{cell:>{width}}" for cell, width in zip(row, widths, strict=True))
        print(f"{name:<{first}}  {cells}")
    for one in found.standings:
        if one.missing:
            labels = ", ".join(one.missing)
            print(f"{one.name} does not know {labels}: {one.missing_pictures:,} pictures count as wrong.")
        if one.taught:
            print(f"{one.name} was told about {one.taught:,} of these pictures, and can hardly be wrong there.")
    print(f"{found.pictures:,} pictures, {len(found.disagreements):,} with different answers. {found.note}")


def _row(one: Standing) -> tuple[str, ...]:
    low, high = one.interval
    times: tuple[str, ...] = ("-",) * 3
    if one.cost is not None:
        times = tuple(f"{value:.1f}" for value in (one.cost.p50, one.cost.p95, one.cost.inference_p50))
    return (
        f"{one.accuracy:.1%}",
        f"{100 * low:.0f}–{100 * high:.0f}",
        f"{one.macro_f1:.3f}",
        f"{one.balanced_accuracy:.3f}",
        "-" if one.log_loss is None else f"{one.log_loss:.3f}",
        f"{one.calibration_error:.3f}",
        *times,
        f"{one.size / 2**20:.1f}",
        "-" if one.cost is None else f"{one.cost.memory / 2**20:.0f}",
        "best" if one.versus is None else f"{one.versus.p:.2g}",
    )
