"""``sortwerk train``: a training from the command line, which goes on when the terminal is closed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from desktop.cli.ending import FAILED, ending, interrupts
from desktop.cli.following import follow_to_end
from desktop.cli.output import say

__all__ = ["train"]


def train(
    dataset: Annotated[str, typer.Argument(help="Its name or number.")] = "",
    *,
    template: Annotated[str, typer.Option(help="The task, such as parts; else the dataset's usual one.")] = "",
    preset: Annotated[str, typer.Option(help="quick, balanced or thorough.")] = "",
    config: Annotated[Path | None, typer.Option(metavar="FILE", help="A configuration in JSON.")] = None,
    setting: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Change a setting; again for more.")
    ] = None,
    resume: Annotated[str, typer.Option(metavar="RUN", help="Go on with a run that was paused, lost or failed.")] = "",
    name: Annotated[str, typer.Option(help="What the run is called.")] = "",
    detach: Annotated[bool, typer.Option("--detach", help="Return at once; the training goes on.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document at the end.")] = False,
) -> None:
    """Train a network on a dataset, and add the best one to the library. Ctrl+C pauses; nothing learned is lost."""
    if bool(dataset) == bool(resume):
        raise typer.BadParameter("name a dataset, or a run with --resume")
    with ending(), interrupts() as cancel:
        from desktop.actions.runs import find_run
        from desktop.actions.training import Wish, plan_training, resume_training, start_training

        offset = 0
        if resume:
            run = find_run(resume)
            offset = run.events_path.stat().st_size if run.events_path.is_file() else 0
            handle = resume_training(run)
        else:
            planned = plan_training(Wish(dataset, template, preset, config, tuple(setting or ()), name))
            for one in planned.findings:
                say(f"{one.severity}: {one.sentence} {one.fix}".rstrip())
            if planned.stopped_by is not None:
                say("Nothing was started.")
                raise typer.Exit(FAILED)
            handle = start_training(planned)
        say(f"The run is {handle.run.id}; it goes on when this is closed.")
        if detach:
            print(json.dumps({"run": handle.run.id, "folder": str(handle.run.path)}) if as_json else handle.run.id)
            return
        follow_to_end(handle, cancel, offset=offset, as_json=as_json)
