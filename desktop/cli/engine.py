"""``sortwerk engine``: what PyTorch and TensorFlow run in, beside the program."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from desktop.cli.ending import INTERRUPTED, SOME_FAILED, ending, interrupts
from desktop.cli.output import say
from models.errors import Cancelled, one_line

if TYPE_CHECKING:  # not for --help
    from desktop.actions.engine import Engine, Installing

__all__ = ["engine"]

engine = typer.Typer(help="Install and choose PyTorch and TensorFlow.", no_args_is_help=True, rich_markup_mode=None)

_Variant = Annotated[str, typer.Argument(help="torch or tensorflow.", show_default=True)]
_Device = Annotated[str, typer.Option("--device", help="auto, cpu, cuda, rocm or mps.")]
_Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]

SPARSE_SECONDS = 5.0
"""Between two lines where standard error is not a terminal."""


@engine.command("status")
def show_status(*, as_json: _Json = False) -> None:
    """Show how each engine stands; exit status 1 when one needs something done."""
    with ending():
        from desktop.actions.engine import engine_status

        found = engine_status()
        if as_json:
            print(json.dumps([_plain(one) for one in found], indent=2))
        else:
            for one in found:
                print(f"{one.variant:<11} {one.state:<9} {one_line(one.sentence)}")
        if any(one.state not in ("none", "ready") for one in found):
            raise typer.Exit(SOME_FAILED)


@engine.command("install")
def install(
    variant: _Variant = "torch",
    *,
    device: _Device = "auto",
    plan: Annotated[bool, typer.Option("--plan", help="Only say what it would cost.")] = False,
    as_json: _Json = False,
) -> None:
    """Install an engine and prove it. What is installed already is left as it is."""
    with ending():
        from desktop.actions.engine import engine_install, engine_plan, plan_sentence

        with _stoppable() as cancel:
            cost = engine_plan(variant, device, cancel=cancel)
            if plan:
                print(json.dumps(_plain(cost), indent=2) if as_json else one_line(plan_sentence(cost)))
                return
            if not cost.there:
                say(plan_sentence(cost))
            _show(engine_install(variant, device, cancel=cancel, on_progress=_progress()), as_json=as_json)


@engine.command("use")
def use(
    path: Annotated[Path, typer.Argument(help="A Python, or the folder of its environment.")],
    *,
    variant: Annotated[str, typer.Option("--for", help="torch or tensorflow.")] = "torch",
    device: _Device = "auto",
    as_json: _Json = False,
) -> None:
    """Take a Python of your own, if it proves that it computes."""
    with ending():
        from desktop.actions.engine import engine_use

        with _stoppable() as cancel:
            _show(engine_use(path, variant, device, cancel=cancel), as_json=as_json)


@engine.command("repair")
def repair(variant: _Variant = "torch", *, as_json: _Json = False) -> None:
    """Make an engine anew; if that fails, the old one stays."""
    with ending():
        from desktop.actions.engine import engine_repair

        with _stoppable() as cancel:
            _show(engine_repair(variant, cancel=cancel, on_progress=_progress()), as_json=as_json)


@engine.command("remove")
def remove(variant: _Variant = "torch", *, as_json: _Json = False) -> None:
    """Remove an engine; a Python of your own is only forgotten."""
    with ending():
        from desktop.actions.engine import engine_remove
        from desktop.actions.facts import file_size

        freed = engine_remove(variant)
        print(json.dumps({"variant": variant, "freed": freed}) if as_json else f"{file_size(freed)} freed.")


@contextlib.contextmanager
def _stoppable() -> Iterator[Any]:
    with interrupts() as cancel:
        try:
            yield cancel
        except Cancelled as error:
            say(str(error))
            raise typer.Exit(INTERRUPTED) from None


def _show(made: Engine, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(_plain(made), indent=2))
    else:
        from desktop.actions.engine import VARIANTS

        variant = VARIANTS[made.variant]
        name = f" ({one_line(made.device_name)})" if made.device_name else ""
        print(
            f"{variant.title} {made.versions.get(variant.watched[0], '')} computes on {made.device}{name}: "
            f"{one_line(made.python)}"
        )


def _plain(value: Any) -> Any:
    """A dataclass as JSON takes it."""
    return json.loads(json.dumps(dataclasses.asdict(value), default=str))


def _progress() -> Callable[[Installing], None]:
    """Shows an installation on standard error: one line that changes on a terminal, one now and then elsewhere."""
    from desktop.actions.facts import file_size, time_words

    terminal = sys.stderr.isatty()
    last, before = -SPARSE_SECONDS, ""

    def show(step: Installing) -> None:
        nonlocal last, before
        now = time.monotonic()
        if not terminal and now - last < SPARSE_SECONDS and step.phase == before:
            return
        last, before = now, step.phase
        total = f" of {file_size(step.total)}" if step.total else ""
        left = f", about {time_words(step.seconds_left)} left" if step.seconds_left else ""
        line = f"{step.words}: {file_size(step.done)}{total}, {step.rate / 1e6:.1f} MB/s{left}"
        if terminal:
            sys.stderr.write(f"\r\x1b[K{one_line(line)[:110]}" + ("\n" if step.phase == "proving" else ""))
        else:
            sys.stderr.write(one_line(line) + "\n")
        sys.stderr.flush()

    return show
