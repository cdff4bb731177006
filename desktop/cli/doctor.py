"""``sortwerk doctor``."""

from __future__ import annotations

import dataclasses
import json
from typing import Annotated

import typer

from desktop.cli.ending import SOME_FAILED, ending
from models.errors import one_line

__all__ = ["doctor"]


def doctor(*, as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False) -> None:
    """Look at what is installed, what is wrong, and what to do about it."""
    with ending():
        from desktop.actions.doctor import examine

        findings = examine()
        if as_json:
            print(json.dumps([dataclasses.asdict(finding) for finding in findings], indent=2))
        else:
            width = max(len(finding.name) for finding in findings)
            for finding in findings:
                print(f"{'ok' if finding.good else '!!'}  {finding.name:<{width}}  {one_line(finding.value)}")
                if finding.advice:
                    print(f"    {'':<{width}}  {one_line(finding.advice)}")
        if not all(finding.good for finding in findings):
            raise typer.Exit(SOME_FAILED)
