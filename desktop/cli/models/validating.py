"""``sortwerk models validate``."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from desktop.cli.ending import SOME_FAILED, ending, interrupts
from desktop.cli.models.steps import said
from desktop.cli.output import say
from models.errors import one_line

__all__ = ["validate"]

_MARKS = {"pass": "pass", "fail": "FAIL", "not applicable": "-"}


def validate(
    model: Annotated[str, typer.Argument(metavar="M", help="Name or folder of a model, or an .onnx file.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Go through the check-list of a model: does it load, how fast is it, is it what it says."""
    with ending(), interrupts() as cancel, said() as on_progress:
        from desktop.actions.validate import named_or_file, validate_model

        checks = validate_model(named_or_file(model), cancel=cancel, on_progress=on_progress)
        failed = [check for check in checks if check.outcome == "fail"]
        if as_json:
            print(json.dumps({"passed": not failed, "checks": [check.to_json() for check in checks]}, indent=2))
        else:
            width = max(len(check.name) for check in checks)
            for check in checks:
                print(f"{_MARKS[check.outcome]:<4}  {check.name:<{width}}  {one_line(check.figure)}")
            for check in failed:
                say(f"{check.name}: {check.advice}")
        if failed:
            raise typer.Exit(SOME_FAILED)
