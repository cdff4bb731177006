"""``sortwerk models quantize``."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from desktop.cli.ending import ending, interrupts
from desktop.cli.models.steps import said
from desktop.cli.output import say

if TYPE_CHECKING:
    from models.quantization import Quantized

__all__ = ["quantize"]


class To(StrEnum):
    """What there is; as text, so that --help loads nothing heavy."""

    int8 = "int8"
    fp16 = "fp16"
    ort = "ort"


def quantize(
    model: Annotated[str, typer.Argument(metavar="M", help="Name or folder of the model.")],
    *,
    to: Annotated[To, typer.Option("--to", help="8-bit numbers, half floats, or ONNX Runtime's form for phones.")],
    pictures: Annotated[
        str,
        typer.Option(
            metavar="DIR|CSV|D",
            help="Pictures such as it will see, or a dataset by name or number; with labels, accuracy is measured.",
        ),
    ],
    tolerance: Annotated[
        float, typer.Option(metavar="POINTS", min=0, max=100, help="How much accuracy, or agreement, it may lose.")
    ] = 1.0,
    head: Annotated[str | None, typer.Option(metavar="H", help="The question that the labels answer.")] = None,
    split: Annotated[str | None, typer.Option(metavar="S", help="Only this split, such as val.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Make a smaller or faster model of one, unless it would lose too much; it is installed beside the original."""
    with ending(), interrupts() as cancel, said() as on_progress:
        from desktop.actions import quantize as action
        from desktop.actions.labelled import find_labelled
        from desktop.actions.models import find_model

        folder = find_model(model)
        tried = action.read_pictures(folder, find_labelled(pictures), head=head, split=split)
        for problem in tried.problems:
            say(problem)
        done = action.quantize_model(
            folder, to.value, tried, tolerance=tolerance, cancel=cancel, on_progress=on_progress
        )
        if as_json:
            print(json.dumps(_fields(done), indent=2))
        else:
            _show(done)


def _show(done: Quantized) -> None:
    print(done.folder)
    print(f"{done.spec.name}: {done.size_before / 2**20:.2f} -> {done.size_after / 2**20:.2f} MB")
    print(f"{done.p50_before:.1f} -> {done.p50_after:.1f} ms a picture, {done.speed:.2f} times as fast")
    for one in done.heads:
        if one.labelled:
            before, after = (100 * right / one.labelled for right in (one.before, one.after))
            print(f"{one.name}: {before:.1f} % -> {after:.1f} % right of {one.labelled:,} labelled pictures")
        words = f"{one.agreement:.1%} {one.words}, {one.difference:.3f} apart at most"
        print(f"{one.name}: {words}, in {done.pictures:,} pictures")


def _fields(done: Quantized) -> dict[str, Any]:
    return {
        "folder": str(done.folder),
        "name": done.spec.name,
        "to": done.how,
        "size_before": done.size_before,
        "size_after": done.size_after,
        "p50_before_ms": round(done.p50_before, 3),
        "p50_after_ms": round(done.p50_after, 3),
        "speed": round(done.speed, 3),
        "calibrated": done.calibrated,
        "pictures": done.pictures,
        "heads": [
            {
                "name": one.name,
                "kind": one.kind,
                "agreement": round(one.agreement, 6),
                "difference": round(one.difference, 6),
                "of": one.words,
                "labelled": one.labelled,
                "right_before": one.before if one.labelled else None,
                "right_after": one.after if one.labelled else None,
            }
            for one in done.heads
        ],
    }
