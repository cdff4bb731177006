"""Other pictures' labels for this one, and this one's for others, as one step each."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from desktop.pages.dataset.tab import Around

if TYPE_CHECKING:  # NumPy comes with them
    from training.datasets.quality.facts import Facts
    from training.datasets.store import DatasetStore
    from training.labelling.spreading import Plan

__all__ = ["copy_label"]

_Made = tuple["Plan | None", "int | None"]


def copy_label(
    around: Around,
    what: str,
    head: str,
    current: int,
    before: int | None,
    facts: Facts | None,
    *,
    annotator: str,
) -> None:
    """Copy a label in the background, and say in the job bar what came of it.

    Args:
        around: what the page gives.
        what: from the "previous" picture, to near "duplicates", or to the rest of the "burst".
        head: the question.
        current: the item that is shown.
        before: the one before it; None for none.
        facts: what was gathered of all pictures; None before that.
        annotator: who says so.
    """
    dataset = around.state.selected
    if dataset is None:
        return
    plans: dict[str, Callable[[DatasetStore], Plan | None]] = {
        "previous": lambda store: _previous(store, dataset, head, before, current),
        "duplicates": lambda store: _duplicates(store, dataset, head, current, facts),
        "burst": lambda store: _burst(store, dataset, head, current),
    }

    def work(store: DatasetStore) -> _Made:
        from training.labelling.spreading import carry_out

        plan = plans[what](store)
        if plan is None or not plan.labels:
            return plan, None
        return plan, carry_out(store, dataset, plan, annotator=annotator).step

    def done(made: _Made) -> None:
        plan, step = made
        if plan is None:
            around.told("There is no picture before this one.", [])
        elif step is None:
            around.told(plan.words, [])
        else:
            notes = " ".join(dict.fromkeys(plan.notes.values()))
            around.told(f"{plan.action}. {notes}".strip(), [("Undo", around.acting.undo)])

    around.acting.act(work, done)


def _previous(store: DatasetStore, dataset: int, head: str, before: int | None, current: int) -> Plan | None:
    from training.labelling.spreading import copy_label as plan

    return plan(store, dataset, head, before, [current]) if before is not None else None


def _duplicates(store: DatasetStore, dataset: int, head: str, current: int, facts: Facts | None) -> Plan | None:
    from training.labelling.spreading import to_near_duplicates

    return to_near_duplicates(store, facts, dataset, head, current) if facts is not None else None


def _burst(store: DatasetStore, dataset: int, head: str, current: int) -> Plan:
    from training.labelling.spreading import to_burst

    return to_burst(store, dataset, head, current)
