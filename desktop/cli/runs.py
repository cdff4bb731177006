"""``sortwerk runs``: the trainings so far."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Annotated

import typer

from desktop.cli.ending import SOME_FAILED, ending, interrupts
from desktop.cli.following import follow_to_end, hand_over_and_show
from desktop.cli.output import say
from models.errors import TrainingError, WorkspaceError, one_line

__all__ = ["runs"]

runs = typer.Typer(help="List, compare, steer and hand over trainings.", no_args_is_help=True, rich_markup_mode=None)

_Run = Annotated[str, typer.Argument(metavar="RUN", help='Its id, its name, a part of the id, or "last".')]
_Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


@runs.command("list")
def show_list(*, as_json: _Json = False) -> None:
    """List all runs, the latest first; exit status 1 when one can't be read."""
    with ending():
        from desktop.actions.runs import all_runs, run_facts

        rows, failed = [], False
        for run in all_runs():
            try:
                rows.append(run_facts(run))
            except TrainingError as error:
                failed = True
                say(str(error))
        if as_json:
            print(json.dumps([one.to_json() for one in rows], indent=2))
        for one in rows if not as_json else ():
            best = f"best in epoch {one.best} of {one.epochs}" if one.best is not None else ""
            print(f"{one.id:<44}  {one.state:<9}  {one_line(one.info.dataset.name):<20}  {best}".rstrip())
        if failed:
            raise typer.Exit(SOME_FAILED)


@runs.command("show")
def show(named: _Run, *, as_json: _Json = False) -> None:
    """Show how a run stands, what it was trained on, and how good it is."""
    with ending():
        from desktop.actions.runs import find_run, run_facts

        run = find_run(named)
        facts = run_facts(run)
        if as_json:
            config = json.loads(facts.config.to_json())
            print(json.dumps(facts.to_json() | {"folder": str(run.path), "config": config}, indent=2))
            return
        said = facts.to_json()
        for key in ("run", "name", "state", "created", "preset", "epochs", "best_epoch", "notes", "failure", "model"):
            if said[key] not in ("", None):
                print(f"{key:<12} {one_line(str(said[key]))}")
        print(f"{'dataset':<12} {one_line(facts.info.dataset.name)} ({one_line(facts.info.dataset.version)})")
        for name, value in (facts.test or facts.figures).items():
            if value is not None:
                print(f"  {name:<28} {value:.4g}")


@runs.command("compare")
def compare(named: Annotated[list[str], typer.Argument(metavar="RUN RUN...")], *, as_json: _Json = False) -> None:
    """Show in what runs differ, and what came of it."""
    if len(named) < 2:
        raise typer.BadParameter("name two runs or more")
    with ending():
        from desktop.actions.runs import compare_runs, find_run

        found = compare_runs([find_run(one) for one in named])
        if as_json:
            rows = [one.to_json() for one in found.runs]
            print(json.dumps({"runs": rows, "settings": found.settings, "figures": found.figures}, indent=2))
            return
        print(f"{'':<32} " + "  ".join(f"{one_line(one.name)[:20]:<20}" for one in found.runs))
        for path, values in found.settings.items():
            print(f"{path:<32} " + "  ".join(f"{one_line(str(one))[:20]:<20}" for one in values))
        for name, figures in found.figures.items():
            print(f"{name:<32} " + "  ".join(f"{'' if one is None else f'{one:.4g}':<20}" for one in figures))


@runs.command("pause")
def pause(named: _Run) -> None:
    """Pause a training; everything that was learned is kept."""
    with ending():
        from desktop.actions.runs import find_run, pause_run

        handle = pause_run(find_run(named))
        handle.wait(120)
        say(f"{handle.run.id}: {handle.state}. Go on with: sortwerk runs resume {handle.run.id}.")


@runs.command("stop")
def stop(named: _Run, *, as_json: _Json = False) -> None:
    """End a training, keep the best, and add it to the library."""
    with ending(), interrupts() as cancel:
        from desktop.actions.runs import find_run, stop_run

        run = find_run(named)
        offset = run.events_path.stat().st_size if run.events_path.is_file() else 0
        follow_to_end(stop_run(run), cancel, offset=offset, as_json=as_json)


@runs.command("resume")
def resume(
    named: _Run,
    *,
    detach: Annotated[bool, typer.Option("--detach", help="Return at once.")] = False,
    as_json: _Json = False,
) -> None:
    """Go on with a run that was paused, lost or failed."""
    with ending(), interrupts() as cancel:
        from desktop.actions.runs import find_run
        from desktop.actions.training import resume_training

        run = find_run(named)
        offset = run.events_path.stat().st_size if run.events_path.is_file() else 0
        handle = resume_training(run)
        if detach:
            print(json.dumps({"run": run.id, "folder": str(run.path)}) if as_json else run.id)
        else:
            follow_to_end(handle, cancel, offset=offset, as_json=as_json)


@runs.command("export")
def export(
    named: _Run,
    target: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="Where the .ps2model is copied to.")] = None,
    *,
    as_json: _Json = False,
) -> None:
    """Check, pack and install the model of a run (again); with FILE, copy its package there."""
    with ending(), interrupts() as cancel:
        from desktop.actions.runs import find_run
        from training.handover import handed_over

        run = find_run(named)
        hand_over_and_show(run.id, cancel, again=True, as_json=as_json)
        done = handed_over(run.path)
        if target is not None and done is not None:
            try:
                shutil.copyfile(done.package, target)
            except OSError as error:
                raise WorkspaceError(
                    f"{target} can't be written ({error.strerror}); choose a folder that you may write to."
                ) from error


@runs.command("note")
def note(
    named: _Run,
    text: Annotated[str | None, typer.Argument(help="In place of the notes so far.")] = None,
    *,
    name: Annotated[str | None, typer.Option(help="What the run is called from now on.")] = None,
    tag: Annotated[list[str] | None, typer.Option(help="Add a tag; again for more.")] = None,
) -> None:
    """Write down what you think of a run."""
    with ending():
        from desktop.actions.runs import find_run, note_run

        note_run(find_run(named), name=name, notes=text, tags=tag or ())


@runs.command("remove")
def remove(named: Annotated[list[str], typer.Argument(metavar="RUN...")]) -> None:
    """Put runs into the trash; their installed models stay."""
    with ending():
        from desktop.actions.runs import find_run, remove_run

        for run in [find_run(one) for one in named]:
            remove_run(run)
            say(f"{run.id} is in the trash of the runs.")
