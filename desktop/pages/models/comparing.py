"""What the view knows that compares models on labelled pictures. No Qt; what takes long is for a background thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.actions.facts import file_size
from desktop.actions.labelled import ChosenDataset
from desktop.observable import Event
from models.progress import Progress

if TYPE_CHECKING:  # NumPy and ONNX Runtime come with them
    from desktop.actions.compare import Comparison, Disagreement, Standing, Step
    from desktop.actions.models import Installed

__all__ = ["COLUMNS", "Comparing", "Place", "progress_of"]

COLUMNS = (
    ("Right", "Share of the pictures whose first answer is right"),
    ("Surely", "Between these shares it lies for pictures of this sort, in 95 of 100 such comparisons"),
    ("Macro F1", "Mean over the categories, each counting the same: 1 is all right and nothing confused"),
    ("Each takes", "Milliseconds from the file to the answer, one picture at a time, on one core"),
    ("Memory", "The most that it needs while it answers"),
    ("Size", "Of its files"),
)
"""Titles of the figures, and what they mean."""

_NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Place:
    """How one model did, in words: its name, a note, a figure for each of ``COLUMNS``, and whether it is the best."""

    name: str
    note: str
    figures: tuple[str, ...]
    best: bool


class Comparing:
    """The models there are, those that are compared, and what came of it.

    Attributes:
        changed: fires whenever something that is shown has changed.
        models: that answer with one of several categories, so that they can be right or wrong.
        ticked: folders of those that are compared; None for the starter model.
        on: the labelled folder, table or dataset; None before it is chosen.
        found: what came of it; None before.
        only_wrong: whether only disagreements are shown in which the best model is wrong.
    """

    def __init__(self) -> None:
        self.changed: Event[None] = Event()
        self.models: tuple[Installed, ...] = ()
        self.ticked: tuple[Path | None, ...] = ()
        self.on: Path | ChosenDataset | None = None
        self.found: Comparison | None = None
        self.only_wrong = False

    # -- for a background thread --------------------------------------------------------------------------------------

    @staticmethod
    def look() -> list[Installed]:
        """The models that can be compared.

        Raises:
            WorkspaceError: their folder can't be read.
        """
        from desktop.actions.models import list_models

        return [one for one in list_models() if any(head.kind == "categories" for head in one.card.questions)]

    @staticmethod
    def run(
        models: Sequence[Path | None],
        on: Path | ChosenDataset,
        cancel: threading.Event,
        on_progress: Callable[[Progress], None],
    ) -> Comparison:
        """Compare ``models`` on the labelled pictures at ``on``.

        Raises:
            LabelError: the pictures and labels can't be read.
            DatasetError: the dataset is gone.
            ModelError: a model can't be run, or answers something else.
            Cancelled: ``cancel`` was set.
        """
        from desktop.actions.compare import compare_models

        return compare_models(models, on, cancel=cancel, on_progress=lambda step: on_progress(progress_of(step)))

    @staticmethod
    def save(found: Comparison, path: Path) -> None:
        """Write the ranking as CSV.

        Raises:
            WorkspaceError: it can't be written.
        """
        from desktop.actions.compare import write_csv

        write_csv(found, path)

    # -- for the thread of the view -----------------------------------------------------------------------------------

    def begin(self, folders: Sequence[Path | None]) -> None:
        """Compare these to begin with; what came of others is gone."""
        self.ticked, self.found = tuple(folders), None
        self.changed.fire(None)

    def take_models(self, models: Sequence[Installed]) -> None:
        """These can be compared; one that can't be is ticked no longer."""
        self.models = tuple(models)
        there = {one.folder for one in self.models}
        self.ticked = tuple(one for one in self.ticked if one in there)
        self.changed.fire(None)

    def tick(self, places: Sequence[int]) -> None:
        """Compare the models at these places of ``models``."""
        self.ticked = tuple(self.models[place].folder for place in places)
        self.changed.fire(None)

    def choose(self, on: Path | ChosenDataset) -> None:
        """Compare them on what lies at ``on``."""
        self.on = on
        self.changed.fire(None)

    def take(self, found: Comparison) -> None:
        """They have been compared."""
        self.found, self.only_wrong = found, False
        self.changed.fire(None)

    def show_only_wrong(self, only: bool) -> None:
        """Show all disagreements, or only those in which the best model is wrong."""
        self.only_wrong = only
        self.changed.fire(None)

    @property
    def problem(self) -> str:
        """What is still missing, in a short sentence; "" when they can be compared."""
        if len(self.ticked) < 2:
            return "Tick two models or more."
        return "" if self.on is not None else "Choose labelled pictures."

    @property
    def disagreements(self) -> tuple[Disagreement, ...]:
        """The pictures about which the models say different things, as many as are to be shown."""
        if self.found is None:
            return ()
        return tuple(one for one in self.found.disagreements if not self.only_wrong or best_is_wrong(one))

    @property
    def counts(self) -> tuple[int, int]:
        """How many disagreements there are, and in how many of them the best model is wrong."""
        all_of_them = self.found.disagreements if self.found is not None else ()
        return len(all_of_them), sum(map(best_is_wrong, all_of_them))

    def places(self) -> list[Place]:
        """The ranking, the best model first."""
        found = self.found
        if found is None:
            return []
        return [_place(one, best=place == 0) for place, one in enumerate(found.standings)]

    def notes(self) -> list[str]:
        """What there is to say of the ranking: whether it may be chance, and what it leaves out."""
        found = self.found
        if found is None:
            return []
        notes = [found.note]
        if found.left_out:
            notes.append(f"{found.left_out:,} of the pictures can't be read and were left out.")
        return (
            notes
            + list(found.problems[:3])
            + [f"{one.name} was not timed: {one.problem}" for one in found.standings if one.problem]
        )


def best_is_wrong(one: Disagreement) -> bool:
    """Whether the best model's answer is not the picture's label."""
    return one.answers[0].category.casefold() != one.label.casefold()


def progress_of(step: Step) -> Progress:
    """How far a piece of work is, for the job bar."""
    return Progress(round(step.done), None if step.total is None else round(step.total), 0, 0.0, None)


def _place(one: Standing, *, best: bool) -> Place:
    low, high = one.interval
    cost = one.cost
    figures = (
        f"{one.accuracy * 100:.1f} %",
        f"{low * 100:.0f}–{high * 100:.0f} %",
        f"{one.macro_f1:.2f}",
        _NOTHING if cost is None else f"{cost.p50:.1f} ms",
        _NOTHING if cost is None else file_size(cost.memory),
        file_size(one.size),
    )
    notes = ["Best performer"] if best else []
    if one.missing:
        names = ", ".join(one.missing[:3]) + ("…" if len(one.missing) > 3 else "")
        notes.append(f"does not know {names}: {one.missing_pictures:,} pictures count as wrong")
    if one.taught:
        notes.append(f"was told about {one.taught:,} of these pictures")
    words = " · ".join(notes)
    return Place(one.name, words[:1].upper() + words[1:], figures, best)
