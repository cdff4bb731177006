"""``sortwerk dataset split``."""

from __future__ import annotations

from typing import Annotated

import typer

from desktop.cli.dataset.listing import Named
from desktop.cli.ending import ending, interrupts
from desktop.cli.output import say
from desktop.cli.progress import shown

__all__ = ["split"]


def split(
    named: Named,
    *,
    by: Annotated[
        str,
        typer.Option(
            metavar="HOW",
            help="ratio (chance), stratified (each category's share), grouped (and look-alikes stay together), or "
            "source (grouped; validation and test on real pictures only).",
        ),
    ] = "grouped",
    ratios: Annotated[str, typer.Option(metavar="T/V/T", help="Train, validation and test.")] = "70/15/15",
    head: Annotated[str | None, typer.Option(metavar="H", help="The question to stratify by; else the first.")] = None,
    seed: Annotated[int, typer.Option(metavar="N", help="Another one draws another split.")] = 0,
    freeze_test: Annotated[
        bool, typer.Option("--freeze-test", help="Fix the test set: later divisions leave it alone.")
    ] = False,
) -> None:
    """Divide a dataset into train, validation and test."""
    with ending(), interrupts() as cancel:
        from desktop.actions.quality import divide, find_how
        from training.datasets.splitting import Ratios

        with shown(quiet=False) as on_progress:
            _, done = divide(
                named,
                find_how(by),
                Ratios.parse(ratios),
                head=head,
                seed=seed,
                freeze_test=freeze_test,
                cancel=cancel,
                on_progress=on_progress,
            )
        for notice in done.notices:
            say(notice)
        for name, count in done.counts.items():
            if name or count:
                print(f"{name or 'none':<5}  {count:>7,}")
