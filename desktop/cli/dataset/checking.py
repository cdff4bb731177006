"""``sortwerk dataset check``."""

from __future__ import annotations

from typing import Annotated

import typer

from desktop.cli.dataset.listing import Named
from desktop.cli.ending import SOME_FAILED, ending, interrupts
from desktop.cli.output import say
from desktop.cli.progress import shown
from models.errors import one_line

__all__ = ["check"]


def check(
    named: Named,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document, with all items.")] = False,
    fix: Annotated[
        list[str] | None,
        typer.Option(metavar="KIND", help="Put right what is found of this kind; again for more. Can be undone."),
    ] = None,
) -> None:
    """Look for duplicates, leaks, blur, damage, wrong labels and more; each kind can be fixed at once.

    Ends with 1 if something is left that spoils what is trained or measured.
    """
    with ending(), interrupts() as cancel:
        from desktop.actions.quality import check_dataset, report_to_json

        with shown(quiet=False) as on_progress:
            checked = check_dataset(named, fix=fix or (), cancel=cancel, on_progress=on_progress)
        findings, fixed = checked.report.findings, checked.fixed
        if as_json:
            print(report_to_json(checked))
        else:
            width = max((len(one.kind) for one in findings), default=0)
            for one in findings:
                fix_words = f" [{one_line(one.fix_words)}]" if one.fix is not None else ""
                print(f"{one.severity:<7}  {one.kind:<{width}}  {one_line(one.words)}{fix_words}")
            for one, _ in fixed:
                say(f"{one.kind}: done ({one.fix_words}); it can be undone.")
            if not findings:
                say(f"{len(checked.report.ids):,} pictures looked at, nothing found.")
        done = {id(one) for one, _ in fixed}
        if any(one.severity == "error" and id(one) not in done for one in findings):
            raise typer.Exit(SOME_FAILED)
