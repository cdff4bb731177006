"""A training on the terminal: what it says on standard error, Ctrl+C, and its end."""

from __future__ import annotations

import json
import sys
import threading
import time
from typing import TYPE_CHECKING

import typer

from desktop.cli.ending import FAILED, INTERRUPTED
from desktop.cli.output import say

if TYPE_CHECKING:  # not for --help
    from training.launching.handle import Handle
    from training.runs.events import Event, Step

__all__ = ["follow_to_end", "hand_over_and_show"]

LOOK = 0.2
"""Seconds between two looks."""

SPARSE_SECONDS = 10.0
"""Between two lines about steps where standard error is not a terminal."""


def follow_to_end(handle: Handle, cancel: threading.Event, *, offset: int = 0, as_json: bool = False) -> None:
    """Show what a training says until it ends; Ctrl+C pauses it. At its end the model is installed.

    Raises:
        typer.Exit: it was paused, or has failed.
        SortwerkError: the model can't be handed over.
    """
    from training.launching.handle import follow
    from training.runs.state import ACTIVE

    show, run = _Shown(), handle.run
    asked = False
    while True:
        found = follow(run, offset)
        offset = found.offset
        for event in found.events:
            show(event)
        if found.state not in ACTIVE and not found.events:
            break
        if cancel.is_set() and not asked:
            asked = True
            say("Pausing; everything that was learned is kept.")
            if found.state in ACTIVE:
                handle.pause()
        time.sleep(LOOK)
    show.end()
    if found.state == "finished":
        hand_over_and_show(run.id, cancel, as_json=as_json)
        return
    if found.state == "paused":
        say(
            f"Paused. Go on with: sortwerk train --resume {run.id}; or keep the best so far with: "
            f"sortwerk runs stop {run.id}."
        )
        raise typer.Exit(INTERRUPTED if asked else 0)
    if found.state == "failed":
        raise typer.Exit(FAILED)  # the event has said why
    say(
        f"The training has ended without a word; its log is {run.log_path}. "
        f"Go on with: sortwerk train --resume {run.id}."
    )
    raise typer.Exit(FAILED)


def hand_over_and_show(named: str, cancel: threading.Event, *, again: bool = False, as_json: bool = False) -> None:
    """Install the model of a run and say what came of it.

    Raises:
        SortwerkError: it can't be handed over.
    """
    from desktop.actions.runs import find_run, run_facts
    from desktop.actions.training import hand_over_run

    run = find_run(named)
    done = hand_over_run(run, again=again, cancel=cancel, on_progress=lambda step: say(f"{step.words} ..."))
    for sentence in done.sentences:
        say(sentence)
    facts = run_facts(run)
    if as_json:
        print(json.dumps(facts.to_json(), indent=2))
        return
    for name, value in (facts.test or facts.figures).items():
        if value is not None:
            print(f"{name:<28} {value:.4g}")
    where = f"installed in {done.folder}" if done.folder is not None else f"packed in {done.package}"
    print(
        f"{done.name} is {where}; it differs from PyTorch by {done.largest_difference:.2g} at most on "
        f"{done.images:,} pictures."
    )


class _Shown:
    """Events as lines, steps as one line that changes on a terminal."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._last = time.monotonic()
        self._open = False

    def __call__(self, event: Event) -> None:
        from training.runs.events import Begun, Epoch, Failed, Finished, Log, Skipped
        from training.runs.events import Step as OneStep

        if isinstance(event, OneStep):
            self._step(event)
        elif isinstance(event, Begun):
            self._say(
                f"Training on {event.device} ({event.precision}): {event.train_items:,} pictures to learn from, "
                f"{event.val_items:,} to validate with, batches of {event.batch_size}, {event.epochs} epochs."
            )
        elif isinstance(event, Epoch):
            figures = ", ".join(
                f"{name} {value:.4g}" for name, value in event.val.items() if value is not None and _worth(name)
            )
            self._say(f"Epoch {event.epoch + 1}{' (best)' if event.best else ''}: {figures}")
        elif isinstance(event, Log):
            self._say(event.text)
        elif isinstance(event, Skipped | Failed):
            self._say(event.sentence)
        elif isinstance(event, Finished):
            words = {"early": "It has stopped getting better.", "stopped": "Stopped; the best is kept."}
            self._say(words.get(event.reason, "All epochs are done."))

    def end(self) -> None:
        """No more is shown in the line that changes."""
        if self._open:
            sys.stderr.write("\n")
            self._open = False

    def _step(self, event: Step) -> None:
        now = time.monotonic()
        if not self._terminal and now - self._last < SPARSE_SECONDS:
            return
        self._last = now
        loss = "none" if event.loss is None else f"{event.loss:.4g}"
        left = f", {event.seconds_left:,.0f} s left" if event.seconds_left is not None else ""
        rate = f"{event.images_per_second:,.0f} pictures/s"
        line = f"epoch {event.epoch + 1}, step {event.step:,}: loss {loss}, {rate}{left}"
        sys.stderr.write(f"\r\x1b[K{line[:110]}" if self._terminal else line + "\n")
        sys.stderr.flush()
        self._open = self._terminal

    def _say(self, text: str) -> None:
        self.end()
        say(text)


def _worth(name: str) -> bool:
    """Whether a figure is shown after each epoch: losses and the plainest ones, not all."""
    last = name.rpartition(".")[2]
    return last in ("loss", "accuracy", "f1", "macro_f1", "mean_iou", "iou", "map", "mae", "psnr")
