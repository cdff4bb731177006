"""A look at everything that a training needs, before it begins."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from training.launching.finding import SEVERITIES, Finding
from training.launching.label_checks import check_labels
from training.launching.machine_checks import Surroundings, check_machine
from training.launching.plan import Plan
from training.launching.split_checks import check_files, check_settings, check_splits
from training.launching.starting import active

__all__ = ["preflight"]


def preflight(
    plan: Plan,
    around: Surroundings,
    *,
    look_alikes: Sequence[Collection[bytes]] | None = None,
    runs: Path | None = None,
) -> list[Finding]:
    """Whatever will go wrong or is worth knowing, the worst first. Nothing is written, no picture is opened.

    Args:
        plan: what would be trained (``make_plan``).
        around: on what (``look_around``).
        look_alikes: groups of contents that show one picture (``known_look_alikes``); None if nobody has looked.
        runs: the folder of runs, to say what is being trained already; None to leave that out.
    """
    found = list(_all(plan, around, look_alikes, runs))
    return sorted(found, key=lambda one: SEVERITIES.index(one.severity))


def _all(
    plan: Plan, around: Surroundings, look_alikes: Sequence[Collection[bytes]] | None, runs: Path | None
) -> Iterator[Finding]:
    yield from check_machine(plan, around)
    yield from check_labels(plan)
    yield from check_splits(plan, look_alikes)
    yield from check_settings(plan)
    yield from check_files(plan)
    for run in active(runs) if runs is not None else ():
        yield Finding(
            "warning",
            "busy",
            f"The training {run.id} runs already, and two at once take each other's time.",
            "Wait for it, pause it or stop it.",
        )
